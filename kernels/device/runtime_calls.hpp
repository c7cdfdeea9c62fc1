#pragma once

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

/// What the doctor asks of the CUDA runtime, real or stand-in, as bare codes (cudaError_t): nothing
/// here throws.
struct RuntimeCalls {
  int (*driver_version)(int* version);  ///< 0 where there is no driver.
  int (*device_count)(int* count);
  /// Fills what the runtime knows about a device.
  int (*describe)(int index, Device& device);
  /// Allocates 1 MiB on the current device, copies it there and back; `equal`: what came back is
  /// what went.
  int (*round_trip)(int index, bool& equal);
  /// Runs one small kernel and checks what it wrote.
  int (*launch)(LaunchProbe& probe, bool& equal);
};

/// Null in a build without device code.
const RuntimeCalls* runtime_calls();

}  // namespace gpucheck
