#include <cstdio>

#include "answer.hpp"

// libnvidia-ml.so.1 with the calls a health check begins with.
extern "C" {

int nvmlInit_v2() { return answer("FAKE_NVML_INIT", 0); }
int nvmlSystemGetDriverVersion(char* text, unsigned length) {
  const char* version = std::getenv("FAKE_NVML_DRIVER");
  std::snprintf(text, length, "%s", version != nullptr ? version : "580.95.05");
  return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = static_cast<unsigned>(answer("FAKE_NVML_DEVICES", 1));
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned, void** device) {
  static int one;
  *device = &one;
  return answer("FAKE_NVML_HANDLE", 0);
}
int nvmlDeviceGetName(void*, char* text, unsigned length) {
  std::snprintf(text, length, "Fake GPU");
  return 0;
}
}
