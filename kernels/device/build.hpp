#pragma once

#include <cstddef>

#include "gpucheck/snapshot.hpp"

#ifndef GPUCHECK_DEVICE_CODE
#define GPUCHECK_DEVICE_CODE 0
#endif

namespace gpucheck {

/// Whether kernels and the CUDA runtime (real or stand-in) are part of this build.
inline constexpr bool has_device_code = GPUCHECK_DEVICE_CODE != 0;

/// The function itself in a build with device code, null in one without, so that a row reads the
/// same in both.
template <auto function>
constexpr auto device_only() -> decltype(function) {
  if constexpr (has_device_code) {
    return function;
  } else {
    return nullptr;
  }
}

/// CUDA version and architectures the kernels of this program were compiled for.
BuiltWith built_with();

/// Whether this is gpucheck-simulated.
bool is_simulated();

/// Place::forbid and permit for the memory of this program's GPUs.
void forbid_gpu_memory(void* begin, std::size_t bytes);
void permit_gpu_memory(void* begin, std::size_t bytes);

}  // namespace gpucheck
