#include <cstddef>

#include "answer.hpp"

// libcudnn.so.9 as far as the doctor goes.
extern "C" {

std::size_t cudnnGetVersion() {
  return static_cast<std::size_t>(answer("FAKE_CUDNN_VERSION", 91900));
}
int cudnnGraphVersionCheck() { return answer("FAKE_CUDNN_GRAPH", 0); }
int cudnnOpsVersionCheck() { return answer("FAKE_CUDNN_OPS", 0); }
int cudnnCnnVersionCheck() { return answer("FAKE_CUDNN_CNN", 0); }
int cudnnAdvVersionCheck() { return answer("FAKE_CUDNN_ADV", 0); }
int cudnnCreate(void** handle) {
  *handle = nullptr;
  return answer("FAKE_CUDNN_CREATE", 0);
}
}
