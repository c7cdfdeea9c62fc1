#include "verify/numerics/fill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/convert.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

TEST(Fill, AChunkDependsOnItsIndexAlone) {
  Values whole(1000), part(200);
  fill_real(7, 1, Dtype::f32, whole);
  fill_real(7, 1, Dtype::f32, part);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST(Fill, SeedTensorAndChunkAllMatter) {
  Values one(256), other_seed(256), other_tensor(256);
  fill_real(1, 0, Dtype::f64, one);
  fill_real(2, 0, Dtype::f64, other_seed);
  fill_real(1, 1, Dtype::f64, other_tensor);
  EXPECT_NE(one, other_seed);
  EXPECT_NE(one, other_tensor);
  EXPECT_FALSE(std::equal(one.begin(), one.begin() + 64, one.begin() + 64));
}

TEST(Fill, RealInputsAreUniformAndRoundedToTheDtype) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
    Values values(100000);
    fill_real(1, 0, dtype, values);
    double sum = 0, squares = 0;
    for (const double value : values) {
      ASSERT_LE(std::abs(value), 1);
      ASSERT_EQ(value, rounded(dtype, value));
      sum += value;
      squares += value * value;
    }
    // Mean 0 +- 0.0018, mean square 1/3 +- 0.00094 (one standard deviation of 100000 draws).
    EXPECT_NEAR(sum / 100000, 0, 0.01);
    EXPECT_NEAR(squares / 100000, 1.0 / 3, 0.005);
  }
}

TEST(Fill, ExactInputsReachTheirRangeAndNoFurther) {
  Values values(10000);
  fill_exact(1, 0, 3, values);
  EXPECT_EQ(*std::ranges::max_element(values), 3);
  EXPECT_EQ(*std::ranges::min_element(values), -3);
  for (const double value : values) ASSERT_EQ(value, std::floor(value));
}

TEST(Fill, NoPartialSumOfExactProductsLeavesTheAccumulator) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const std::int64_t terms : {1, 2, 17, 1024, 8192, 1 << 20}) {
      const Dtype accumulator = dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32;
      const Case c{.op = "", .dtype = dtype, .accumulator = accumulator, .output = accumulator};
      const double range = double(exact_range(c, terms));
      ASSERT_GE(range, 1);
      EXPECT_LE(double(terms) * range * range, std::ldexp(1, significand_bits(accumulator)));
      EXPECT_EQ(rounded(dtype, range), range);
      EXPECT_EQ(rounded(dtype, range - 1), range - 1);
    }
}

TEST(Fill, TooManyTermsHaveNoExactInputs) {
  const Case c{.op = "", .dtype = Dtype::f16, .accumulator = Dtype::f16, .output = Dtype::f16};
  EXPECT_EQ(exact_range(c, 2048), 1);
  EXPECT_EQ(exact_range(c, 2049), 0);
}

TEST(Fill, AnF16OutputCannotOverflow) {
  const Case c{.op = "", .dtype = Dtype::f16, .accumulator = Dtype::f32, .output = Dtype::f16};
  const double range = double(exact_range(c, 100));
  EXPECT_LE(100 * range * range, 65504);
}

TEST(Fill, EveryExactCaseOfEveryOpHasInputs) {
  for (const Op* op : all_ops()) {
    for (const Case& c : op->cases()) {
      if (c.inputs != Inputs::exact) continue;
      EXPECT_GE(exact_range(c, op->terms(c)), 1) << op->name << op->shape_text(c);
    }
  }
}

}  // namespace
}  // namespace gpucheck
