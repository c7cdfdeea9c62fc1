#include <cmath>

#include "gpucheck/op.hpp"

namespace gpucheck {

std::vector<Expected> bias_reference(const Case& c, const std::vector<Values>& tensors) {
  const Values& x = tensors[0];
  const Values& b = tensors[1];
  const std::size_t n = std::size_t(c["n"]);
  // One addition of exact inputs: its rounding is relative to the result, however much cancels.
  Expected y{.values = Values(x.size()), .magnitudes = Values(x.size()), .roundings = 1};
  for (std::size_t i = 0; i < x.size(); ++i) {
    y.values[i] = x[i] + b[i % n];
    y.magnitudes[i] = std::abs(y.values[i]);
  }
  return {y};
}

}  // namespace gpucheck
