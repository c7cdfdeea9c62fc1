#include <cmath>

#include "gpucheck/op.hpp"

namespace gpucheck {

// (n - 1) * u * sum |x| in any order (Rump, BIT 52, 2012); the output has the accumulator's dtype.
std::vector<Expected> sum_reference(const Case& c, const std::vector<Values>& tensors) {
  long double sum = 0;  // Wider than float64, or a float64 result could not be judged by it.
  double magnitude = 0;
  for (const double x : tensors[0]) {
    sum += x;
    magnitude += std::abs(x);
  }
  return {{.values = {double(sum)}, .magnitudes = {magnitude}, .roundings = double(c["n"] - 1)}};
}

}  // namespace gpucheck
