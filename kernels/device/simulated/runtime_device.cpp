#include <cstring>
#include <map>

#include "kernels/device/simulated/device_memory.hpp"
#include "kernels/device/simulated/engine.hpp"
#include "kernels/device/simulated/function_attributes.hpp"
#include "kernels/device/simulated/runtime.hpp"

// Devices, versions and function attributes of the stand-in CUDA runtime.

namespace gpucheck::simt {
namespace {

constexpr std::size_t default_dynamic_bytes = 48 * 1024;
constexpr std::size_t most_dynamic_bytes = 227 * 1024;  // Compute capability 9.0.

thread_local int device = 0;

std::map<const void*, std::size_t>& dynamic_limits() {
  static std::map<const void*, std::size_t> limits;
  return limits;
}

}  // namespace

int current_device() { return device; }

std::size_t max_dynamic_shared(const void* kernel) {
  const auto found = dynamic_limits().find(kernel);
  return found == dynamic_limits().end() ? default_dynamic_bytes : found->second;
}

}  // namespace gpucheck::simt

using namespace gpucheck::simt;

cudaError_t cudaGetDeviceCount(int* count) {
  return call("cudaGetDeviceCount", [&] {
    *count = int(settings().simulation.gpus);
    return cudaSuccess;
  });
}

cudaError_t cudaSetDevice(int wanted) {
  return call("cudaSetDevice", [&] {
    if (wanted < 0 || wanted >= int(settings().simulation.gpus)) return cudaErrorInvalidDevice;
    device = wanted;
    return cudaSuccess;
  });
}

cudaError_t cudaGetDevice(int* current) {
  return call("cudaGetDevice", [&] {
    *current = device;
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceReset() {
  sticky_error() = cudaSuccess;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  return call("cudaDriverGetVersion", [&] {
    *version = CUDART_VERSION;
    return cudaSuccess;
  });
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  return call("cudaRuntimeGetVersion", [&] {
    *version = CUDART_VERSION;
    return cudaSuccess;
  });
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int wanted) {
  return call("cudaGetDeviceProperties", [&] {
    if (wanted < 0 || wanted >= int(settings().simulation.gpus)) return cudaErrorInvalidDevice;
    *properties = {};
    std::strcpy(properties->name, "Simulated GPU");
    std::memcpy(properties->uuid.bytes, "gpucheck-sim", 12);
    properties->uuid.bytes[15] = char(wanted);
    properties->major = 9;
    properties->minor = 0;
    properties->multiProcessorCount = int(settings().multiprocessors);
    properties->totalGlobalMem = device_memory_bytes;
    properties->sharedMemPerBlock = default_dynamic_bytes;
    properties->sharedMemPerBlockOptin = most_dynamic_bytes;
    properties->warpSize = 32;
    properties->maxThreadsPerBlock = 1024;
    properties->maxThreadsDim[0] = properties->maxThreadsDim[1] = 1024;
    properties->maxThreadsDim[2] = 64;
    properties->maxGridSize[0] = 0x7fffffff;
    properties->maxGridSize[1] = properties->maxGridSize[2] = 65535;
    properties->pciBusID = wanted + 1;
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int wanted) {
  return call("cudaDeviceGetAttribute", [&] {
    if (wanted < 0 || wanted >= int(settings().simulation.gpus)) return cudaErrorInvalidDevice;
    switch (attribute) {
      case cudaDevAttrComputeCapabilityMajor: *value = 9; return cudaSuccess;
      case cudaDevAttrComputeCapabilityMinor: *value = 0; return cudaSuccess;
      case cudaDevAttrMultiProcessorCount:
        *value = int(settings().multiprocessors);
        return cudaSuccess;
      case cudaDevAttrMaxThreadsPerBlock: *value = 1024; return cudaSuccess;
      case cudaDevAttrWarpSize: *value = 32; return cudaSuccess;
      case cudaDevAttrMaxSharedMemoryPerBlock:
        *value = int(default_dynamic_bytes);
        return cudaSuccess;
      case cudaDevAttrMaxSharedMemoryPerBlockOptin:
        *value = int(most_dynamic_bytes);
        return cudaSuccess;
      case cudaDevAttrComputeMode: *value = cudaComputeModeDefault; return cudaSuccess;
      default: return cudaErrorInvalidValue;  // Not simulated: better unknown than invented.
    }
  });
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int bytes, int wanted) {
  return call("cudaDeviceGetPCIBusId", [&] {
    if (bytes < 13) return cudaErrorInvalidValue;
    std::strcpy(text, "0000:01:00.0");
    text[6] = char('1' + wanted);
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceCanAccessPeer(int* can, int from, int to) {
  return call("cudaDeviceCanAccessPeer", [&] {
    *can = from != to;
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceEnablePeerAccess(int, unsigned) {
  return call("cudaDeviceEnablePeerAccess", [] { return cudaSuccess; });
}

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  return call("cudaFuncSetAttribute", [&] {
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (value < 0 || std::size_t(value) > most_dynamic_bytes) return cudaErrorInvalidValue;
    dynamic_limits()[kernel] = std::size_t(value);
    return cudaSuccess;
  });
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel) {
  return call("cudaFuncGetAttributes", [&] {
    *attributes = {};
    attributes->maxThreadsPerBlock = 1024;
    attributes->maxDynamicSharedSizeBytes = int(max_dynamic_shared(kernel));
    attributes->binaryVersion = 90;
    attributes->ptxVersion = 90;
    return cudaSuccess;
  });
}
