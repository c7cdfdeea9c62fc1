#include <cmath>

#include "tests/unit/judged.hpp"

namespace gpucheck {
namespace {

const Op& sgd() { return *find_op("sgd"); }
const Op& adam() { return *find_op("adam"); }

enum class SgdMutant {
  none,
  fused,
  nesterov,
  old_velocity,
  decay_forgotten,
  decay_decoupled,
  dampened,
  uphill
};

Emulation sgd_emulated(SgdMutant mutant) {
  return [=](const Case& c, const std::vector<Values>& t) {
    const float lr = float(c.parameter("lr")), momentum = float(c.parameter("momentum"));
    const float decay =
        mutant == SgdMutant::decay_forgotten ? 0 : float(c.parameter("weight_decay"));
    Values weight(t[0].size()), velocity(t[0].size());
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const float w = float(t[0][i]), v = float(t[1][i]), g = float(t[2][i]);
      float next = momentum * v + (g + decay * w), moved = w - lr * next;
      if (mutant == SgdMutant::fused)
        next = std::fma(decay, w, std::fma(momentum, v, g)), moved = std::fma(-lr, next, w);
      if (mutant == SgdMutant::nesterov) moved = w - lr * (g + decay * w + momentum * next);
      if (mutant == SgdMutant::old_velocity) moved = w - lr * v;
      if (mutant == SgdMutant::decay_decoupled)
        next = momentum * v + g, moved = w - lr * next - lr * decay * w;
      if (mutant == SgdMutant::dampened)
        next = momentum * v + (1 - momentum) * (g + decay * w), moved = w - lr * next;
      if (mutant == SgdMutant::uphill) moved = w + lr * next;
      weight[i] = moved, velocity[i] = next;
    }
    return std::vector<Values>{weight, velocity};
  };
}

TEST(SgdOp, BoundsHoldWithAndWithoutFusedOperations) {
  expect_right(sgd(), sgd_emulated(SgdMutant::none));
  expect_right(sgd(), sgd_emulated(SgdMutant::fused));
}

TEST(SgdOp, InputsCatchWrongSteps) {
  const std::pair<SgdMutant, const char*> mutants[] = {
      {SgdMutant::nesterov, "Nesterov's momentum"},
      {SgdMutant::old_velocity, "step before the velocity"},
      {SgdMutant::decay_forgotten, "no weight decay"},
      {SgdMutant::decay_decoupled, "decoupled weight decay"},
      {SgdMutant::dampened, "dampened gradient"},
      {SgdMutant::uphill, "step uphill"}};
  for (const auto& [mutant, text] : mutants) expect_caught(sgd(), sgd_emulated(mutant), text);
}

enum class AdamMutant {
  none,
  fused,
  scaled_rate,        // lr_t = lr sqrt(1 - b2^t) / (1 - b1^t), eps scaled alike: right too
  powers_multiplied,  // b^t by t - 1 multiplications: right too
  no_bias_correction,
  no_second_correction,
  step_from_zero,
  rest_in_double,
  eps_forgotten,
  eps_under_root,
  gradient_not_squared,
  betas_swapped,
  old_moments,
  uphill
};

float power(float beta, double step, bool multiplied) {
  if (!multiplied) return float(std::pow(double(beta), step));
  float product = beta;
  for (int i = 1; i < int(step); ++i) product *= beta;
  return product;
}

Emulation adam_emulated(AdamMutant mutant) {
  return [=](const Case& c, const std::vector<Values>& t) {
    const float lr = float(c.parameter("lr")),
                eps = mutant == AdamMutant::eps_forgotten ? 0 : float(c.parameter("eps"));
    float b1 = float(c.parameter("beta1")), b2 = float(c.parameter("beta2"));
    if (mutant == AdamMutant::betas_swapped) std::swap(b1, b2);
    const double step = c.parameter("step") - (mutant == AdamMutant::step_from_zero ? 1 : 0);
    const bool multiplied = mutant == AdamMutant::powers_multiplied;
    float correct1 = 1 - power(b1, step, multiplied), correct2 = 1 - power(b2, step, multiplied);
    if (mutant == AdamMutant::no_bias_correction) correct1 = correct2 = 1;
    if (mutant == AdamMutant::no_second_correction) correct2 = 1;
    const float rest2 =
        mutant == AdamMutant::rest_in_double ? float(1 - c.parameter("beta2")) : 1 - b2;
    Values p(t[0].size()), m(t[0].size()), v(t[0].size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      const float g = float(t[3][i]),
                  square = mutant == AdamMutant::gradient_not_squared ? std::abs(g) : g * g;
      float next_m = b1 * float(t[1][i]) + (1 - b1) * g,
            next_v = b2 * float(t[2][i]) + rest2 * square;
      if (mutant == AdamMutant::fused)
        next_m = std::fma(1 - b1, g, b1 * float(t[1][i])),
        next_v = std::fma(rest2 * g, g, b2 * float(t[2][i]));
      m[i] = next_m, v[i] = next_v;
      if (mutant == AdamMutant::old_moments) next_m = float(t[1][i]), next_v = float(t[2][i]);
      float root = std::sqrt(next_v) / std::sqrt(correct2) + eps;
      if (mutant == AdamMutant::eps_under_root) root = std::sqrt(next_v / correct2 + eps);
      float by = lr / correct1 * (next_m / root);
      if (mutant == AdamMutant::scaled_rate)
        by = lr * std::sqrt(correct2) / correct1 *
             (next_m / (std::sqrt(next_v) + eps * std::sqrt(correct2)));
      if (mutant == AdamMutant::uphill) by = -by;
      p[i] = float(t[0][i]) - by;
    }
    return std::vector<Values>{p, m, v};
  };
}

TEST(AdamOp, BoundsHoldForEveryWayToComputeIt) {
  for (const AdamMutant way : {AdamMutant::none, AdamMutant::fused, AdamMutant::scaled_rate,
                               AdamMutant::powers_multiplied})
    expect_right(adam(), adam_emulated(way));
}

TEST(AdamOp, InputsCatchWrongSteps) {
  const std::pair<AdamMutant, const char*> mutants[] = {
      {AdamMutant::no_bias_correction, "no bias correction"},
      {AdamMutant::no_second_correction, "second moment not corrected"},
      {AdamMutant::step_from_zero, "steps counted from zero"},
      {AdamMutant::rest_in_double, "1 - beta2 not formed in f32"},
      {AdamMutant::eps_forgotten, "no eps"},
      {AdamMutant::eps_under_root, "eps under the root"},
      {AdamMutant::gradient_not_squared, "gradient not squared"},
      {AdamMutant::betas_swapped, "betas swapped"},
      {AdamMutant::old_moments, "step before the moments"},
      {AdamMutant::uphill, "step uphill"}};
  for (const auto& [mutant, text] : mutants) expect_caught(adam(), adam_emulated(mutant), text);
}

// Both corrections are at work at step 1 already, but only later steps tell 1 - b^t from 1 - b.
TEST(AdamOp, EveryStepOfTheCasesCatchesAMissingCorrection) {
  for (const double step : {1.0, 2.0, 10.0, 1000.0}) {
    bool caught = false;
    for (const Case& c : emulated_cases(adam())) {
      if (c.parameter("step") != step) continue;
      const std::vector<Values> tensors = filled(adam(), c, adam().tensors(c));
      caught |=
          judged(adam(), c, tensors, adam_emulated(AdamMutant::no_bias_correction)(c, tensors))
              .numbers.wrong > 0;
    }
    EXPECT_TRUE(caught) << step;
  }
}

std::int64_t ulps_apart(float a, std::uint32_t bits) {
  return std::abs(std::int64_t(value_bits(Dtype::f32, a)) - std::int64_t(bits));
}

// run_check's dygraph step: gradients 4, 6 and 2 move 0.5, 0.5 and 1, with moments of zero.
TEST(AdamReference, MakesTheStepOfRunCheck) {
  const Case c{
      .op = "adam",
      .shape = {{"n", 3}},
      .parameters = {{"lr", 0.001}, {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"step", 1}}};
  const std::vector<Values> tensors = {{0.5, 0.5, 1}, {0, 0, 0}, {0, 0, 0}, {4, 6, 2}};
  const std::vector<Expected> next = adam().reference(c, tensors);
  const std::uint32_t p[] = {0x3eff7cee, 0x3eff7cee, 0x3f7fbe77},
                      m[] = {0x3eccccd0, 0x3f19999c, 0x3e4cccd0},
                      v[] = {0x3c831200, 0x3d137440, 0x3b831200};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LE(ulps_apart(float(next[0].values[i]), p[i]), 1) << i;
    EXPECT_LE(ulps_apart(float(next[1].values[i]), m[i]), 1) << i;
    EXPECT_LE(ulps_apart(float(next[2].values[i]), v[i]), 1) << i;
  }
}

