#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {

// v' = momentum * v + (g + decay * w): a product and up to two additions on the longest way, one of
// which may be fused. w' = w - lr * v': the product on top; the last subtraction is the output's
// own rounding. One more covers products of these errors.
std::vector<Expected> sgd_reference(const Case& c, const std::vector<Values>& tensors) {
  const Values& w = tensors[0];
  const Values& v = tensors[1];
  const Values& g = tensors[2];
  const double lr = held_parameter(c, "lr"), momentum = held_parameter(c, "momentum"),
               decay = held_parameter(c, "weight_decay");
  const std::size_t n = w.size();
  Expected weight{.values = Values(n), .magnitudes = Values(n), .roundings = 1};
  Expected velocity{.values = Values(n), .magnitudes = Values(n), .roundings = 4};
  for (std::size_t i = 0; i < n; ++i) {
    const long double moved = static_cast<long double>(momentum) * v[i],
                      decayed = static_cast<long double>(decay) * w[i];
    const long double next = moved + (g[i] + decayed);
    velocity.values[i] = double(next);
    velocity.magnitudes[i] = double(std::abs(moved) + std::abs(decayed)) + std::abs(g[i]);
    weight.values[i] = double(w[i] - lr * next);
    weight.magnitudes[i] = 5 * lr * velocity.magnitudes[i] +
                           reference_roundings(c.accumulator) * std::abs(weight.values[i]);
  }
  return {weight, velocity};
}

}  // namespace gpucheck
