#pragma once

#include <cstddef>
#include <cstdint>

namespace gpucheck::simt {

/// How the warps of a grid used memory, counted where kernels have race hooks: accesses of one warp
/// by one instruction are one request.
struct Patterns {
  std::uint64_t global_requests = 0;
  std::uint64_t global_sectors =
      0;  ///< 32-byte sectors touched; 4 for each request of 32 adjacent f32.
  std::uint64_t shared_requests = 0;
  std::uint64_t shared_conflicts =
      0;  ///< Further passes that a bank with several words asked of it costs.
};

/// Counts from here on, or not; it is slow. Starts from zero.
void count_patterns(bool on);

/// Of all grids since then.
const Patterns& patterns();

/// One access of the running thread.
void count_access(const void* address, std::size_t bytes, const void* instruction);

/// At the end of each block: adds its requests up.
void close_patterns();

}  // namespace gpucheck::simt