// run_check's data-parallel step: 0.1 moves by 0.01 times a gradient of 4 and 6.
TEST(SgdReference, MakesTheStepOfRunCheck) {
  const Case c{.op = "sgd",
               .shape = {{"n", 2}},
               .parameters = {{"lr", 0.01}, {"momentum", 0}, {"weight_decay", 0}}};
  const std::vector<Expected> next = sgd().reference(c, {{0.1f, 0.1f}, {0, 0}, {4, 6}});
  EXPECT_LE(ulps_apart(float(next[0].values[0]), 0x3d75c290), 1);
  EXPECT_LE(ulps_apart(float(next[0].values[1]), 0x3d23d70b), 1);
  EXPECT_EQ(next[1].values, (Values{4, 6}));
}

TEST(SgdReference, RemembersItsVelocity) {
  const Case c{.op = "sgd",
               .dtype = Dtype::f64,
               .accumulator = Dtype::f64,
               .shape = {{"n", 1}},
               .parameters = {{"lr", 0.5}, {"momentum", 0.75}, {"weight_decay", 0.25}}};
  const std::vector<Expected> next = sgd().reference(c, {{2}, {4}, {1}});
  EXPECT_EQ(next[1].values[0], 0.75 * 4 + 1 + 0.25 * 2);  // 4.5
  EXPECT_EQ(next[0].values[0], 2 - 0.5 * 4.5);
}

}  // namespace
}  // namespace gpucheck
