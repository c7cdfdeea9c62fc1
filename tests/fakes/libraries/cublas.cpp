#include "answer.hpp"

// libcublas.so.13, enough to be found and asked its version.
extern "C" {

int cublasGetProperty(int type, int* value) {
  constexpr int version[] = {13, 1, 0};
  *value = version[type];
  return 0;
}
int cublasCreate_v2(void** handle) {
  *handle = nullptr;
  return answer("FAKE_CUBLAS_CREATE", 0);
}
}
