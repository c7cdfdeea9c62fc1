#include "verify/numerics/compare.hpp"

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/convert.hpp"
#include "verify/numerics/pattern.hpp"

namespace gpucheck {
namespace {

constexpr std::size_t kept_mismatches = 10;
constexpr std::size_t block_elements = 2048;

/// Error over allowance: 1.0 is the limit. NaN and infinity must match in kind; -0 equals +0.
double error_multiple(double got, double value, double rounded_value, double allowance) {
  constexpr double far = std::numeric_limits<double>::infinity();
  if (std::isnan(rounded_value)) return std::isnan(got) ? 0 : far;
  if (std::isinf(rounded_value) || allowance == 0) return got == rounded_value ? 0 : far;
  return std::isnan(got) ? far : std::abs(got - value) / allowance;
}

/// How many elements could have shown an error, by what they should be.
class Informative {
 public:
  explicit Informative(Dtype dtype)
      : normal_(smallest_normal(dtype)), largest_(largest_finite(dtype)) {}

  void add(double rounded_value, double allowance) {
    const double size = std::abs(rounded_value);
    ++all_;
    if (!std::isfinite(size)) {
      ++infinite_;
    } else if (size == 0) {
      ++zero_;
    } else if (size < normal_) {
      ++denormal_;
    } else if (size >= largest_) {
      ++saturated_;
    } else if (size <= allowance) {
      ++vague_;
    }
  }

  // Zeros are right in a ReLU or in a pooling gradient (an 8x8 window leaves one in 64), so they
  // only must not be all there is; a short output may be zero by chance. What is infinite,
  // denormal, saturated, or so near zero that zero passes too, hides errors.
  std::string untrusted() const {
    if (all_ == 0) return "the output has no elements";
    const std::int64_t hidden = infinite_ + denormal_ + saturated_ + vague_;
    if (2 * hidden > all_) {
      const std::pair<std::int64_t, const char*> kinds[] = {
          {infinite_, "infinite or NaN"},
          {denormal_, "denormal"},
          {saturated_, "saturated"},
          {vague_, "smaller than their allowance"}};
      const auto* most = std::max_element(std::begin(kinds), std::end(kinds));
      return fmt::format("{} of {} reference values are {}", most->first, all_, most->second);
    }
    constexpr std::int64_t by_chance = 16;
    if (all_ >= by_chance && 64 * (all_ - hidden - zero_) < all_)
      return fmt::format("{} of {} reference values are zero", zero_, all_);
    return "";
  }

 private:
  double normal_, largest_;
  std::int64_t all_ = 0, zero_ = 0, infinite_ = 0, denormal_ = 0, saturated_ = 0, vague_ = 0;
};

}  // namespace

std::string hash_text(const void* data, std::size_t bytes) {
  return fmt::format("{:016x}", XXH64(data, bytes, 0));
}

Compared compare(const Claim& claim, const void* got) {
  const Dtype dtype = claim.tensor.dtype;
  const Values& values = claim.expected.values;
  const Values& magnitudes = claim.expected.magnitudes;
  const auto* elements = static_cast<const unsigned char*>(got);
  Compared result;
  Comparison& numbers = result.numbers;
  Pattern pattern(claim.tensor);
  Informative informative(dtype);
  std::array<double, block_elements> seen, rounded_values;
  for (std::size_t first = 0; first < values.size(); first += block_elements) {
    const std::size_t count = std::min(block_elements, values.size() - first);
    to_f64(dtype, elements + first * bytes(dtype), count, seen.data());
    std::copy_n(values.begin() + std::ptrdiff_t(first), count, rounded_values.begin());
    round_to(dtype, rounded_values.data(), count);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = first + k;
      const double allowance =
          claim.bound.allowance(values[i], magnitudes.empty() ? 0 : magnitudes[i]);
      informative.add(rounded_values[k], allowance);
      const double multiple = error_multiple(seen[k], values[i], rounded_values[k], allowance);
      numbers.worst = std::max(numbers.worst, multiple);
      if (multiple <= 1) continue;  // A NaN would not pass here.
      ++numbers.wrong;
      const std::uint64_t expected_bits = value_bits(dtype, rounded_values[k]);
      const std::uint64_t got_bits = element_bits(dtype, got, i);
      pattern.add(std::int64_t(i), expected_bits, got_bits);
      if (numbers.mismatches.size() < kept_mismatches)
        numbers.mismatches.push_back({multi_index(claim.tensor, std::int64_t(i)), rounded_values[k],
                                      seen[k], expected_bits, got_bits});
    }
  }
  numbers.checked = values.size();
  numbers.pattern = pattern.text();
  numbers.hash = hash_text(got, values.size() * bytes(dtype));
  result.untrusted = informative.untrusted();
  return result;
}

void merge(Compared& into, const Compared& part, std::string_view tensor) {
  Comparison& sum = into.numbers;
  const Comparison& more = part.numbers;
  const auto named = [&](const std::string& text) {
    return text.empty() ? text : fmt::format("{}: {}", tensor, text);
  };
  const auto append = [](std::string& list, const std::string& text) {
    if (!text.empty()) list += list.empty() ? text : "; " + text;
  };
  sum.checked += more.checked;
  sum.wrong += more.wrong;
  sum.worst = std::max(sum.worst, more.worst);
  for (const Mismatch& mismatch : more.mismatches)
    if (sum.mismatches.size() < kept_mismatches) sum.mismatches.push_back(mismatch);
  append(sum.pattern, named(more.pattern));
  // One tensor's hash is that of its bytes, several tensors' that of their hashes.
  const std::string both = sum.hash + more.hash;
  sum.hash = sum.hash.empty() ? more.hash : hash_text(both.data(), both.size());
  append(into.untrusted, named(part.untrusted));
}

}  // namespace gpucheck
