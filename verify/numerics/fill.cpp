#include "verify/numerics/fill.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/convert.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

constexpr std::size_t chunk_elements = 64;

/// SplitMix64 (Steele, Lea, Flood 2014): a bijection that scatters consecutive states.
constexpr std::uint64_t scatter(std::uint64_t state) {
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
  return state ^ (state >> 31);
}
constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

/// Calls set(i, random) for every element; chunks know nothing of each other.
template <class Set>
void each_random(std::uint64_t seed, std::size_t index, std::size_t count, Set set) {
  const std::uint64_t tensor = scatter(scatter(seed + golden) + index * golden);
  for (std::size_t first = 0; first < count; first += chunk_elements) {
    std::uint64_t state = scatter(tensor + (first / chunk_elements + 1) * golden);
    const std::size_t last = std::min(first + chunk_elements, count);
    for (std::size_t i = first; i < last; ++i) set(i, scatter(state += golden));
  }
}

/// Largest sum of exactly representable integers, whatever their order: 2^24 for an f32
/// accumulator.
double exact_sum(Dtype accumulator) { return std::ldexp(1, significand_bits(accumulator)); }

}  // namespace

std::int64_t exact_range(const Case& c, std::int64_t terms) {
  // Integers of significand_bits(dtype) bits are exact; past 2^12 they would exercise nothing more
  // in a copy.
  const double representable = std::ldexp(1, std::min(significand_bits(c.dtype), 12));
  if (terms == 0) return std::int64_t(representable);
  // An f16 output is the rounded sum, which must not overflow.
  const double limit = c.output == Dtype::f16
                           ? std::min(exact_sum(c.accumulator), largest_finite(c.output))
                           : exact_sum(c.accumulator);
  // terms * range^2 <= limit
  return std::int64_t(std::min(representable, std::floor(std::sqrt(limit / double(terms)))));
}

void fill_real(std::uint64_t seed, std::size_t index, Dtype dtype, Values& values) {
  each_random(seed, index, values.size(), [&](std::size_t i, std::uint64_t random) {
    values[i] = std::ldexp(1, -52) * double(random >> 11) - 1;
  });
  round_to(dtype, values.data(), values.size());
}

void fill_exact(std::uint64_t seed, std::size_t index, std::int64_t range, Values& values) {
  const std::uint64_t choices = std::uint64_t(2 * range + 1);
  each_random(seed, index, values.size(), [&](std::size_t i, std::uint64_t random) {
    values[i] = double(std::int64_t(((random >> 32) * choices) >> 32) - range);
  });
}

std::vector<Values> filled(const Op& op, const Case& c, const std::vector<Tensor>& tensors) {
  const std::int64_t range = c.inputs == Inputs::exact ? exact_range(c, op.terms(c)) : 0;
  if (c.inputs == Inputs::exact && range == 0)
    throw NotRun("no exact inputs exist for sums of so many terms");
  std::vector<Values> all(tensors.size());
  for (std::size_t index = 0; index < tensors.size(); ++index) {
    const Tensor& tensor = tensors[index];
    if (tensor.role == Role::output) continue;
    Values& values = all[index];
    values.resize(std::size_t(tensor.elements()));
    if (op.fill != nullptr && op.fill(c, index, values)) {
      round_to(tensor.dtype, values.data(), values.size());
    } else if (c.inputs == Inputs::exact) {
      fill_exact(c.seed, index, range, values);
    } else {
      fill_real(c.seed, index, tensor.dtype, values);
    }
  }
  return all;
}

}  // namespace gpucheck
