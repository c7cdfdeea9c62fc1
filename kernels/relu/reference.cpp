#include "gpucheck/op.hpp"

namespace gpucheck {

// Both only copy and compare: the result has the bits of an input, and no magnitudes.
std::vector<Expected> relu_reference(const Case&, const std::vector<Values>& tensors) {
  Expected y{.values = tensors[0], .magnitudes = {}, .roundings = 0};
  for (double& value : y.values)
    if (value <= 0) value = 0;
  return {y};
}

std::vector<Expected> relu_grad_reference(const Case&, const std::vector<Values>& tensors) {
  const Values& y = tensors[0];
  Expected dx{.values = tensors[1], .magnitudes = {}, .roundings = 0};
  for (std::size_t i = 0; i < y.size(); ++i)
    if (y[i] <= 0) dx.values[i] = 0;
  return {dx};
}

}  // namespace gpucheck
