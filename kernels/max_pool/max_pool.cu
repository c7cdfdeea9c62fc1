#include "kernels/max_pool/max_pool.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

struct Position {
  std::int64_t image, channel, row, column;
};

/// Position of the element at an offset, in either layout: neighbours in memory go to neighbouring
/// threads.
__device__ Position position(const Planes& planes, std::int64_t offset) {
  return {offset / planes.per_image, offset / planes.per_channel % planes.channels,
          offset / planes.per_row % planes.height, offset / planes.per_column % planes.width};
}

/// Offset of (row, column) in the plane of `at`.
__device__ std::int64_t offset(const Planes& planes, const Position& at, std::int64_t row,
                               std::int64_t column) {
  return at.image * planes.per_image + at.channel * planes.per_channel + row * planes.per_row +
         column * planes.per_column;
}

__device__ std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }
__device__ std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

template <class T, class Sum>
__global__ void maximum_of_windows(const T* x, T* y, std::int64_t count, PoolShape s) {
  for (std::int64_t i = first_item(); i < count; i += items_apart()) {
    const Position at = position(s.y, i);
    const std::int64_t top = at.row * s.stride - s.pad, left = at.column * s.stride - s.pad;
    const std::int64_t bottom = smaller(top + s.window, s.x.height);
    const std::int64_t right = smaller(left + s.window, s.x.width);
    T best = x[offset(s.x, at, larger(top, 0), larger(left, 0))];
    for (std::int64_t row = larger(top, 0); row < bottom; ++row)
      for (std::int64_t column = larger(left, 0); column < right; ++column) {
        const T value = x[offset(s.x, at, row, column)];
        if (Sum(value) > Sum(best) || Sum(value) != Sum(value)) best = value;
      }
    y[i] = best;
  }
}

/// Whether x at (row, column) is the first in the window at (top, left) to equal its maximum; NaN
/// equals NaN.
template <class T, class Sum>
__device__ bool is_first(const T* x, Sum maximum, const PoolShape& s, const Position& at,
                         std::int64_t top, std::int64_t left) {
  const auto wins = [&](std::int64_t row, std::int64_t column) {
    const Sum value = Sum(x[offset(s.x, at, row, column)]);
    return value == maximum || (value != value && maximum != maximum);
  };
  if (!wins(at.row, at.column)) return false;
  const std::int64_t right = smaller(left + s.window, s.x.width);
  for (std::int64_t row = larger(top, 0); row <= at.row; ++row) {
    const std::int64_t end = row < at.row ? right : at.column;
    for (std::int64_t column = larger(left, 0); column < end; ++column)
      if (wins(row, column)) return false;
  }
  return true;
}

// Each element collects from the windows that cover it, so that nothing is added atomically.
template <class T, class Sum>
__global__ void gradient_of_elements(const T* x, const T* y, const T* dy, T* dx, std::int64_t count,
                                     PoolShape s) {
  for (std::int64_t i = first_item(); i < count; i += items_apart()) {
    const Position at = position(s.x, i);
    // The first window that reaches as far as the element; before -1 / stride rounds to 0, it is
    // none.
    const std::int64_t first_row = larger(at.row + s.pad - s.window + s.stride, 0) / s.stride;
    const std::int64_t first_column = larger(at.column + s.pad - s.window + s.stride, 0) / s.stride;
    Sum sum = 0;
    for (std::int64_t out_row = first_row;
         out_row <= smaller((at.row + s.pad) / s.stride, s.y.height - 1); ++out_row)
      for (std::int64_t out_column = first_column;
           out_column <= smaller((at.column + s.pad) / s.stride, s.y.width - 1); ++out_column) {
        const std::int64_t out = offset(s.y, at, out_row, out_column);
        if (is_first(x, Sum(y[out]), s, at, out_row * s.stride - s.pad,
                     out_column * s.stride - s.pad))
          sum += Sum(dy[out]);
      }
    dx[i] = T(sum);
  }
}

}  // namespace

int max_pool_plain(Dtype dtype, const void* x, void* y, const PoolShape& shape,
                   CUstream_st* stream) {
  const std::int64_t count = shape.y.elements();
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(maximum_of_windows<T, decltype(sum)>, blocks_for(count), dim3(block_threads),
                      0, stream, static_cast<const T*>(x), static_cast<T*>(y), count, shape));
  });
}

int max_pool_grad_plain(Dtype dtype, const void* x, const void* y, const void* dy, void* dx,
                        const PoolShape& shape, CUstream_st* stream) {
  const std::int64_t count = shape.x.elements();
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(gradient_of_elements<T, decltype(sum)>, blocks_for(count),
                      dim3(block_threads), 0, stream, static_cast<const T*>(x),
                      static_cast<const T*>(y), static_cast<const T*>(dy), static_cast<T*>(dx),
                      count, shape));
  });
}

}  // namespace gpucheck
