#include <cmath>

#include "gpucheck/op.hpp"

namespace gpucheck {

// A sum of m terms in any order errs by at most (m - 1) * u * sum |terms|, without terms of higher
// order (Rump, "Error estimation of floating-point summation and dot product", BIT 52, 2012).
std::vector<Expected> bias_grad_reference(const Case& c, const std::vector<Values>& tensors) {
  const Values& dy = tensors[0];
  const std::size_t m = std::size_t(c["m"]), n = std::size_t(c["n"]);
  Expected db{.values = Values(n), .magnitudes = Values(n), .roundings = double(m - 1)};
  for (std::size_t column = 0; column < n; ++column) {
    long double sum = 0;  // Wider than float64, or a float64 result could not be judged by it.
    for (std::size_t row = 0; row < m; ++row) {
      const double term = dy[row * n + column];
      sum += term;
      db.magnitudes[column] += std::abs(term);
    }
    db.values[column] = double(sum);
  }
  return {db};
}

}  // namespace gpucheck
