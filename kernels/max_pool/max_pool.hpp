#pragma once

// C++17: included by max_pool.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Extents of a dense tensor of images and channels, and the distance in memory of neighbours along
/// each.
struct Planes {
  std::int64_t images, channels, height, width;
  std::int64_t per_image, per_channel, per_row, per_column;

  std::int64_t elements() const { return images * channels * height * width; }
};

/// What is pooled: windows of window x window, `stride` apart, on x with `pad` empty rows and
/// columns around it.
struct PoolShape {
  std::int64_t window, stride, pad;
  Planes x, y;
};

/// y = maximum of each window, NaN where it holds one; padding never wins; returns a cudaError_t.
int max_pool_plain(Dtype dtype, const void* x, void* y, const PoolShape& shape,
                   CUstream_st* stream);

/// dx = sum, over the windows whose first maximum in row-major order is the element, of dy; formed
/// in f32 (f64 for f64) and always in the same order. y is max_pool(x). Returns a cudaError_t.
int max_pool_grad_plain(Dtype dtype, const void* x, const void* y, const void* dy, void* dx,
                        const PoolShape& shape, CUstream_st* stream);

}  // namespace gpucheck
