#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

/// 1 - beta^step, and its relative error in units of u.
struct Correction {
  long double value;
  double error;
};

// beta^step by repeated multiplication rounds step - 1 times; a pow of 1 ulp errs by up to 2. The
// difference from 1 cancels: the error grows by beta^step / (1 - beta^step). It is exact at step 1.
Correction correction(double beta, double step) {
  const long double power =
      std::pow(static_cast<long double>(beta), static_cast<long double>(step));
  return {1 - power, step == 1 ? 1 : 2 * (step - 1) * double(power / (1 - power)) + 1};
}

}  // namespace

// m' = b1 m + (1 - b1) g and v' = b2 v + (1 - b2) g^2, where 1 - b is the difference of the b that
// the accumulator holds (exact from 1/2 to 1): at most a square, a product and an addition, and one
// for products of errors. p' = p - lr / (1 - b1^step) * m' / (sqrt(v') / sqrt(1 - b2^step) + eps);
// square root and division are correctly rounded (CUDA C++ Programming Guide, "Mathematical
// Functions", without -use_fast_math).
std::vector<Expected> adam_reference(const Case& c, const std::vector<Values>& tensors) {
  const long double b1 = held_parameter(c, "beta1"), b2 = held_parameter(c, "beta2");
  const double lr = held_parameter(c, "lr"), eps = held_parameter(c, "eps");
  const Correction first = correction(double(b1), c.parameter("step"));
  const Correction second = correction(double(b2), c.parameter("step"));
  const std::size_t n = tensors[0].size();
  Expected p{.values = Values(n), .magnitudes = Values(n), .roundings = 1};
  Expected m{.values = Values(n), .magnitudes = Values(n), .roundings = 3};
  Expected v{.values = Values(n), .magnitudes = Values(n), .roundings = 4};
  // Of the step p' - p, relative to what it would be with |m| and |g|: 3 from m', 4/2 from v', half
  // the error of 1 - b2^step, and one each for two square roots, their quotient, + eps, m / (), lr
  // / (), the product, and products of errors.
  const double step_roundings = 3 + 2 + second.error / 2 + first.error + 8;
  for (std::size_t i = 0; i < n; ++i) {
    const long double g = tensors[3][i];
    const long double next_m = b1 * tensors[1][i] + (1 - b1) * g,
                      next_v = b2 * tensors[2][i] + (1 - b2) * g * g;
    const long double scale =
        lr / first.value / (std::sqrt(next_v) / std::sqrt(second.value) + eps);
    m.values[i] = double(next_m);
    m.magnitudes[i] = double(b1 * std::abs(tensors[1][i]) + (1 - b1) * std::abs(g));
    v.values[i] = v.magnitudes[i] = double(next_v);
    p.values[i] = double(tensors[0][i] - scale * next_m);
    p.magnitudes[i] = double(scale) * m.magnitudes[i] * step_roundings +
                      reference_roundings(c.accumulator) * std::abs(p.values[i]);
  }
  return {p, m, v};
}

}  // namespace gpucheck
