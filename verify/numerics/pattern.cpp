#include "verify/numerics/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace gpucheck {
namespace {

constexpr std::int64_t warp_lanes = 32;

}  // namespace

std::vector<std::int64_t> multi_index(const Tensor& tensor, std::int64_t flat) {
  std::vector<std::int64_t> index(tensor.dims.size());
  for (std::size_t d = tensor.dims.size(); d-- > 0;) {
    index[d] = flat % tensor.dims[d];
    flat /= tensor.dims[d];
  }
  return index;
}

Pattern::Pattern(const Tensor& tensor)
    : tensor_(&tensor),
      columns_(tensor.dims.empty() ? 1 : std::max<std::int64_t>(tensor.dims.back(), 1)),
      rows_(tensor.elements() / columns_),
      poison_(~std::uint64_t{0} >> (64 - 8 * bytes(tensor.dtype))) {}

void Pattern::add(std::int64_t flat, std::uint64_t expected_bits, std::uint64_t got_bits) {
  const std::int64_t row = flat / columns_, column = flat % columns_;
  if (wrong_ == 0) {
    first_ = flat;
    first_row_ = last_row_ = row;
    first_column_ = last_column_ = column;
  }
  ++wrong_;
  if (got_bits == poison_) ++unwritten_;
  last_ = flat;
  last_row_ = row;  // Elements come in order.
  first_column_ = std::min(first_column_, column);
  last_column_ = std::max(last_column_, column);
  every_difference_ &= expected_bits ^ got_bits;
  any_difference_ |= expected_bits ^ got_bits;
  one_lane_ = one_lane_ && flat % warp_lanes == first_ % warp_lanes;
}

std::string Pattern::shared_bit() const {
  if (every_difference_ != any_difference_ || !std::has_single_bit(any_difference_)) return "";
  return fmt::format("bit {}", std::countr_zero(any_difference_));
}

std::string Pattern::place() const {
  if (wrong_ == 1)
    return fmt::format("one element ({})", fmt::join(multi_index(*tensor_, first_), ", "));
  if (wrong_ == rows_ * columns_) return "every element";
  if (rows_ > 1 && first_row_ == last_row_) return fmt::format("row {}", first_row_);
  if (columns_ > 1 && first_column_ == last_column_) return fmt::format("column {}", first_column_);
  for (const std::int64_t edge : {8, 16, 32, 64, 128}) {
    const std::int64_t row = first_row_ / edge, column = first_column_ / edge;
    const bool inside = last_row_ / edge == row && last_column_ / edge == column;
    if (inside && (rows_ > edge || columns_ > edge))
      return fmt::format("tile {0}x{0} at ({1}, {2})", edge, row * edge, column * edge);
  }
  if (one_lane_)
    return fmt::format("lane {} of every {} elements", first_ % warp_lanes, warp_lanes);
  if (last_ - first_ + 1 == wrong_) return fmt::format("elements {} to {}", first_, last_);
  return "scattered";
}

std::string Pattern::text() const {
  if (wrong_ == 0) return "";
  if (unwritten_ == wrong_) return "unwritten, " + place();
  const std::string bit = shared_bit();
  return bit.empty() ? place() : bit + ", " + place();
}

}  // namespace gpucheck
