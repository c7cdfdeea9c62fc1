#include <bit>
#include <cmath>
#include <cstdint>

#include "verify/workload/network.hpp"

namespace gpucheck {
namespace {

std::function<Values(int)> constant(Values values) {
  return [values = std::move(values)](int) { return values; };
}

Case f32_case(std::string_view op, std::vector<Dimension> shape,
              std::vector<Parameter> parameters = {}) {
  return {.op = op, .shape = std::move(shape), .parameters = std::move(parameters)};
}

/// Y = X W + b, out = sum(Y) and the gradients, X being 2 x 2 and W 2 x `width`.
std::vector<OpStep> linear_forward_backward(std::int64_t width) {
  return {{f32_case("matmul_nn", {{"m", 2}, {"n", width}, {"k", 2}}), {"X", "W", "XW"}},
          {f32_case("bias", {{"m", 2}, {"n", width}}), {"XW", "b", "Y"}},
          {f32_case("sum", {{"n", 2 * width}}), {"Y", "out"}},
          {f32_case("matmul_nt", {{"m", 2}, {"n", width}, {"k", 2}}), {"X", "dY", "dW"}},
          {f32_case("bias_grad", {{"m", 2}, {"n", width}}), {"dY", "db"}}};
}

Network linear(std::string name, std::int64_t width, double weight, Values bias) {
  const std::size_t n = std::size_t(width);
  return {.name = std::move(name),
          .initial = {{"X", constant({1, 2, 3, 4})},
                      {"W", constant(Values(2 * n, weight))},
                      {"b", constant(std::move(bias))},
                      {"dY", constant(Values(2 * n, 1))}},
          .steps = {{.ops = linear_forward_backward(width)}}};
}

/// Row 0 and row 1 of a 2 x `width` tensor.
Values rows(double first, double second, std::size_t width) {
  Values values(width, first);
  values.insert(values.end(), width, second);
  return values;
}

double f32_bits(std::uint32_t bits) { return double(std::bit_cast<float>(bits)); }

Expectation exactly(std::string tensor, Values values) {
  return {.tensor = std::move(tensor), .values = std::move(values), .tolerances = {0}};
}

Expectation within_ulps(std::string tensor, Values values, double ulps = 1) {
  Values tolerances;
  for (const double value : values) tolerances.push_back(f32_ulps(value, ulps));
  return {.tensor = std::move(tensor),
          .values = std::move(values),
          .tolerances = std::move(tolerances)};
}

Expectation relative(std::string tensor, Values values, double tolerance) {
  Values tolerances;
  for (const double value : values) tolerances.push_back(std::abs(value) * tolerance);
  return {.tensor = std::move(tensor),
          .values = std::move(values),
          .tolerances = std::move(tolerances)};
}

// 0.1 is the one weight no binary format holds: TF32 and f16 keep 10 fraction bits of it, bf16 7.
std::vector<Fingerprint> precisions(double offset) {
  return {{2.999267578125 + offset, 1e-6, "the value of TF32 or f16 inputs: f32 was asked"},
          {3.0029296875 + offset, 1e-6, "the value of bf16 inputs: f32 was asked"}};
}

OpStep adam_step(std::int64_t n, const std::string& parameter, std::string gradient) {
  std::vector<std::string> tensors = {parameter, parameter + ".m", parameter + ".v",
                                      std::move(gradient)};
  return {f32_case("adam", {{"n", n}},
                   {{"lr", 1e-3}, {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"step", 1}}),
          std::move(tensors)};
}

}  // namespace

double f32_ulps(double value, double ulps) {
  return ulps * (std::nextafter(std::abs(float(value)), INFINITY) - std::abs(float(value)));
}

Network network_a() {
  Network net = linear("A", 3, 0.1, {0, 0, 0});
  // In f32 the sum is 0x403fffff, 0x40400000 or 0x40400001, by the order of summation: 3 within one
  // unit in the last place.
  Expectation out = within_ulps("out", {3});
  out.fingerprints = precisions(0);
  // 3 and 7 times the f32 nearest to 0.1; the second may round up or down.
  const double weight = double(0.1F);
  net.steps[0].expected = {out, within_ulps("Y", rows(3 * weight, 7 * weight, 3)),
                           exactly("dW", rows(4, 6, 3)), exactly("db", {2, 2, 2})};
  return net;
}

Network network_b() {
  Network net = linear("B", 4, 0.5, {1, 1, 1, 1});
  const std::pair<std::string, std::int64_t> parameters[] = {{"W", 8}, {"b", 4}};
  for (const auto& [parameter, n] : parameters) {
    for (const char* moment : {".m", ".v"})
      net.initial[parameter + moment] = constant(Values(std::size_t(n), 0));
    net.steps[0].ops.push_back(adam_step(n, parameter, "d" + parameter));
  }
  // Moments: 1 - beta may be formed in f32 or f64, which moves m by 2.4e-7 and v by 1.3e-5 of
  // itself.
  net.steps[0].expected = {exactly("out", {28}),
                           exactly("Y", rows(2.5, 4.5, 4)),
                           exactly("dW", rows(4, 6, 4)),
                           exactly("db", {2, 2, 2, 2}),
                           within_ulps("W", {f32_bits(0x3eff7cee)}),
                           within_ulps("b", {f32_bits(0x3f7fbe77)}),
                           relative("W.m", rows(0.4, 0.6, 4), 1e-6),
                           relative("W.v", rows(0.016, 0.036, 4), 2e-5),
                           relative("b.m", {0.2}, 1e-6),
                           relative("b.v", {0.004}, 2e-5)};
  return net;
}

Network network_c(int ranks) {
  const Values bias = {0.5, -0.25, 0.125};
  Network net = linear("C", 3, 0.1, bias);
  net.ranks = ranks;
  TrainingStep& step = net.steps[0];
  const std::pair<std::string, std::int64_t> parameters[] = {{"W", 6}, {"b", 3}};
  for (const auto& [parameter, n] : parameters) {
    std::string gradient = "d" + parameter;
    if (ranks > 1) {
      step.ops.push_back({f32_case(all_reduce_mean, {{"n", n}}), {gradient, "mean " + gradient}});
      gradient = "mean " + gradient;
    }
    net.initial[parameter + ".velocity"] = constant(Values(std::size_t(n), 0));
    step.ops.push_back(
        {f32_case("sgd", {{"n", n}}, {{"lr", 0.01}, {"momentum", 0}, {"weight_decay", 0}}),
         {parameter, parameter + ".velocity", gradient}});
    // Identical shards: their mean is each of them.
    const Values values = parameter == "W" ? rows(4, 6, 3) : Values(3, 2);
    step.expected.push_back(exactly("d" + parameter, values));
    if (ranks > 1) step.expected.push_back(exactly(gradient, values));
  }
  // loss = 3 + 2 sum(b); the products with 0.1 err by less than 1e-6.
  Expectation loss{
      .tensor = "out", .values = {3.75}, .tolerances = {1e-6}, .fingerprints = precisions(0.75)};
  step.expected.push_back(loss);
  step.expected.push_back(within_ulps("W", rows(f32_bits(0x3d75c290), f32_bits(0x3d23d70b), 3)));
  step.expected.push_back(within_ulps("b", {0.48, -0.27, 0.105}));
  return net;
}

Network network(char letter, int ranks) {
  switch (letter) {
    case 'A': return network_a();
    case 'B': return network_b();
    case 'C': return network_c(ranks);
    case 'D': return network_d(ranks);
    default: return network_e();
  }
}

}  // namespace gpucheck
