#include "verify/numerics/fault.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/convert.hpp"
#include "verify/numerics/fill.hpp"

namespace gpucheck {
namespace {

struct Result {
  Tensor tensor;
  Expected expected;
  Bound bound;
  std::vector<unsigned char> elements;

  SelfTest test() const { return self_test({tensor, expected, bound}, elements.data(), 1); }
};

Result exact(Dtype dtype, std::int64_t rows, std::int64_t columns) {
  Result result{.tensor = {"y", dtype, {rows, columns}, Role::output}};
  result.expected.values.resize(std::size_t(rows * columns));
  fill_exact(1, 0, 100, result.expected.values);
  result.elements.resize(result.expected.values.size() * bytes(dtype));
  from_f64(dtype, result.expected.values.data(), result.expected.values.size(),
           result.elements.data());
  return result;
}

TEST(SelfTest, CatchesEveryFaultOnExactData) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
    const SelfTest test = exact(dtype, 64, 48).test();
    // Every bit, every scale, and eight faults of shape and value; a scale of 1 + 2^-k changes no
    // 7-bit integer that is rounded back to it, so the smallest scales may have nothing to change.
    EXPECT_GE(test.planted, int(8 * bytes(dtype)) + 8 + 7) << name(dtype);
    EXPECT_EQ(test.caught, test.planted);
    EXPECT_TRUE(test.missed.empty());
  }
}

TEST(SelfTest, EveryBitOfExactDataIsSeenExceptTheSignOfZero) {
  const Result result = exact(Dtype::f32, 4, 8);
  for (std::size_t i = 0; i < 32; ++i)
    for (int bit = 0; bit < 32; ++bit) {
      std::vector<unsigned char> copy = result.elements;
      copy[i * 4 + std::size_t(bit / 8)] ^= static_cast<unsigned char>(1u << (bit % 8));
      const bool sign_of_zero = result.expected.values[i] == 0 && bit == 31;
      const auto wrong =
          compare({result.tensor, result.expected, result.bound}, copy.data()).numbers.wrong;
      EXPECT_EQ(wrong, sign_of_zero ? 0u : 1u) << i << " bit " << bit;
    }
}

TEST(SelfTest, OnRealDataEveryFlipPastTheBoundIsCaught) {
  Result result = exact(Dtype::f32, 64, 48);
  fill_real(1, 0, Dtype::f32, result.expected.values);
  from_f64(Dtype::f32, result.expected.values.data(), result.expected.values.size(),
           result.elements.data());
  result.expected.magnitudes = Values(result.expected.values.size(), 1);
  result.bound = {.sums = 1e-4};
  const SelfTest test = result.test();
  EXPECT_GE(test.planted, 20);
  EXPECT_EQ(test.caught, test.planted);
}

TEST(SelfTest, SmallTensorsHaveFaultsToo) {
  const SelfTest test = exact(Dtype::f32, 1, 1).test();
  EXPECT_GE(test.planted, 32);
  EXPECT_EQ(test.caught, test.planted);
}

/// The comparison of gpu-burn: what is not larger than the tolerance passes, and a NaN is not
/// larger.
Compared lets_nan_pass(const Claim& claim, const void* got) {
  Compared result;
  const auto* elements = static_cast<const float*>(got);
  for (std::size_t i = 0; i < claim.expected.values.size(); ++i)
    if (std::abs(double(elements[i]) - claim.expected.values[i]) > 0) ++result.numbers.wrong;
  return result;
}

Compared sees_nothing(const Claim&, const void*) { return {}; }

TEST(SelfTest, FindsACheckerThatLetsNanPass) {
  const Result result = exact(Dtype::f32, 64, 48);
  const Claim claim{result.tensor, result.expected, result.bound};
  const SelfTest test = self_test(claim, result.elements.data(), 1, lets_nan_pass);
  EXPECT_LT(test.caught, test.planted);
  EXPECT_NE(std::find(test.missed.begin(), test.missed.end(), "y: NaN"), test.missed.end());
  EXPECT_EQ(self_test(claim, result.elements.data(), 1, sees_nothing).caught, 0);
}

}  // namespace
}  // namespace gpucheck
