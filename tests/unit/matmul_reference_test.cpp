#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/matmul/microkernel.hpp"
#include "kernels/matmul/product.hpp"
#include "kernels/ops.hpp"
#include "tests/unit/naive.hpp"

namespace gpucheck {
namespace {

const char* const matmuls[] = {"matmul_tn", "matmul_nn", "matmul_nt"};

Case real_case(std::string_view op, std::int64_t m, std::int64_t n, std::int64_t k) {
  return {.op = op, .shape = {{"m", m}, {"n", n}, {"k", k}}};
}

// Two sums of k terms in float64, each within k roundings of the true one.
double allowance(const Case& c, double magnitude) {
  return 2 * double(c["k"]) * 0x1p-53 * magnitude;
}

void expect_like_naive(const Case& c) {
  const Op& op = *find_op(c.op);
  const std::vector<Values> inputs = random_inputs(op, c);
  const NaiveSums naive = naive_matmul(c, inputs[0], inputs[1]);
  const Expected fast = op.reference(c, inputs).at(0);
  ASSERT_EQ(fast.values.size(), naive.values.size());
  ASSERT_EQ(fast.magnitudes.size(), naive.values.size());
  for (std::size_t i = 0; i < naive.values.size(); ++i) {
    const double allowed = allowance(c, naive.magnitudes[i]);
    ASSERT_NEAR(fast.values[i], naive.values[i], allowed) << c.op << joined_shape(c) << " at " << i;
    ASSERT_NEAR(fast.magnitudes[i], naive.magnitudes[i], allowed)
        << c.op << joined_shape(c) << " at " << i;
  }
}

TEST(MatmulReference, IsTheDefinitionOnEveryShapeOfVerify) {
  for (const char* const name : matmuls)
    for (const Case& c : find_op(name)->cases())
      if (c.dtype == Dtype::f32 && c.inputs == Inputs::real && c["m"] < 256) expect_like_naive(c);
}

TEST(MatmulReference, IsTheDefinitionAroundItsOwnBlocks) {
  // Blocks are 96 x 128 x 256 and their tiles 6, 12 or 4 rows and 8, 16 or 4 columns.
  for (const char* const name : matmuls)
    for (const auto& [m, n, k] :
         {std::tuple{95, 127, 255}, {97, 129, 257}, {5, 9, 513}, {193, 3, 2}})
      expect_like_naive(real_case(name, m, n, k));
}

TEST(MatmulReference, HasTheSameBitsOnAnyNumberOfThreads) {
  const std::int64_t m = 200, n = 300, k = 270;
  const Values a = random_values(m * k, 1), b = random_values(k * n, 2);
  const auto run = [&](int threads) {
    std::pair<Values, Values> c{Values(m * n), Values(m * n)};
    product({a.data(), strided(m, k), strided(k, 1)}, {b.data(), strided(k, n), strided(n, 1)},
            {strided(m, n), strided(n, 1), c.first.data(), c.second.data()}, threads);
    return c;
  };
  const auto one = run(1);
  EXPECT_NE(one.first[0], 0);
  for (const int threads : {2, 3, 7}) EXPECT_EQ(run(threads), one) << threads << " threads";
}

TEST(MatmulReference, AsksForNoMagnitudesOfExactData) {
  Case c = real_case("matmul_tn", 3, 2, 4);
  c.inputs = Inputs::exact;
  const Expected expected = find_op(c.op)->reference(
      c, {{1, 2, 3, 4, -1, 0, 1, 0, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 0, -2, 3}})[0];
  EXPECT_EQ(expected.values, (Values{10, 7, 0, -3, 8, 4}));
  EXPECT_TRUE(expected.magnitudes.empty());
}

TEST(MatmulReference, CountsARoundingPerTermAndItsOwnInF64) {
  Case c = real_case("matmul_nn", 2, 2, 37);
  const auto roundings = [&c] {
    const Op& op = *find_op(c.op);
    return op.reference(c, random_inputs(op, c))[0].roundings;
  };
  EXPECT_EQ(find_op(c.op)->terms(c), 37);
  EXPECT_EQ(roundings(), 37 * rounded_errors);
  c.accumulator = Dtype::f64;
  EXPECT_EQ(roundings(), 74 * rounded_errors);
}

TEST(Microkernel, IsTheSameSumWithEveryInstructionSetOfThisProcessor) {
  for (const Microkernel& kernel : microkernels()) {
    const std::ptrdiff_t depth = 19;
    const Values a = random_values(kernel.rows * depth, 1),
                 b = random_values(kernel.columns * depth, 2);
    Values c = random_values(kernel.rows * kernel.columns, 3);
    Values expected = c;
    for (int i = 0; i < kernel.rows; ++i)
      for (int j = 0; j < kernel.columns; ++j)
        for (std::ptrdiff_t p = 0; p < depth; ++p)
          expected[i * kernel.columns + j] += a[p * kernel.rows + i] * b[p * kernel.columns + j];
    kernel.multiply(a.data(), b.data(), depth, c.data());
    for (std::size_t i = 0; i < c.size(); ++i)
      EXPECT_NEAR(c[i], expected[i], 1e-14)
          << kernel.instructions << " at " << i;  // 20 terms below 1: 20 * 2^-53 * 20.
  }
}

}  // namespace
}  // namespace gpucheck
