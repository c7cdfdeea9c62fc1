#include <cstddef>
#include <cstdio>

#include "answer.hpp"

// libcuda.so.1. Without a CUDA context behind it the runtime gets no further than cuInit.
namespace {

struct OnLoad {
  OnLoad() { answer("FAKE_CUDA_LOAD", 0); }
} on_load;

}  // namespace

extern "C" {

#ifndef WITHOUT_INIT
int cuInit(unsigned) {
  if (std::getenv("CUDA_VISIBLE_DEVICES") != nullptr) return answer("FAKE_CUDA_HIDDEN", 0);
  return answer("FAKE_CUDA_INIT", 0);
}
#endif
int cuDriverGetVersion(int* version) {
  *version = answer("FAKE_CUDA_VERSION", 13000);
  return 0;
}
int cuDeviceGetCount(int* count) {
  *count = answer("FAKE_CUDA_DEVICES", 1);
  return 0;
}
int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return 0;
}
int cuDeviceGetName(char* name, int length, int) {
  std::snprintf(name, static_cast<std::size_t>(length), "Fake GPU");
  return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int) {
  constexpr int multiprocessors = 16, major = 75, minor = 76;
  *value = attribute == major ? 9 : attribute == minor ? 0 : attribute == multiprocessors ? 132 : 0;
  return 0;
}
int cuDeviceGetPCIBusId(char* id, int length, int device) {
  std::snprintf(id, static_cast<std::size_t>(length), "0000:%02X:00.0", 8 + device);
  return 0;
}
int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  *bytes = std::size_t{8} << 30;
  return 0;
}
}
