#include "verify/numerics/compare.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>

#include "kernels/convert.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan = std::nan("");

struct Problem {
  Tensor tensor;
  Expected expected;
  Bound bound;

  Compared against(const Values& got) const {
    std::vector<unsigned char> elements(got.size() * bytes(tensor.dtype));
    from_f64(tensor.dtype, got.data(), got.size(), elements.data());
    return compare({tensor, expected, bound}, elements.data());
  }
};

/// rows x columns of 1, 2, 3, ...
Problem counting(std::int64_t rows, std::int64_t columns, Dtype dtype = Dtype::f32) {
  Problem problem{.tensor = {"y", dtype, {rows, columns}, Role::output}};
  for (std::int64_t i = 0; i < rows * columns; ++i)
    problem.expected.values.push_back(double(i + 1));
  return problem;
}

Problem bounded(Values values, double allowance) {
  Problem problem{.tensor = {"y", Dtype::f32, {std::int64_t(values.size())}, Role::output}};
  problem.expected = {.values = values, .magnitudes = Values(values.size(), 1), .roundings = 1};
  problem.bound = {.sums = allowance};
  return problem;
}

TEST(Compare, RightNumbersPass) {
  const Problem problem = counting(8, 8);
  const Compared result = problem.against(problem.expected.values);
  EXPECT_EQ(result.numbers.checked, 64u);
  EXPECT_EQ(result.numbers.wrong, 0u);
  EXPECT_EQ(result.numbers.worst, 0);
  EXPECT_EQ(result.numbers.pattern, "");
  EXPECT_EQ(result.untrusted, "");
}

