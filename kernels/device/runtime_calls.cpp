#include "kernels/device/runtime_calls.hpp"

#include "kernels/device/build.hpp"
#include "kernels/device/gpu_runtime_calls.hpp"

namespace gpucheck {

const RuntimeCalls* runtime_calls() {
  if constexpr (has_device_code) {
    return &gpu_runtime_calls();
  } else {
    return nullptr;
  }
}

}  // namespace gpucheck
