#include <cmath>

#include "gpucheck/op.hpp"

namespace gpucheck {

std::vector<Expected> mse_reference(const Case& c, const std::vector<Values>& tensors) {
  const Values& out = tensors[0];
  const Values& target = tensors[1];
  const std::size_t n = out.size();
  // All terms of the loss are positive. Each is a difference (its rounding counts twice in the
  // square) and a square; n - 1 additions; 1/n and its product, or one division. One more covers
  // products of these errors: they are below n^2 * u^2, less than u for every n < 4096.
  Expected loss{.values = {0}, .magnitudes = {0}, .roundings = double(n - 1) + 3 + 2 + 1};
  // A difference of exact inputs, 2/n and the product: each relative to the result.
  Expected grad{.values = Values(n), .magnitudes = Values(n), .roundings = 3};
  long double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const long double difference = static_cast<long double>(out[i]) - target[i];
    sum += difference * difference;
    grad.values[i] = double(2 * difference / static_cast<long double>(n));
    grad.magnitudes[i] = std::abs(grad.values[i]);
  }
  loss.values[0] = double(sum / static_cast<long double>(c["n"]));
  loss.magnitudes[0] = loss.values[0];
  return {loss, grad};
}

}  // namespace gpucheck