TEST(Compare, ExactMeansTheLastBit) {
  const Problem problem = counting(8, 8);
  Values got = problem.expected.values;
  got[9] = 10 + std::ldexp(1, -20);
  const Comparison numbers = problem.against(got).numbers;
  ASSERT_EQ(numbers.wrong, 1u);
  EXPECT_EQ(numbers.mismatches[0].index, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(numbers.mismatches[0].expected, 10);
  EXPECT_EQ(numbers.mismatches[0].got, got[9]);
  EXPECT_EQ(numbers.mismatches[0].expected_bits, 0x41200000u);
  EXPECT_EQ(numbers.mismatches[0].got_bits, 0x41200001u);
  EXPECT_EQ(numbers.worst, infinity);
}

TEST(Compare, TheReferenceIsRoundedToTheOutput) {
  Problem problem = counting(1, 1, Dtype::f16);
  problem.expected.values = {2049};  // Halfway between 2048 and 2050.
  EXPECT_EQ(problem.against({2048}).numbers.wrong, 0u);
  EXPECT_EQ(problem.against({2050}).numbers.wrong, 1u);
}

TEST(Compare, AnErrorPastTheAllowanceIsWrongAndCountedInMultiplesOfIt) {
  const Problem problem = bounded({1, 1}, 1e-3);
  EXPECT_EQ(problem.against({1.0005, 1}).numbers.wrong, 0u);
  EXPECT_NEAR(problem.against({1.0005, 1}).numbers.worst, 0.5, 1e-3);
  EXPECT_EQ(problem.against({1, 1.002}).numbers.wrong, 1u);
  EXPECT_NEAR(problem.against({1, 1.002}).numbers.worst, 2, 1e-3);
}

TEST(Compare, NanFailsWhateverTheAllowance) {
  const Comparison numbers = bounded({1, 1}, 1e30).against({nan, 1}).numbers;
  EXPECT_EQ(numbers.wrong, 1u);
  EXPECT_EQ(numbers.worst, infinity);
}

TEST(Compare, NanAndInfinityMatchInKind) {
  const Problem problem = bounded({nan, infinity, -infinity, 1}, 1e-3);
  EXPECT_EQ(problem.against({nan, infinity, -infinity, 1}).numbers.wrong, 0u);
  EXPECT_EQ(problem.against({infinity, infinity, -infinity, 1}).numbers.wrong, 1u);
  EXPECT_EQ(problem.against({nan, -infinity, -infinity, 1}).numbers.wrong, 1u);
  EXPECT_EQ(problem.against({nan, infinity, nan, 1}).numbers.wrong, 1u);
  EXPECT_EQ(problem.against({nan, infinity, -infinity, infinity}).numbers.wrong, 1u);
  EXPECT_EQ(problem.against({1, 3e38, -infinity, 1}).numbers.wrong, 2u);
}

TEST(Compare, NegativeZeroIsZero) {
  Problem problem = counting(1, 2);
  problem.expected.values = {0, -0.0};
  EXPECT_EQ(problem.against({-0.0, 0}).numbers.wrong, 0u);
}

TEST(Compare, KeepsTheFirstTenMismatches) {
  const Problem problem = counting(8, 8);
  const Comparison numbers = problem.against(Values(64, 0)).numbers;
  EXPECT_EQ(numbers.wrong, 64u);
  ASSERT_EQ(numbers.mismatches.size(), 10u);
  EXPECT_EQ(numbers.mismatches[9].index, (std::vector<std::int64_t>{1, 1}));
}

TEST(Compare, ComparesBeyondItsBlocks) {
  const Problem problem = counting(100, 100);
  Values got = problem.expected.values;
  got.back() = 0;
  EXPECT_THAT(problem.against(got).numbers.pattern, HasSubstr("(99, 99)"));
}

TEST(Compare, EqualBytesHaveEqualHashes) {
  const Problem problem = counting(8, 8);
  Values got = problem.expected.values;
  const std::string hash = problem.against(got).numbers.hash;
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_EQ(problem.against(got).numbers.hash, hash);
  got[63] = -got[63];
  EXPECT_NE(problem.against(got).numbers.hash, hash);
  EXPECT_EQ(hash_text("", 0), "ef46db3751d8e999");  // xxHash's own test value.
}

struct Planted {
  const char* pattern;
  std::function<bool(int row, int column)> wrong;
};

TEST(Pattern, NamesWhatWrongElementsShare) {
  const Planted cases[] = {
      {"one element (3, 5)", [](int row, int column) { return row == 3 && column == 5; }},
      {"row 7", [](int row, int column) { return row == 7 && column % 2 == 0; }},
      {"column 3", [](int row, int column) { return column == 3 && row % 3 == 0; }},
      {"tile 16x16 at (16, 32)",
       [](int row, int column) { return row / 16 == 1 && column / 16 == 2; }},
      {"lane 5 of every 32 elements", [](int, int column) { return column % 32 == 5; }},
      {"elements 4000 to 4095", [](int row, int column) { return row * 64 + column >= 4000; }},
      {"every element", [](int, int) { return true; }},
      {"scattered", [](int row, int column) { return (row * 7 + column * 3) % 11 == 0; }}};
  const Problem problem = counting(64, 64);
  for (const auto& [pattern, wrong] : cases) {
    Values got = problem.expected.values;
    for (int row = 0; row < 64; ++row)
      for (int column = 0; column < 64; ++column)
        if (wrong(row, column)) got[std::size_t(row * 64 + column)] *= -1.375;
    EXPECT_EQ(problem.against(got).numbers.pattern, pattern);
  }
}

TEST(Pattern, NamesTheBitAndTheUnwritten) {
  const Problem problem = counting(64, 64);
  std::vector<float> got(problem.expected.values.begin(), problem.expected.values.end());
  for (const std::size_t i : {5u, 600u, 3111u}) {
    auto* words = reinterpret_cast<unsigned char*>(&got[i]);
    words[2] ^= 0x10;
  }
  EXPECT_EQ(compare({problem.tensor, problem.expected, {}}, got.data()).numbers.pattern,
            "bit 20, scattered");
  got.assign(problem.expected.values.begin(), problem.expected.values.end());
  std::fill_n(reinterpret_cast<unsigned char*>(&got[4095]), 4, 0xff);
  EXPECT_EQ(compare({problem.tensor, problem.expected, {}}, got.data()).numbers.pattern,
            "unwritten, one element (63, 63)");
}

TEST(Untrusted, WhatCouldNotHaveShownAnError) {
  const auto reason = [](Values values, double allowance) {
    const Problem problem = bounded(values, allowance);
    return problem.against(values).untrusted;
  };
  EXPECT_THAT(reason(Values(64, 0), 1e-6), HasSubstr("zero"));
  EXPECT_THAT(reason(Values(64, infinity), 1e-6), HasSubstr("infinite"));
  EXPECT_THAT(reason(Values(64, nan), 1e-6), HasSubstr("NaN"));
  EXPECT_THAT(reason(Values(64, 1e-40), 0), HasSubstr("denormal"));
  EXPECT_THAT(reason(Values(64, largest_finite(Dtype::f32)), 1e-6), HasSubstr("saturated"));
  EXPECT_THAT(reason(Values(64, 1), 2), HasSubstr("smaller than their allowance"));
  EXPECT_THAT(reason({}, 0), HasSubstr("no elements"));
}

TEST(Untrusted, AReluAndAPoolingGradientMayHoldZeros) {
  Values relu(64, 0), pool(64, 0);
  for (std::size_t i = 0; i < 64; i += 2) relu[i] = 1;
  pool[17] = 1;
  EXPECT_EQ(bounded(relu, 1e-6).against(relu).untrusted, "");
  EXPECT_EQ(bounded(pool, 0).against(pool).untrusted, "");
  EXPECT_EQ(bounded({0}, 0).against({0}).untrusted, "");
}

TEST(Compare, MergedTensorsKeepTheirNames) {
  const Problem problem = counting(4, 4);
  Values got = problem.expected.values;
  Compared sum;
  merge(sum, problem.against(got), "dW");
  got[5] = 0;
  merge(sum, problem.against(got), "db");
  EXPECT_EQ(sum.numbers.checked, 32u);
  EXPECT_EQ(sum.numbers.wrong, 1u);
  EXPECT_EQ(sum.numbers.pattern, "db: one element (1, 1)");
  EXPECT_EQ(sum.numbers.hash.size(), 16u);
}

}  // namespace
}  // namespace gpucheck
