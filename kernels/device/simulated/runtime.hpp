#pragma once

#include <cuda_runtime_api.h>

#include <functional>
#include <mutex>
#include <string_view>

#include "kernels/device/simulated/engine.hpp"

namespace gpucheck::simt {

// What the functions of the stand-in CUDA runtime share.

/// Held during every call.
std::recursive_mutex& runtime_mutex();

/// The error that ended the device for this process (CUDA calls it sticky), or cudaSuccess.
cudaError_t& sticky_error();

/// The code that GPUCHECK_TEST_RUNTIME wants this call to `function` to fail with, or cudaSuccess.
/// The variable reads "cudaMalloc:2@3,cudaDeviceSynchronize:700": the third cudaMalloc fails with
/// 2, every synchronisation with 700.
cudaError_t injected(std::string_view function);

/// Remembers a failure for cudaGetLastError.
cudaError_t remember(cudaError_t status);

/// One call of a runtime function: counted, failed on demand, its failure remembered.
template <class Body>
cudaError_t call(std::string_view function, Body body) {
  const std::lock_guard lock(runtime_mutex());
  if (!settings_error().empty()) return remember(cudaErrorInitializationError);
  if (const cudaError_t code = injected(function); code != cudaSuccess) return remember(code);
  if (sticky_error() != cudaSuccess) return remember(sticky_error());
  return remember(body());
}

int current_device();

}  // namespace gpucheck::simt
