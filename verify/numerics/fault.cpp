#include "verify/numerics/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

#include "kernels/convert.hpp"

namespace gpucheck {
namespace {

using Bytes = std::vector<unsigned char>;
using Random = std::mt19937_64;

constexpr std::int64_t block_rows = 16;
constexpr std::int64_t block_columns = 32;
constexpr std::int64_t tile = 4;
constexpr int draws = 32;

/// A block of a tensor as a small tensor of its own, so that each planted fault costs microseconds.
struct Block {
  Tensor tensor;
  Expected expected;
  Bytes right;
  std::int64_t rows = 1, columns = 1;

  std::size_t element_bytes() const { return bytes(tensor.dtype); }
  unsigned char* at(Bytes& copy, std::int64_t row, std::int64_t column) const {
    return copy.data() + std::size_t(row * columns + column) * element_bytes();
  }
};

std::int64_t below(Random& random, std::int64_t limit) {
  return std::int64_t(random() % std::uint64_t(std::max<std::int64_t>(limit, 1)));
}

Block cut(const Claim& claim, const void* right, Random& random) {
  const std::int64_t all_columns =
      claim.tensor.dims.empty() ? 1 : std::max<std::int64_t>(claim.tensor.dims.back(), 1);
  const std::int64_t all_rows = claim.tensor.elements() / all_columns;
  Block block;
  block.rows = std::min(all_rows, block_rows);
  block.columns = std::min(all_columns, block_columns);
  block.tensor = claim.tensor;
  block.tensor.dims = {block.rows, block.columns};
  block.expected.roundings = claim.expected.roundings;
  const std::int64_t first_row = below(random, all_rows - block.rows + 1);
  const std::int64_t first_column = below(random, all_columns - block.columns + 1);
  const auto* elements = static_cast<const unsigned char*>(right);
  for (std::int64_t row = 0; row < block.rows; ++row) {
    const std::int64_t from = (first_row + row) * all_columns + first_column;
    const auto append = [&](const Values& values, Values& part) {
      if (!values.empty())
        part.insert(part.end(), values.begin() + from, values.begin() + from + block.columns);
    };
    append(claim.expected.values, block.expected.values);
    append(claim.expected.magnitudes, block.expected.magnitudes);
    const auto* first = elements + std::size_t(from) * block.element_bytes();
    block.right.insert(block.right.end(), first,
                       first + std::size_t(block.columns) * block.element_bytes());
  }
  return block;
}

void put(const Block& block, unsigned char* element, double value) {
  from_f64(block.tensor.dtype, &value, 1, element);
}

/// Calls change(row, column) for each element of a tile at a random place.
void each_of_tile(const Block& block, Random& random,
                  const std::function<void(std::int64_t, std::int64_t)>& change) {
  const std::int64_t row = below(random, block.rows), column = below(random, block.columns);
  for (std::int64_t r = row; r < std::min(row + tile, block.rows); ++r)
    for (std::int64_t c = column; c < std::min(column + tile, block.columns); ++c) change(r, c);
}

struct Fault {
  std::string name;
  std::function<void(const Block&, Random&, Bytes& copy)> plant;
};

Fault flipped_bit(int bit) {
  return {fmt::format("flipped bit {}", bit),
          [bit](const Block& block, Random& random, Bytes& copy) {
            unsigned char* element =
                block.at(copy, below(random, block.rows), below(random, block.columns));
            element[bit / 8] = static_cast<unsigned char>(element[bit / 8] ^ (1u << (bit % 8)));
          }};
}

Fault value_in_one_element(std::string name, double value) {
  return {std::move(name), [value](const Block& block, Random& random, Bytes& copy) {
            put(block, block.at(copy, below(random, block.rows), below(random, block.columns)),
                value);
          }};
}

Fault scaled(int exponent) {
  return {fmt::format("scale of 1 + 2^-{}", exponent),
          [exponent](const Block& block, Random&, Bytes& copy) {
            Values values(std::size_t(block.rows * block.columns));
            to_f64(block.tensor.dtype, copy.data(), values.size(), values.data());
            for (double& value : values) value *= 1 + std::ldexp(1, -exponent);
            from_f64(block.tensor.dtype, values.data(), values.size(), copy.data());
          }};
}

void zeroed_tile(const Block& block, Random& random, Bytes& copy) {
  each_of_tile(block, random,
               [&](auto row, auto column) { put(block, block.at(copy, row, column), 0); });
}

/// What stood elsewhere, as when a tile is not written and an earlier one shows through.
void stale_tile(const Block& block, Random& random, Bytes& copy) {
  Bytes before = block.right;
  const std::int64_t rows_on = 1 + below(random, block.rows - 1),
                     columns_on = below(random, block.columns);
  each_of_tile(block, random, [&](auto row, auto column) {
    const auto* old =
        block.at(before, (row + rows_on) % block.rows, (column + columns_on) % block.columns);
    std::memcpy(block.at(copy, row, column), old, block.element_bytes());
  });
}

void swapped_pair(const Block& block, Random& random, Bytes& copy) {
  auto* one = block.at(copy, below(random, block.rows), below(random, block.columns));
  auto* other = block.at(copy, below(random, block.rows), below(random, block.columns));
  std::swap_ranges(one, one + block.element_bytes(), other);
}

void transposed_block(const Block& block, Random&, Bytes& copy) {
  const std::int64_t edge = std::min(block.rows, block.columns);
  for (std::int64_t row = 0; row < edge; ++row)
    for (std::int64_t column = 0; column < row; ++column) {
      auto* below_diagonal = block.at(copy, row, column);
      std::swap_ranges(below_diagonal, below_diagonal + block.element_bytes(),
                       block.at(copy, column, row));
    }
}

void row_off_by_one(const Block& block, Random&, Bytes& copy) {
  const std::size_t row_bytes = std::size_t(block.columns) * block.element_bytes();
  std::rotate(copy.begin(), copy.begin() + std::ptrdiff_t(row_bytes), copy.end());
}

void unwritten_tail(const Block& block, Random& random, Bytes& copy) {
  const std::size_t elements = std::size_t(1 + below(random, block.columns));
  std::fill(copy.end() - std::ptrdiff_t(elements * block.element_bytes()), copy.end(), 0xff);
}

std::vector<Fault> faults(Dtype dtype) {
  std::vector<Fault> all;
  for (int bit = 0; bit < int(8 * bytes(dtype)); ++bit) all.push_back(flipped_bit(bit));
  all.push_back({"zeroed tile", zeroed_tile});
  all.push_back({"stale tile", stale_tile});
  all.push_back({"swapped pair", swapped_pair});
  all.push_back({"transposed block", transposed_block});
  all.push_back({"row off by one", row_off_by_one});
  all.push_back({"unwritten tail", unwritten_tail});
  if (dtype == Dtype::s32) return all;
  all.push_back(value_in_one_element("NaN", std::numeric_limits<double>::quiet_NaN()));
  all.push_back(value_in_one_element("infinity", std::numeric_limits<double>::infinity()));
  for (int exponent = 1; exponent < significand_bits(dtype); ++exponent)
    all.push_back(scaled(exponent));
  return all;
}

/// Whether the copy must be found wrong whatever the rounding of the right result: twice the
/// allowance away from it, or another kind of number.
bool must_be_found(const Block& block, const Bound& bound, const Bytes& copy) {
  const std::size_t count = block.expected.values.size();
  Values was(count), is(count);
  to_f64(block.tensor.dtype, block.right.data(), count, was.data());
  to_f64(block.tensor.dtype, copy.data(), count, is.data());
  for (std::size_t i = 0; i < count; ++i) {
    if (is[i] == was[i] || (std::isnan(is[i]) && std::isnan(was[i]))) continue;
    const double magnitude = block.expected.magnitudes.empty() ? 0 : block.expected.magnitudes[i];
    if (!(std::abs(is[i] - was[i]) <= 2 * bound.allowance(block.expected.values[i], magnitude)))
      return true;
  }
  return false;
}

}  // namespace

std::string SelfTest::text() const {
  return fmt::format("{} of {} planted faults caught", caught, planted);
}

void merge(SelfTest& into, const SelfTest& part) {
  into.planted += part.planted;
  into.caught += part.caught;
  into.missed.insert(into.missed.end(), part.missed.begin(), part.missed.end());
}

SelfTest self_test(const Claim& claim, const void* right, std::uint64_t seed, Comparer comparer) {
  SelfTest result;
  if (claim.tensor.elements() == 0) return result;
  Random random(seed);
  for (const Fault& fault : faults(claim.tensor.dtype)) {
    for (int draw = 0; draw < draws; ++draw) {
      const Block block = cut(claim, right, random);
      Bytes copy = block.right;
      fault.plant(block, random, copy);
      if (!must_be_found(block, claim.bound, copy)) continue;
      ++result.planted;
      if (comparer({block.tensor, block.expected, claim.bound}, copy.data()).numbers.wrong > 0) {
        ++result.caught;
      } else {
        result.missed.push_back(fmt::format("{}: {}", claim.tensor.name, fault.name));
      }
      break;
    }
  }
  return result;
}

}  // namespace gpucheck
