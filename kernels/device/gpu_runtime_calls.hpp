#pragma once

#include "kernels/device/runtime_calls.hpp"

namespace gpucheck {

/// The functions behind runtime_calls(), in a build with device code.
const RuntimeCalls& gpu_runtime_calls();

}  // namespace gpucheck
