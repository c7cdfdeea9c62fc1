#pragma once

#include "gpucheck/op.hpp"
#include "kernels/max_pool/max_pool.hpp"

namespace gpucheck {

/// Planes that lie densely in memory in that layout.
inline Planes planes(Layout layout, std::int64_t n, std::int64_t c, std::int64_t h,
                     std::int64_t w) {
  if (layout == Layout::nhwc) return {n, c, h, w, h * w * c, 1, w * c, c};
  return {n, c, h, w, c * h * w, h * w, w, 1};
}

/// The shape of a max_pool or max_pool_grad case; windows that do not fit into the padded input are
/// left out.
inline PoolShape pool_shape(const Case& c) {
  const std::int64_t window = c["window"], stride = c["stride"], pad = c["pad"];
  const auto pooled = [&](std::int64_t extent) { return (extent + 2 * pad - window) / stride + 1; };
  return {.window = window,
          .stride = stride,
          .pad = pad,
          .x = planes(c.layout, c["n"], c["c"], c["h"], c["w"]),
          .y = planes(c.layout, c["n"], c["c"], pooled(c["h"]), pooled(c["w"]))};
}

/// y of every window, and in `first` the offset in x of its first maximum in row-major order.
struct Pooled {
  Values y;
  std::vector<std::size_t> first;
};
Pooled max_pool(const PoolShape& shape, const Values& x);

}  // namespace gpucheck
