#include <cmath>

#include "tests/unit/judged.hpp"

namespace gpucheck {
namespace {

enum class Mutant {
  none,
  reversed,
  last_forgotten,
  first_twice,
  sign_flipped,
  mean_forgotten,
  factor_forgotten,
  transposed,
  narrow
};

Emulation summed(Mutant mutant) {
  return [=](const Case&, const std::vector<Values>& t) {
    const std::size_t n = t[0].size();
    float sum = 0;
    for (const std::size_t i : order(n, mutant == Mutant::reversed)) {
      if (mutant == Mutant::last_forgotten && i == n - 1) continue;
      sum += float(t[0][i]);
      if (mutant == Mutant::narrow) sum = float(rounded(Dtype::bf16, sum));
    }
    if (mutant == Mutant::first_twice) sum += float(t[0][0]);
    return std::vector<Values>{{mutant == Mutant::sign_flipped ? -sum : sum}};
  };
}

Emulation columns_summed(Mutant mutant) {
  return [=](const Case& c, const std::vector<Values>& t) {
    const std::size_t m = std::size_t(c["m"]), n = std::size_t(c["n"]);
    Values db(n);
    for (std::size_t column = 0; column < n; ++column) {
      float sum = 0;
      for (const std::size_t row : order(m, mutant == Mutant::reversed)) {
        if (mutant == Mutant::last_forgotten && row == m - 1) continue;
        sum += float(t[0][mutant == Mutant::transposed ? column * m + row : row * n + column]);
        if (mutant == Mutant::narrow) sum = float(rounded(Dtype::bf16, sum));
      }
      db[column] = sum;
    }
    return std::vector<Values>{db};
  };
}

Emulation squared(Mutant mutant) {
  return [=](const Case&, const std::vector<Values>& t) {
    const std::size_t n = t[0].size();
    const float factor = mutant == Mutant::factor_forgotten ? 1 : 2,
                count = mutant == Mutant::mean_forgotten ? 1 : float(n);
    Values grad(n);
    float sum = 0;
    for (const std::size_t i : order(n, mutant == Mutant::reversed)) {
      const float difference = float(t[0][i]) - float(t[1][i]);
      // Division, or the product with a reciprocal: both are right.
      grad[i] = mutant == Mutant::reversed ? difference * (factor * (1 / count))
                                           : factor * difference / count;
      if (mutant == Mutant::sign_flipped) grad[i] = -grad[i];
      if (mutant == Mutant::last_forgotten && i == n - 1) continue;
      sum += difference * difference;
    }
    return std::vector<Values>{{mutant == Mutant::reversed ? sum * (1 / count) : sum / count},
                               grad};
  };
}

TEST(SumOp, BoundsHoldInBothOrders) {
  for (const Mutant way : {Mutant::none, Mutant::reversed})
    expect_right(*find_op("sum"), summed(way));
}

TEST(SumOp, InputsCatchWrongSums) {
  const Op& op = *find_op("sum");
  expect_caught(op, summed(Mutant::last_forgotten), "last element forgotten");
  expect_caught(op, summed(Mutant::first_twice), "first element twice");
  expect_caught(op, summed(Mutant::sign_flipped), "sign flipped");
  expect_caught(op, summed(Mutant::narrow), "sum kept in bf16");
}

// Not some case: a forgotten element shows in each of them.
TEST(SumOp, EveryCaseCatchesAForgottenElement) {
  const Op& op = *find_op("sum");
  for (const Case& c : op.cases()) {
    if (c.accumulator != Dtype::f32) continue;
    std::vector<Values> tensors = filled(op, c, op.tensors(c));
    tensors[0].back() = 1;
    EXPECT_GT(judged(op, c, tensors, summed(Mutant::last_forgotten)(c, tensors)).numbers.wrong, 0u)
        << text(op, c);
  }
}

TEST(BiasGradOp, BoundsHoldInBothOrders) {
  for (const Mutant way : {Mutant::none, Mutant::reversed})
    expect_right(*find_op("bias_grad"), columns_summed(way));
}

TEST(BiasGradOp, InputsCatchWrongSums) {
  const Op& op = *find_op("bias_grad");
  expect_caught(op, columns_summed(Mutant::last_forgotten), "last row forgotten");
  expect_caught(op, columns_summed(Mutant::transposed), "transposed");
  expect_caught(op, columns_summed(Mutant::narrow), "sum kept in bf16");
}

TEST(MseOp, BoundsHoldInBothOrders) {
  for (const Mutant way : {Mutant::none, Mutant::reversed})
    expect_right(*find_op("mse"), squared(way));
}

TEST(MseOp, InputsCatchWrongLossesAndGradients) {
  const Op& op = *find_op("mse");
  expect_caught(op, squared(Mutant::last_forgotten), "last element not in the loss");
  expect_caught(op, squared(Mutant::sign_flipped), "gradient's sign flipped");
  expect_caught(op, squared(Mutant::mean_forgotten), "not divided by n");
  expect_caught(op, squared(Mutant::factor_forgotten), "factor 2 forgotten");
}

TEST(MseReference, GradientIsTheDifferenceQuotientOfTheLoss) {
  const Op& op = *find_op("mse");
  const Case c{.op = "mse",
               .dtype = Dtype::f64,
               .accumulator = Dtype::f64,
               .output = Dtype::f64,
               .shape = {{"n", 5}}};
  Values out = {0.5, -1, 2, 0.25, 3};
  const Values target = {1, -1, 0.5, -0.75, 2};
  const std::vector<Expected> expected = op.reference(c, {out, target});
  EXPECT_DOUBLE_EQ(expected[0].values[0], (0.25 + 0 + 2.25 + 1 + 1) / 5);
  constexpr double step = 1e-5;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double middle = out[i];
    out[i] = middle + step;
    const double above = op.reference(c, {out, target})[0].values[0];
    out[i] = middle - step;
    const double below = op.reference(c, {out, target})[0].values[0];
    out[i] = middle;
    EXPECT_NEAR(expected[1].values[i], (above - below) / (2 * step), 1e-9) << i;
  }
}

}  // namespace
}  // namespace gpucheck
