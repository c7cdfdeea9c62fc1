#pragma once

#include <cstdint>

struct CUstream_st;

namespace gpucheck {

/// What the probe kernel writes at an index.
constexpr std::uint32_t probe_value(std::uint32_t index) { return index * 2654435761u + 1u; }

/// Launches the doctor's probe kernel; a cudaError_t.
int probe_launch(std::uint32_t* out, std::uint32_t count, CUstream_st* stream);

/// Compute capability the loaded code of that kernel was compiled for, major * 10 + minor; a
/// cudaError_t.
int probe_binary_version(int* version);

}  // namespace gpucheck
