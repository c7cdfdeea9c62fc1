#include <cmath>
#include <numeric>

#include "verify/workload/network.hpp"

namespace gpucheck {
namespace {

constexpr int rows = 10, width = 10;
constexpr double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;

// run_check draws these at random and compares nothing; by these formulas they are dyadic, so that
// the forward pass is exact in f32 and TF32.
Values x_of(int rank) {
  Values x;
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < width; ++j) x.push_back(((3 * i + 7 * j + 5 * rank) % 9 - 4) / 4.0);
  return x;
}

Values y_of(int rank) {
  Values y;
  for (int i = 0; i < rows; ++i) y.push_back(((i + rank) % 3 - 1) / 2.0);
  return y;
}

Values w1_at_first() {
  Values w;
  for (int j = 0; j < width; ++j)
    for (int k = 0; k < width; ++k) w.push_back(((5 * j + 3 * k) % 7 - 3) / 8.0);
  return w;
}

Values w2_at_first() {
  Values w;
  for (int k = 0; k < width; ++k) w.push_back(((2 * k) % 5 - 2) / 4.0);
  return w;
}

struct Gradients {
  double loss = 0;
  Values dw1 = Values(width * width), db1 = Values(width), dw2 = Values(width), db2 = Values(1);
};

Gradients gradients_of(int rank) {
  const Values x = x_of(rank), y = y_of(rank), w1 = w1_at_first(), w2 = w2_at_first();
  Gradients g;
  for (int i = 0; i < rows; ++i) {
    Values h(width);
    for (int k = 0; k < width; ++k)
      for (int j = 0; j < width; ++j) h[k] += x[i * width + j] * w1[j * width + k];
    const double difference = std::inner_product(h.begin(), h.end(), w2.begin(), 0.0) - y[i];
    const double dout = 2 * difference / rows;
    g.loss += difference * difference / rows;
    g.db2[0] += dout;
    for (int k = 0; k < width; ++k) {
      const double dh = dout * w2[k];
      g.dw2[k] += dout * h[k];
      g.db1[k] += dh;
      for (int j = 0; j < width; ++j) g.dw1[j * width + k] += x[i * width + j] * dh;
    }
  }
  return g;
}

/// The first Adam step from zero moments: m = (1 - b1) g, v = (1 - b2) g^2, both bias-corrected to
/// g and g^2.
Values after_adam(Values p, const Values& g) {
  for (std::size_t i = 0; i < p.size(); ++i) p[i] -= lr * g[i] / (std::abs(g[i]) + eps);
  return p;
}

Case f32_case(std::string_view op, std::vector<Dimension> shape,
              std::vector<Parameter> parameters = {}) {
  return {.op = op, .shape = std::move(shape), .parameters = std::move(parameters)};
}

std::vector<OpStep> forward_backward() {
  return {{f32_case("matmul_nn", {{"m", rows}, {"n", width}, {"k", width}}), {"X", "W1", "XW1"}},
          {f32_case("bias", {{"m", rows}, {"n", width}}), {"XW1", "b1", "H"}},
          {f32_case("matmul_nn", {{"m", rows}, {"n", 1}, {"k", width}}), {"H", "W2", "HW2"}},
          {f32_case("bias", {{"m", rows}, {"n", 1}}), {"HW2", "b2", "out"}},
          {f32_case("mse", {{"n", rows}}), {"out", "Y", "loss", "dout"}},
          {f32_case("matmul_nt", {{"m", width}, {"n", 1}, {"k", rows}}), {"H", "dout", "dW2"}},
          {f32_case("bias_grad", {{"m", rows}, {"n", 1}}), {"dout", "db2"}},
          {f32_case("matmul_tn", {{"m", rows}, {"n", width}, {"k", 1}}), {"dout", "W2", "dH"}},
          {f32_case("matmul_nt", {{"m", width}, {"n", width}, {"k", rows}}), {"X", "dH", "dW1"}},
          {f32_case("bias_grad", {{"m", rows}, {"n", width}}), {"dH", "db1"}}};
}

// Twelve roundings of 2^-24 on sums of ten terms that are below 3 in absolute value.
constexpr double gradient_tolerance = 12 * 3 / 16777216.0;

// The step is lr g / (|g| + eps): where g is a rounding error its sign is chance, elsewhere it errs
// by some ten roundings of lr.
Expectation updated(std::string tensor, const Values& values, const Values& g) {
  Values tolerances;
  for (std::size_t i = 0; i < values.size(); ++i)
    tolerances.push_back(std::abs(g[i]) < 1e-3 ? 2 * lr : f32_ulps(values[i]) + 1e-5 * lr);
  return {.tensor = std::move(tensor), .values = values, .tolerances = std::move(tolerances)};
}

}  // namespace

ExpectedD expected_d(int ranks) {
  ExpectedD mean{
      .dw1 = Values(width * width), .db1 = Values(width), .dw2 = Values(width), .db2 = Values(1)};
  const auto add = [&](Values& sum, const Values& part) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i] / ranks;
  };
  for (int rank = 0; rank < ranks; ++rank) {
    const Gradients g = gradients_of(rank);
    mean.losses.push_back(g.loss);
    add(mean.dw1, g.dw1);
    add(mean.db1, g.db1);
    add(mean.dw2, g.dw2);
    add(mean.db2, g.db2);
  }
  mean.w1 = after_adam(w1_at_first(), mean.dw1);
  mean.b1 = after_adam(Values(width), mean.db1);
  mean.w2 = after_adam(w2_at_first(), mean.dw2);
  mean.b2 = after_adam(Values(1), mean.db2);
  return mean;
}

Network network_d(int ranks) {
  const ExpectedD expected = expected_d(ranks);
  Network net{.name = "D",
              .ranks = ranks,
              .initial = {{"X", x_of},
                          {"Y", y_of},
                          {"W1", [](int) { return w1_at_first(); }},
                          {"b1", [](int) { return Values(width); }},
                          {"W2", [](int) { return w2_at_first(); }},
                          {"b2", [](int) { return Values(1); }}},
              .steps = {{.ops = forward_backward()}}};
  TrainingStep& step = net.steps[0];
  for (int rank = 0; rank < ranks; ++rank)
    step.expected.push_back({.tensor = "loss",
                             .values = {expected.losses[std::size_t(rank)]},
                             .tolerances = {gradient_tolerance},
                             .rank = rank});
  struct Parameterised {
    std::string name;
    const Values &gradient, &after;
  };
  for (const auto& [name, gradient, after] : {Parameterised{"W1", expected.dw1, expected.w1},
                                              {"b1", expected.db1, expected.b1},
                                              {"W2", expected.dw2, expected.w2},
                                              {"b2", expected.db2, expected.b2}}) {
    const auto n = std::int64_t(gradient.size());
    std::string averaged = "d" + name;
    if (ranks > 1) {
      step.ops.push_back({f32_case(all_reduce_mean, {{"n", n}}), {averaged, "mean " + averaged}});
      averaged = "mean " + averaged;
    }
    for (const char* moment : {".m", ".v"})
      net.initial[name + moment] = [n](int) { return Values(std::size_t(n)); };
    step.ops.push_back(
        {f32_case("adam", {{"n", n}},
                  {{"lr", lr}, {"beta1", beta1}, {"beta2", beta2}, {"eps", eps}, {"step", 1}}),
         {name, name + ".m", name + ".v", averaged}});
    step.expected.push_back(
        {.tensor = averaged, .values = gradient, .tolerances = {gradient_tolerance}});
    step.expected.push_back(updated(name, after, gradient));
  }
  return net;
}

}  // namespace gpucheck
