#include <cuda_runtime_api.h>

#include "kernels/device/build.hpp"

namespace gpucheck {

BuiltWith built_with() {
  return {.cuda = CUDART_VERSION, .archs = {GPUCHECK_ARCHS}, .ptx = GPUCHECK_PTX};
}

bool is_simulated() { return false; }

void forbid_gpu_memory(void*, std::size_t) {}  // compute-sanitizer knows where an allocation ends.

void permit_gpu_memory(void*, std::size_t) {}

}  // namespace gpucheck
