#pragma once

// C++17: included by kernel files. One-dimensional grids and blocks; blocks are whole warps.

#include <cstdint>

#include "kernels/device/launch.hpp"

namespace gpucheck {

constexpr unsigned block_threads = 256;

/// More blocks than this keep no GPU busier (a B200 runs 148 SMs x 8 of them at once).
constexpr unsigned most_blocks = 4096;

/// Blocks that give each of `items` a thread, up to most_blocks: threads stride over the rest.
inline dim3 blocks_for(std::int64_t items, std::int64_t items_per_block = block_threads) {
  const std::int64_t blocks = (items + items_per_block - 1) / items_per_block;
  return dim3(unsigned(blocks < most_blocks ? blocks : most_blocks));
}

/// First item of this thread; the next is items_apart() further.
inline __device__ std::int64_t first_item() {
  return std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
}

inline __device__ std::int64_t items_apart() { return std::int64_t{gridDim.x} * blockDim.x; }

/// `combine` over the values of all threads of the block, in an order that depends on nothing but
/// the block's size; every thread calls it and gets the result.
template <class T, class Combine>
__device__ T block_combine(T value, Combine combine) {
  SHARED_ARRAY(T, of_warp, [32]);
  for (unsigned apart = 16; apart > 0; apart /= 2)
    value = combine(value, __shfl_xor_sync(0xffffffffu, value, int(apart)));
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = value;
  __syncthreads();
  T all = of_warp[0];
  for (unsigned warp = 1; warp < blockDim.x / 32; ++warp) all = combine(all, of_warp[warp]);
  __syncthreads();  // The next call writes what slower threads still read.
  return all;
}

struct Add {
  template <class T>
  __device__ T operator()(T a, T b) const {
    return a + b;
  }
};

/// Ignores a NaN unless both are, as fmax does.
struct Max {
  template <class T>
  __device__ T operator()(T a, T b) const {
    return a < b || a != a ? b : a;
  }
};

}  // namespace gpucheck
