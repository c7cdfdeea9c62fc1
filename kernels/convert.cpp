#include "kernels/convert.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace gpucheck {
namespace {

/// A 16-bit binary format: 1 sign bit, then exponent, then `fraction` bits.
struct Format {
  int fraction;
  int bias;
};
constexpr Format f16{10, 15};
constexpr Format bf16{7, 127};

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr int f64_fraction = 52;
constexpr int f64_bias = 1023;
constexpr std::uint64_t f64_infinity = std::uint64_t{0x7ff} << f64_fraction;

/// 2^exponent within the normal range.
constexpr double power_of_two(int exponent) {
  return std::bit_cast<double>(std::uint64_t(exponent + f64_bias) << f64_fraction);
}

// Selections instead of branches, so that the loops below become vector code.
template <Format format>
inline std::uint16_t narrow(double value) {
  constexpr int dropped = f64_fraction - format.fraction;
  constexpr std::uint64_t infinity = std::uint64_t(2 * format.bias + 1) << format.fraction;
  constexpr double smallest = power_of_two(1 - format.bias);
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t magnitude = bits & ~sign_bit;
  const std::uint64_t sign = (bits & sign_bit) >> 48;
  // Half of the last place is added, less one where the last place is even; a carry moves into the
  // exponent.
  const std::uint64_t half = (std::uint64_t{1} << (dropped - 1)) - 1 + ((magnitude >> dropped) & 1);
  const std::uint64_t normal =
      ((magnitude + half) >> dropped) - (std::uint64_t(f64_bias - format.bias) << format.fraction);
  // The sum's last place is the subnormal spacing, so the addition itself rounds to nearest even.
  constexpr double aligner = power_of_two(1 - format.bias - format.fraction + f64_fraction);
  const double absolute = std::bit_cast<double>(magnitude);
  const std::uint64_t subnormal =
      std::bit_cast<std::uint64_t>(absolute + aligner) - std::bit_cast<std::uint64_t>(aligner);
  std::uint64_t result = absolute < smallest ? subnormal : normal;
  result =
      magnitude >= std::bit_cast<std::uint64_t>(power_of_two(format.bias + 1)) || result > infinity
          ? infinity
          : result;
  const std::uint64_t payload =
      (magnitude >> dropped) & ((std::uint64_t{1} << format.fraction) - 1);
  const std::uint64_t nan = infinity | (std::uint64_t{1} << (format.fraction - 1)) | payload;
  result = magnitude > f64_infinity ? nan : result;
  return std::uint16_t(sign | result);
}

template <Format format>
inline double widen(std::uint16_t element) {
  constexpr int dropped = f64_fraction - format.fraction;
  const std::uint64_t magnitude = std::uint64_t(element & 0x7fff) << dropped;
  // As a float64 the exponent is too small by the difference of the biases; the product is exact,
  // subnormals too.
  const double finite = std::bit_cast<double>(magnitude) * power_of_two(f64_bias - format.bias);
  const std::uint64_t special = magnitude | f64_infinity;
  constexpr std::uint64_t infinity = std::uint64_t(2 * format.bias + 1) << format.fraction;
  const std::uint64_t bits =
      (element & 0x7fff) >= infinity ? special : std::bit_cast<std::uint64_t>(finite);
  return std::bit_cast<double>(bits | (std::uint64_t(element & 0x8000) << 48));
}

std::int32_t to_s32(double value) {
  if (!(value > double(std::numeric_limits<std::int32_t>::min())))
    return std::numeric_limits<std::int32_t>::min();
  if (value >= double(std::numeric_limits<std::int32_t>::max()))
    return std::numeric_limits<std::int32_t>::max();
  return std::int32_t(std::nearbyint(value));
}

template <class T, class Convert>
void each_to_f64(const void* elements, std::size_t count, double* values, Convert convert) {
  const T* from = static_cast<const T*>(elements);
  for (std::size_t i = 0; i < count; ++i) values[i] = convert(from[i]);
}

template <class T, class Convert>
void each_from_f64(const double* values, std::size_t count, void* elements, Convert convert) {
  T* to = static_cast<T*>(elements);
  for (std::size_t i = 0; i < count; ++i) to[i] = convert(values[i]);
}

}  // namespace

