#include "verify/numerics/bounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/convert.hpp"
#include "verify/numerics/fill.hpp"

namespace gpucheck {
namespace {

Case f32_sum() {
  return {.op = "dot", .dtype = Dtype::f32, .accumulator = Dtype::f32, .output = Dtype::f32};
}

Case bf16_sum() {
  return {.op = "dot", .dtype = Dtype::bf16, .accumulator = Dtype::f32, .output = Dtype::f32};
}

struct Dot {
  Values a, b;
  double value = 0, magnitude = 0;

  Dot(std::size_t terms, std::uint64_t seed, Dtype dtype) : a(terms), b(terms) {
    fill_real(seed, 0, dtype, a);
    fill_real(seed, 1, dtype, b);
    for (std::size_t k = 0; k < terms; ++k) {
      value += a[k] * b[k];
      magnitude += std::abs(a[k] * b[k]);
    }
  }

  Bound bound(const Case& c, Provider provider, int cc) const {
    const Expected expected{
        .values = {value}, .magnitudes = {magnitude}, .roundings = double(a.size())};
    return bound_of(c, {"c", c.output, {1}, Role::output}, expected, provider, cc);
  }
};

TEST(Bounds, HoldForSumsInFloatInEveryOrder) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Dot dot(1000, seed, Dtype::f32);
    float forward = 0, backward = 0;
    for (std::size_t k = 0; k < 1000; ++k)
      forward = std::fma(float(dot.a[k]), float(dot.b[k]), forward);
    for (std::size_t k = 1000; k-- > 0;) backward += float(dot.a[k]) * float(dot.b[k]);
    const double allowance =
        dot.bound(f32_sum(), Provider::kernel, 90).allowance(dot.value, dot.magnitude);
    EXPECT_LE(std::abs(double(forward) - dot.value), allowance);
    EXPECT_LE(std::abs(double(backward) - dot.value), allowance);
  }
}

TEST(Bounds, CatchTf32InsteadOfF32) {
  int caught = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Dot dot(64, seed, Dtype::f32);
    const auto tf32 = [](double x) { return double(float(std::round(x * 1024 * 8) / (1024 * 8))); };
    double sum = 0;
    for (std::size_t k = 0; k < 64; ++k) sum += tf32(dot.a[k]) * tf32(dot.b[k]);
    const double allowance =
        dot.bound(f32_sum(), Provider::vendor, 80).allowance(dot.value, dot.magnitude);
    caught += std::abs(sum - dot.value) > allowance ? 1 : 0;
  }
  EXPECT_GE(caught, 15);  // One element may be right by luck, a matrix of them may not.
}

/// A tensor core that aligns blocks of n_b products with the accumulator and truncates to 24 bits.
float truncated_dot(const Dot& dot, std::size_t block) {
  double sum = 0;
  for (std::size_t k = 0; k < dot.a.size(); k += block) {
    double largest = std::abs(sum);
    const std::size_t last = std::min(k + block, dot.a.size());
    for (std::size_t i = k; i < last; ++i)
      largest = std::max(largest, std::abs(dot.a[i] * dot.b[i]));
    const double unit = std::ldexp(1, std::ilogb(largest) - 23);
    double total = std::trunc(sum / unit);
    for (std::size_t i = k; i < last; ++i) total += std::trunc(dot.a[i] * dot.b[i] / unit);
    sum = total * unit;
    const double place = std::ldexp(1, std::ilogb(sum == 0 ? 1 : sum) - 23);
    sum = std::trunc(sum / place) * place;
  }
  return float(sum);
}

TEST(Bounds, HoldForTruncatingTensorCores) {
  for (const int cc : {75, 80, 90, 100})
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const Dot dot(1024, seed, Dtype::bf16);
      const double allowance =
          dot.bound(bf16_sum(), Provider::vendor, cc).allowance(dot.value, dot.magnitude);
      const double got = truncated_dot(dot, std::size_t(tensor_core_block(cc)));
      EXPECT_LE(std::abs(got - dot.value), allowance) << cc;
    }
}

TEST(Bounds, OnlyVendorTensorCoresMayTruncate) {
  const double nearest = std::ldexp(1, -24);
  EXPECT_EQ(unit_roundoff(bf16_sum(), Provider::kernel, 90), nearest);
  EXPECT_EQ(unit_roundoff(bf16_sum(), Provider::cpu, 0), nearest);
  EXPECT_EQ(unit_roundoff(f32_sum(), Provider::vendor, 90), nearest);
  EXPECT_EQ(unit_roundoff(bf16_sum(), Provider::vendor, 90), 2 * nearest * (1 + 1.0 / 16));
}

TEST(Bounds, ExactInputsHaveNone) {
  Case c = f32_sum();
  c.inputs = Inputs::exact;
  const Dot dot(10, 1, Dtype::f32);
  EXPECT_EQ(dot.bound(c, Provider::kernel, 90).allowance(dot.value, dot.magnitude), 0);
}

TEST(Bounds, AnElementWithoutTermsHasNone) {
  EXPECT_EQ((Bound{.sums = 1e-3, .output = 1e-3, .spacing = 1}.allowance(0, 0)), 0);
}

}  // namespace
}  // namespace gpucheck
