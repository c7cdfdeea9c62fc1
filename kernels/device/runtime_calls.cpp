#include "kernels/device/runtime_calls.hpp"

#include "kernels/device/build.hpp"
#include "kernels/device/gpu_runtime_calls.hpp"

namespace gpucheck {

const RuntimeCalls* runtime_calls() {
  constexpr auto calls = device_only<&gpu_runtime_calls>();
  if constexpr (calls != nullptr) {
    return &calls();
  } else {
    return nullptr;
  }
}

}  // namespace gpucheck
