#include <cuda_runtime_api.h>

#include "kernels/device/build.hpp"

namespace gpucheck {

BuiltWith built_with() { return {.cuda = CUDART_VERSION, .archs = {}, .ptx = 0}; }

bool is_simulated() { return true; }

}  // namespace gpucheck