void to_f64(Dtype dtype, const void* elements, std::size_t count, double* values) {
  switch (dtype) {
    case Dtype::f64:
      return each_to_f64<double>(elements, count, values, [](double x) { return x; });
    case Dtype::f32:
      return each_to_f64<float>(elements, count, values, [](float x) { return double(x); });
    case Dtype::f16: return each_to_f64<std::uint16_t>(elements, count, values, widen<f16>);
    case Dtype::bf16: return each_to_f64<std::uint16_t>(elements, count, values, widen<bf16>);
    case Dtype::s32:
      return each_to_f64<std::int32_t>(elements, count, values,
                                       [](std::int32_t x) { return double(x); });
  }
}

void from_f64(Dtype dtype, const double* values, std::size_t count, void* elements) {
  switch (dtype) {
    case Dtype::f64:
      return each_from_f64<double>(values, count, elements, [](double x) { return x; });
    case Dtype::f32:
      return each_from_f64<float>(values, count, elements, [](double x) { return float(x); });
    case Dtype::f16: return each_from_f64<std::uint16_t>(values, count, elements, narrow<f16>);
    case Dtype::bf16: return each_from_f64<std::uint16_t>(values, count, elements, narrow<bf16>);
    case Dtype::s32: return each_from_f64<std::int32_t>(values, count, elements, to_s32);
  }
}

double rounded(Dtype dtype, double value) {
  round_to(dtype, &value, 1);
  return value;
}

void round_to(Dtype dtype, double* values, std::size_t count) {
  const auto each = [&](auto round) {
    for (std::size_t i = 0; i < count; ++i) values[i] = round(values[i]);
  };
  switch (dtype) {
    case Dtype::f64: return;
    case Dtype::f32: return each([](double x) { return double(float(x)); });
    case Dtype::f16: return each([](double x) { return widen<f16>(narrow<f16>(x)); });
    case Dtype::bf16: return each([](double x) { return widen<bf16>(narrow<bf16>(x)); });
    case Dtype::s32: return each([](double x) { return double(to_s32(x)); });
  }
}

std::uint64_t element_bits(Dtype dtype, const void* elements, std::size_t index) {
  const auto* bytes_of = static_cast<const unsigned char*>(elements) + index * bytes(dtype);
  const auto bits = [&](auto word) {
    std::memcpy(&word, bytes_of, sizeof word);
    return std::uint64_t{word};
  };
  switch (bytes(dtype)) {
    case 2: return bits(std::uint16_t{});
    case 4: return bits(std::uint32_t{});
    default: return bits(std::uint64_t{});
  }
}

std::uint64_t value_bits(Dtype dtype, double value) {
  std::uint64_t element = 0;
  from_f64(dtype, &value, 1, &element);
  return element_bits(dtype, &element, 0);
}

double smallest_normal(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return std::numeric_limits<double>::min();
    case Dtype::f32: return std::numeric_limits<float>::min();
    case Dtype::f16: return power_of_two(1 - f16.bias);
    case Dtype::bf16: return power_of_two(1 - bf16.bias);
    case Dtype::s32: return 1;
  }
  return 0;
}

double largest_finite(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return std::numeric_limits<double>::max();
    case Dtype::f32: return std::numeric_limits<float>::max();
    case Dtype::f16: return 65504;
    case Dtype::bf16: return power_of_two(bf16.bias + 1) - power_of_two(bf16.bias - bf16.fraction);
    case Dtype::s32: return std::numeric_limits<std::int32_t>::max();
  }
  return 0;
}

double smallest_subnormal(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return std::numeric_limits<double>::denorm_min();
    case Dtype::f32: return std::numeric_limits<float>::denorm_min();
    case Dtype::f16: return power_of_two(1 - f16.bias - f16.fraction);
    case Dtype::bf16: return power_of_two(1 - bf16.bias - bf16.fraction);
    case Dtype::s32: return 0;
  }
  return 0;
}

}  // namespace gpucheck
