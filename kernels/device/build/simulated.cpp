#include <cuda_runtime_api.h>

#include "kernels/device/build.hpp"
#include "kernels/device/simulated/device_memory.hpp"

namespace gpucheck {

BuiltWith built_with() { return {.cuda = CUDART_VERSION, .archs = {}, .ptx = 0}; }

bool is_simulated() { return true; }

void forbid_gpu_memory(void* begin, std::size_t bytes) { simt::forbid_device_memory(begin, bytes); }

void permit_gpu_memory(void* begin, std::size_t bytes) { simt::permit_device_memory(begin, bytes); }

}  // namespace gpucheck
