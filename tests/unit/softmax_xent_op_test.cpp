#include <cmath>

#include "tests/unit/judged.hpp"

namespace gpucheck {
namespace {

const Op& loss_op() { return *find_op("softmax_xent"); }
const Op& grad_op() { return *find_op("softmax_xent_grad"); }

enum class Way { two_pass, reversed, log_sum_exp, single_pass };

enum class Mutant {
  none,
  maximum_not_subtracted,
  last_class_left_out,
  label_off_by_one,
  sign_flipped,
  label_forgotten,
  not_divided_by_rows,
  half_precision_sum
};

struct Sums {
  float max = 0, sum = 0;
};

Sums sums_of(const float* x, std::size_t n, Way way, Mutant mutant) {
  Sums s{x[0], 0};
  if (mutant == Mutant::last_class_left_out && n > 1) --n;
  if (way == Way::single_pass) {
    for (std::size_t j = 0; j < n; ++j) {
      const float max = std::max(s.max, x[j]);
      s = {max, s.sum * std::exp(s.max - max) + std::exp(x[j] - max)};
    }
    return s;
  }
  for (std::size_t j = 0; j < n; ++j) s.max = std::max(s.max, x[j]);
  if (mutant == Mutant::maximum_not_subtracted) s.max = 0;
  for (const std::size_t j : order(n, way == Way::reversed)) s.sum += std::exp(x[j] - s.max);
  if (mutant == Mutant::half_precision_sum) s.sum = float(rounded(Dtype::f16, s.sum));
  return s;
}

float loss_of(const Sums& s, float at_label, Way way) {
  if (way == Way::log_sum_exp) return (s.max + std::log(s.sum)) - at_label;
  return std::log(s.sum) - (at_label - s.max);
}

float gradient_of(const Sums& s, float x, float hit, float rows, Way way) {
  if (way == Way::log_sum_exp) return (std::exp(x - (s.max + std::log(s.sum))) - hit) * (1 / rows);
  return (std::exp(x - s.max) / s.sum - hit) / rows;
}

Emulation emulated(bool gradient, Way way, Mutant mutant = Mutant::none) {
  return [=](const Case& c, const std::vector<Values>& tensors) {
    const std::size_t m = std::size_t(c["m"]), n = std::size_t(c["n"]);
    const std::vector<float> x(tensors[0].begin(), tensors[0].end());
    Values out(gradient ? m * n : m);
    for (std::size_t i = 0; i < m; ++i) {
      const Sums sums = sums_of(&x[i * n], n, way, mutant);
      std::size_t label = std::size_t(tensors[1][i]);
      if (mutant == Mutant::label_off_by_one) label = (label + 1) % n;
      const float sign = mutant == Mutant::sign_flipped ? -1.0f : 1.0f;
      const float rows = mutant == Mutant::not_divided_by_rows ? 1 : float(m);
      if (!gradient) out[i] = sign * loss_of(sums, x[i * n + label], way);
      for (std::size_t j = 0; gradient && j < n; ++j) {
        const float hit = j == label && mutant != Mutant::label_forgotten ? 1 : 0;
        out[i * n + j] = sign * gradient_of(sums, x[i * n + j], hit, rows, way);
      }
    }
    return std::vector<Values>{out};
  };
}

TEST(SoftmaxXentOp, BoundsHoldForEveryWayToComputeIt) {
  for (const Way way : {Way::two_pass, Way::reversed, Way::log_sum_exp, Way::single_pass}) {
    expect_right(loss_op(), emulated(false, way));
    expect_right(grad_op(), emulated(true, way));
  }
}

TEST(SoftmaxXentOp, InputsCatchWrongLosses) {
  const std::pair<Mutant, const char*> mutants[] = {
      {Mutant::maximum_not_subtracted, "maximum not subtracted"},
      {Mutant::last_class_left_out, "last class left out"},
      {Mutant::label_off_by_one, "label off by one"},
      {Mutant::sign_flipped, "sign flipped"},
      {Mutant::half_precision_sum, "sum kept in f16"}};
  for (const auto& [mutant, text] : mutants)
    expect_caught(loss_op(), emulated(false, Way::two_pass, mutant), text);
}

TEST(SoftmaxXentOp, InputsCatchWrongGradients) {
  const std::pair<Mutant, const char*> mutants[] = {
      {Mutant::maximum_not_subtracted, "maximum not subtracted"},
      {Mutant::last_class_left_out, "last class left out"},
      {Mutant::label_off_by_one, "label off by one"},
      {Mutant::sign_flipped, "sign flipped"},
      {Mutant::label_forgotten, "label forgotten"},
      {Mutant::not_divided_by_rows, "not divided by the rows"}};
  for (const auto& [mutant, text] : mutants)
    expect_caught(grad_op(), emulated(true, Way::two_pass, mutant), text);
}

Case small_case(std::string_view op, std::int64_t m, std::int64_t n) {
  return {.op = op,
          .dtype = Dtype::f64,
          .accumulator = Dtype::f64,
          .output = Dtype::f64,
          .shape = {{"m", m}, {"n", n}}};
}

TEST(SoftmaxXentReference, IsMinusTheLogarithmOfTheLabelsShare) {
  const Values x = {0.5, -1.25, 2, 0, 0, 0}, labels = {2, 1};
  const Values loss = loss_op().reference(small_case("softmax_xent", 2, 3), {x, labels})[0].values;
  EXPECT_NEAR(loss[0], -std::log(std::exp(2) / (std::exp(0.5) + std::exp(-1.25) + std::exp(2))),
              1e-15);
  EXPECT_NEAR(loss[1], std::log(3), 1e-15);
}

TEST(SoftmaxXentReference, GradientIsTheDifferenceQuotientOfTheMeanLoss) {
  const Case c = small_case("softmax_xent", 3, 4);
  Values x(12);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(double(7 * i + 1));
  const Values labels = {0, 3, 1};
  const auto mean_loss = [&] {
    const Values loss = loss_op().reference(c, {x, labels})[0].values;
    return (loss[0] + loss[1] + loss[2]) / 3;
  };
  const Values gradient =
      grad_op().reference(small_case("softmax_xent_grad", 3, 4), {x, labels})[0].values;
  constexpr double step = 1e-5;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double middle = x[i];
    x[i] = middle + step;
    const double above = mean_loss();
    x[i] = middle - step;
    const double below = mean_loss();
    x[i] = middle;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * step), 1e-9) << i;
  }
}

}  // namespace
}  // namespace gpucheck
