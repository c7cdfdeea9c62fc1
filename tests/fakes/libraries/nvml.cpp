#include <cstdio>

#include "answer.hpp"
#include "kernels/device/nvml.hpp"

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
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  static unsigned numbers[] = {0, 1, 2, 3};
  *device = &numbers[index];
  return answer("FAKE_NVML_HANDLE", 0);
}
int nvmlDeviceGetName(void*, char* text, unsigned length) {
  std::snprintf(text, length, "Fake GPU");
  return 0;
}
int nvmlDeviceGetUUID(void* device, char* text, unsigned length) {
  std::snprintf(text, length, "GPU-00000000-0000-0000-0000-%012x", *static_cast<unsigned*>(device));
  return 0;
}
int nvmlDeviceGetPciInfo_v3(void* device, gpucheck::NvmlPci* pci) {
  std::snprintf(pci->bus_id, sizeof pci->bus_id, "00000000:%02X:00.0",
                8 + *static_cast<unsigned*>(device));
  return 0;
}
}
