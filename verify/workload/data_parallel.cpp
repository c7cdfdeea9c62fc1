#include <algorithm>
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

/// Sums, and for the bound of each the sum of its terms' absolute values.
struct Sums {
  Values values, magnitudes;

  explicit Sums(std::size_t n) : values(n), magnitudes(n) {}
  void add(std::size_t i, double term) {
    values[i] += term;
    magnitudes[i] += std::abs(term);
  }
};

struct Gradients {
  Values losses;                                            ///< Per rank.
  Sums dw1{width * width}, db1{width}, dw2{width}, db2{1};  ///< Averaged over ranks.
};

void add_rank(Gradients& g, int rank, int ranks) {
  const Values x = x_of(rank), y = y_of(rank), w1 = w1_at_first(), w2 = w2_at_first();
  double loss = 0;
  for (int i = 0; i < rows; ++i) {
    Values h(width);
    for (int k = 0; k < width; ++k)
      for (int j = 0; j < width; ++j) h[k] += x[i * width + j] * w1[j * width + k];
    const double difference = std::inner_product(h.begin(), h.end(), w2.begin(), 0.0) - y[i];
    const double dout = 2 * difference / rows / ranks;
    loss += difference * difference / rows;
    g.db2.add(0, dout);
    for (int k = 0; k < width; ++k) {
      const double dh = dout * w2[k];
      g.dw2.add(k, dout * h[k]);
      g.db1.add(k, dh);
      for (int j = 0; j < width; ++j) g.dw1.add(j * width + k, x[i * width + j] * dh);
    }
  }
  g.losses.push_back(loss);
}

Gradients gradients_of(int ranks) {
  Gradients g;
  for (int rank = 0; rank < ranks; ++rank) add_rank(g, rank, ranks);
  return g;
}

/// The first Adam step from zero moments: m = (1 - b1) g, v = (1 - b2) g^2, both bias-corrected to
/// g and g^2.
double adam_step(double g) { return lr * g / (std::abs(g) + eps); }

Values after_adam(Values p, const Values& g) {
  for (std::size_t i = 0; i < p.size(); ++i) p[i] -= adam_step(g[i]);
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

constexpr double u = 1.0 / 16777216;  // Of f32.

// A loss has terms d^2 / 10 with an exact d: a square, nine additions and two for the mean.
double loss_tolerance(double loss) { return (1 + rows - 1 + 2) * u * loss; }

// What a gradient can err by. Its terms carry up to three roundings from dout = d (2 / 10), d being
// exact, one from dh and one from the product with x or h; rows - 1 additions; and ranks + 1 from
// the mean. Without any term but zeros it is zero, and so exactly.
double gradient_roundings(int ranks) { return 3 + 1 + 1 + rows - 1 + (ranks > 1 ? ranks + 1 : 0); }

Expectation averaged_gradient(std::string tensor, const Sums& g, int ranks) {
  Values tolerances;
  for (const double magnitude : g.magnitudes)
    tolerances.push_back(gradient_roundings(ranks) * u * magnitude);
  return {.tensor = std::move(tensor), .values = g.values, .tolerances = std::move(tolerances)};
}

// The step grows with g from -lr to lr, mostly where |g| is near eps, so a gradient that errs by e
// steps to between the steps of g - e and g + e. To that come the step's own roundings, 14.5 by
// adam_reference and one of lr, and the one of the weight. A gradient of zero steps nowhere: then
// m, v and m / (sqrt(v) + eps) are zeros.
double step_tolerance(double w, double g, double e) {
  if (g == 0 && e == 0) return 0;
  const double step = adam_step(g);
  const double reach = std::max(adam_step(g + e) - step, step - adam_step(g - e));
  return reach + 16 * u * lr + f32_ulps(w);
}

Expectation updated(std::string tensor, const Values& w, const Expectation& gradient) {
  Values tolerances;
  for (std::size_t i = 0; i < w.size(); ++i)
    tolerances.push_back(step_tolerance(w[i], gradient.values[i], gradient.tolerances[i]));
  return {.tensor = std::move(tensor), .values = w, .tolerances = std::move(tolerances)};
}

}  // namespace

ExpectedD expected_d(int ranks) {
  const Gradients g = gradients_of(ranks);
  return {.losses = g.losses,
          .dw1 = g.dw1.values,
          .db1 = g.db1.values,
          .dw2 = g.dw2.values,
          .db2 = g.db2.values,
          .w1 = after_adam(w1_at_first(), g.dw1.values),
          .b1 = after_adam(Values(width), g.db1.values),
          .w2 = after_adam(w2_at_first(), g.dw2.values),
          .b2 = after_adam(Values(1), g.db2.values)};
}

Network network_d(int ranks) {
  const ExpectedD expected = expected_d(ranks);
  const Gradients g = gradients_of(ranks);
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
                             .tolerances = {loss_tolerance(expected.losses[std::size_t(rank)])},
                             .rank = rank});
  struct Parameterised {
    std::string name;
    const Sums& gradient;
    const Values& after;
  };
  for (const auto& [name, gradient, after] : {Parameterised{"W1", g.dw1, expected.w1},
                                              {"b1", g.db1, expected.b1},
                                              {"W2", g.dw2, expected.w2},
                                              {"b2", g.db2, expected.b2}}) {
    const auto n = std::int64_t(after.size());
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
    const Expectation of_gradient = averaged_gradient(averaged, gradient, ranks);
    step.expected.push_back(of_gradient);
    step.expected.push_back(updated(name, after, of_gradient));
  }
  return net;
}

}  // namespace gpucheck
