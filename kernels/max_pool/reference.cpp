#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/max_pool/window.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

// Padding holds nothing: it never wins, not even over negative values.
void scan_window(const PoolShape& s, const Values& x, std::int64_t image, std::int64_t channel,
                 std::int64_t out_row, std::int64_t out_column, Pooled& result) {
  const std::int64_t top = out_row * s.stride - s.pad, left = out_column * s.stride - s.pad;
  double best = -std::numeric_limits<double>::infinity();
  std::size_t first =
      s.input(image, channel, std::max(top, std::int64_t{0}), std::max(left, std::int64_t{0}));
  for (std::int64_t row = std::max(top, std::int64_t{0}); row < std::min(top + s.window, s.h);
       ++row)
    for (std::int64_t column = std::max(left, std::int64_t{0});
         column < std::min(left + s.window, s.w); ++column) {
      const std::size_t i = s.input(image, channel, row, column);
      if (x[i] > best) best = x[i], first = i;
    }
  const std::size_t out = s.output(image, channel, out_row, out_column);
  result.y[out] = best;
  result.first[out] = first;
}

}  // namespace

Pooled max_pool(const PoolShape& s, const Values& x) {
  const std::size_t count = std::size_t(s.n * s.c * s.out_h * s.out_w);
  Pooled result{.y = Values(count), .first = std::vector<std::size_t>(count)};
  for (std::int64_t image = 0; image < s.n; ++image)
    for (std::int64_t channel = 0; channel < s.c; ++channel)
      for (std::int64_t row = 0; row < s.out_h; ++row)
        for (std::int64_t column = 0; column < s.out_w; ++column)
          scan_window(s, x, image, channel, row, column, result);
  return result;
}

// Only copies and compares: no magnitudes.
std::vector<Expected> max_pool_reference(const Case& c, const std::vector<Values>& tensors) {
  return {{.values = max_pool(PoolShape(c), tensors[0]).y, .magnitudes = {}, .roundings = 0}};
}

// Where windows overlap, up to ceil(window / stride)^2 of them send their gradient to one element,
// added in any order (Rump, BIT 52, 2012); elsewhere it is a copy.
std::vector<Expected> max_pool_grad_reference(const Case& c, const std::vector<Values>& tensors) {
  const PoolShape s(c);
  const Values& x = tensors[0];
  const Values& dy = tensors[2];
  const double overlaps = std::pow(double((s.window + s.stride - 1) / s.stride), 2);
  Expected dx{
      .values = Values(x.size()), .magnitudes = {}, .roundings = (overlaps - 1) * rounded_errors};
  if (overlaps > 1) dx.magnitudes.resize(x.size());
  const Pooled pool = max_pool(s, x);
  for (std::size_t i = 0; i < dy.size(); ++i) {
    dx.values[pool.first[i]] += dy[i];
    if (overlaps > 1) dx.magnitudes[pool.first[i]] += std::abs(dy[i]);
  }
  return {dx};
}

}  // namespace gpucheck
