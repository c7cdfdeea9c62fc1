#include <algorithm>
#include <cmath>

#include "kernels/max_pool/window.hpp"

namespace gpucheck {
namespace {

// Padding holds nothing: it never wins, not even over negative values. The first NaN of a window
// wins.
void scan_window(const PoolShape& s, const Values& x, std::int64_t plane, std::int64_t top,
                 std::int64_t left, double& best, std::size_t& first) {
  const auto at = [&](std::int64_t row, std::int64_t column) {
    return std::size_t(plane + row * s.x.per_row + column * s.x.per_column);
  };
  const std::int64_t from_row = std::max(top, std::int64_t{0}),
                     to_row = std::min(top + s.window, s.x.height);
  const std::int64_t from_column = std::max(left, std::int64_t{0}),
                     to_column = std::min(left + s.window, s.x.width);
  first = at(from_row, from_column);
  best = x[first];
  for (std::int64_t row = from_row; row < to_row; ++row)
    for (std::int64_t column = from_column; column < to_column; ++column) {
      const std::size_t i = at(row, column);
      if (x[i] > best || (std::isnan(x[i]) && !std::isnan(best))) best = x[i], first = i;
    }
}

}  // namespace

Pooled max_pool(const PoolShape& s, const Values& x) {
  const std::size_t count = std::size_t(s.y.elements());
  Pooled result{.y = Values(count), .first = std::vector<std::size_t>(count)};
  for (std::int64_t image = 0; image < s.y.images; ++image)
    for (std::int64_t channel = 0; channel < s.y.channels; ++channel)
      for (std::int64_t row = 0; row < s.y.height; ++row)
        for (std::int64_t column = 0; column < s.y.width; ++column) {
          const std::size_t out = std::size_t(image * s.y.per_image + channel * s.y.per_channel +
                                              row * s.y.per_row + column * s.y.per_column);
          scan_window(s, x, image * s.x.per_image + channel * s.x.per_channel,
                      row * s.stride - s.pad, column * s.stride - s.pad, result.y[out],
                      result.first[out]);
        }
  return result;
}

// Only copies and compares: no magnitudes.
std::vector<Expected> max_pool_reference(const Case& c, const std::vector<Values>& tensors) {
  return {{.values = max_pool(pool_shape(c), tensors[0]).y, .magnitudes = {}, .roundings = 0}};
}

// Where windows overlap, up to ceil(window / stride)^2 of them send their gradient to one element,
// added in any order (Rump, BIT 52, 2012); elsewhere it is a copy.
std::vector<Expected> max_pool_grad_reference(const Case& c, const std::vector<Values>& tensors) {
  const PoolShape s = pool_shape(c);
  const Values& x = tensors[0];
  const Values& dy = tensors[2];
  const auto overlaps_1d = (s.window + s.stride - 1) / s.stride;
  const auto overlaps = double(overlaps_1d * overlaps_1d);
  Expected dx{.values = Values(x.size()), .magnitudes = {}, .roundings = overlaps - 1};
  if (overlaps > 1) dx.magnitudes.resize(x.size());
  const Pooled pool = max_pool(s, x);
  for (std::size_t i = 0; i < dy.size(); ++i) {
    dx.values[pool.first[i]] += dy[i];
    if (overlaps > 1) dx.magnitudes[pool.first[i]] += std::abs(dy[i]);
  }
  return {dx};
}

}  // namespace gpucheck
