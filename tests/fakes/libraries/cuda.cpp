#include <cstddef>
#include <cstdio>
#include <vector>

#include "answer.hpp"

// libcuda.so.1. Without a CUDA context behind it the runtime gets no further than cuInit.
namespace {

struct OnLoad {
  OnLoad() { answer("FAKE_CUDA_LOAD", 0); }
} on_load;

// The GPUs that CUDA_VISIBLE_DEVICES shows, by the number they have without it. As in the real one
// the list ends at its first invalid entry.
std::vector<int> shown() {
  const int all = answer("FAKE_CUDA_DEVICES", 1);
  const char* entry = std::getenv("CUDA_VISIBLE_DEVICES");
  std::vector<int> list;
  for (int i = 0; entry == nullptr && i < all; ++i) list.push_back(i);
  while (entry != nullptr) {
    char* end = nullptr;
    const long number = std::strtol(entry, &end, 10);
    if (end == entry || number < 0 || number >= all) break;
    list.push_back(static_cast<int>(number));
    entry = *end == ',' ? end + 1 : nullptr;
  }
  return list;
}

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
  *count = static_cast<int>(shown().size());
  return 0;
}
int cuDeviceGet(int* device, int ordinal) {
  *device = shown()[static_cast<std::size_t>(ordinal)];
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
int cuDeviceGetUuid_v2(char* bytes, int device) {
  for (int i = 0; i < 16; ++i) bytes[i] = static_cast<char>(i == 15 ? device : 0);
  return 0;
}
int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  *bytes = std::size_t{8} << 30;
  return 0;
}
}
