#include "kernels/convert.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace gpucheck {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Value of a 16-bit element by the definition of the format: sign, exponent, fraction.
double defined_value(int fraction, int bias, std::uint32_t element) {
  const int exponent = int((element & 0x7fff) >> fraction);
  const double mantissa = double(element & ((1u << fraction) - 1));
  const double sign = (element & 0x8000) != 0 ? -1 : 1;
  if (exponent == 2 * bias + 1) return mantissa == 0 ? sign * infinity : std::nan("");
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - fraction);
  return sign * std::ldexp(std::ldexp(1, fraction) + mantissa, exponent - bias - fraction);
}

struct Format {
  Dtype dtype;
  int fraction;
  int bias;
};
constexpr Format formats[] = {{Dtype::f16, 10, 15}, {Dtype::bf16, 7, 127}};

TEST(Convert, EverySixteenBitElementHasItsDefinedValueAndComesBack) {
  for (const auto& [dtype, fraction, bias] : formats) {
    for (std::uint32_t element = 0; element < 0x10000; ++element) {
      const auto stored = std::uint16_t(element);
      double value = 0;
      to_f64(dtype, &stored, 1, &value);
      const double expected = defined_value(fraction, bias, element);
      if (std::isnan(expected)) {
        ASSERT_TRUE(std::isnan(value)) << element;
        ASSERT_TRUE(std::isnan(rounded(dtype, value))) << element;
      } else {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(expected))
            << element;
        ASSERT_EQ(value_bits(dtype, value), element);
      }
    }
  }
}

TEST(Convert, HalfwayGoesToTheEvenNeighbourAndTheSlightestExcessDoesNot) {
  for (const auto& [dtype, fraction, bias] : formats) {
    const std::uint32_t infinite = std::uint32_t(2 * bias + 1) << fraction;
    for (std::uint32_t element = 0; element < infinite; ++element) {
      const double low = defined_value(fraction, bias, element);
      // The neighbour of the largest finite number is where infinity would be, were it a number.
      const double high = element + 1 == infinite ? std::ldexp(1, bias + 1)
                                                  : defined_value(fraction, bias, element + 1);
      const double middle = (low + high) / 2;
      const std::uint32_t even = element % 2 == 0 ? element : element + 1;
      ASSERT_EQ(value_bits(dtype, middle), even);
      ASSERT_EQ(value_bits(dtype, -middle), even | 0x8000);
      ASSERT_EQ(value_bits(dtype, std::nextafter(middle, 0)), element);
      ASSERT_EQ(value_bits(dtype, std::nextafter(middle, infinity)), element + 1);
    }
  }
}

TEST(Convert, RoundsOnceNotThroughFloat) {
  // Halfway between two f16, and 2^-40 more: float drops the excess and rounds to even, which is
  // wrong.
  const double value = 1 + std::ldexp(1, -11) + std::ldexp(1, -40);
  EXPECT_EQ(rounded(Dtype::f16, value), 1 + std::ldexp(1, -10));
  EXPECT_EQ(rounded(Dtype::f16, double(float(value))), 1);
  const double wide = 1 + std::ldexp(1, -8) + std::ldexp(1, -40);
  EXPECT_EQ(rounded(Dtype::bf16, wide), 1 + std::ldexp(1, -7));
}

TEST(Convert, OverflowIsInfiniteAndNanStays) {
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) {
    EXPECT_EQ(rounded(dtype, 1e300), infinity);
    EXPECT_EQ(rounded(dtype, -1e300), -infinity);
    EXPECT_EQ(rounded(dtype, infinity), infinity);
    EXPECT_EQ(rounded(dtype, largest_finite(dtype)), largest_finite(dtype));
    EXPECT_EQ(rounded(dtype, largest_finite(dtype) * 1.5), infinity);
    EXPECT_TRUE(std::isnan(rounded(dtype, std::nan(""))));
    EXPECT_EQ(rounded(dtype, smallest_subnormal(dtype)), smallest_subnormal(dtype));
    EXPECT_EQ(rounded(dtype, smallest_subnormal(dtype) / 2), 0);
    EXPECT_EQ(rounded(dtype, smallest_normal(dtype)), smallest_normal(dtype));
    EXPECT_TRUE(std::signbit(rounded(dtype, -0.0)));
  }
  EXPECT_TRUE(std::isnan(rounded(Dtype::bf16, std::bit_cast<double>(0x7ff0000000000001))));
}

TEST(Convert, IntegersSaturate) {
  EXPECT_EQ(rounded(Dtype::s32, 2.5), 2);
  EXPECT_EQ(rounded(Dtype::s32, -3.5), -4);
  EXPECT_EQ(rounded(Dtype::s32, 1e10), 2147483647);
  EXPECT_EQ(rounded(Dtype::s32, -1e10), -2147483648.0);
  EXPECT_EQ(rounded(Dtype::s32, std::nan("")), -2147483648.0);
}

TEST(Convert, BulkAgreesWithSingleElements) {
  std::vector<double> values;
  for (int i = -5000; i < 5000; ++i)
    values.push_back(std::ldexp(double(i) * 1.234567, i % 37 - 20));
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::s32}) {
    std::vector<unsigned char> elements(values.size() * bytes(dtype));
    from_f64(dtype, values.data(), values.size(), elements.data());
    std::vector<double> back(values.size()), in_place = values;
    to_f64(dtype, elements.data(), values.size(), back.data());
    round_to(dtype, in_place.data(), in_place.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(back[i], rounded(dtype, values[i]));
      ASSERT_EQ(in_place[i], back[i]);
      ASSERT_EQ(element_bits(dtype, elements.data(), i), value_bits(dtype, values[i]));
    }
  }
}

}  // namespace
}  // namespace gpucheck
