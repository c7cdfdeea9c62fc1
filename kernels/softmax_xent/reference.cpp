#include <algorithm>
#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

// Error bounds in units of u(accumulator); CUDA's maximum errors are those of the CUDA C++
// Programming Guide, "Mathematical Functions": expf 2 ulp, logf 1 ulp, exp 1 ulp, log 1 ulp,
// division correctly rounded. 1 ulp is at most 2 u relative. Twice CUDA's errors are allowed, for
// what cuDNN and oneDNN do not document.
constexpr double exp_error = 8;
constexpr double log_error = 4;

struct Row {
  long double max = 0, sum = 0;  // sum of exp(x - max)
  double range = 0;              // largest |x - max|
  double sum_error = 0;          // relative, of sum
  double log_sum_error = 0;      // absolute, of log(sum)
};

// sum: every term is positive, so its relative error is that of exp, of the argument x - max (its
// rounding, u |x - max|, becomes relative through exp), and of n - 1 additions. A single-pass
// softmax also rescales its partial sum by exp(old max - new max), an exp and a product for each
// doubling of the row.
Row row_of(const double* x, std::size_t n) {
  Row row{.max = *std::max_element(x, x + n)};
  for (std::size_t j = 0; j < n; ++j) {
    row.sum += std::exp(x[j] - row.max);
    row.range = std::max(row.range, double(row.max - x[j]));
  }
  const double count = double(n);
  row.sum_error = count - 1 + (exp_error + 1) * (1 + std::log2(count)) + row.range;
  row.log_sum_error = row.sum_error + log_error * double(std::log(row.sum));
  return row;
}

}  // namespace

// loss = log(sum) - (x[label] - max), or (max + log(sum)) - x[label]: the roundings of either's
// steps.
std::vector<Expected> softmax_xent_reference(const Case& c, const std::vector<Values>& tensors) {
  const Values& x = tensors[0];
  const std::size_t m = std::size_t(c["m"]), n = std::size_t(c["n"]);
  // The magnitudes are counted in roundings already. Products of errors are below 1 % of them.
  Expected loss{.values = Values(m), .magnitudes = Values(m), .roundings = 1.01};
  for (std::size_t i = 0; i < m; ++i) {
    const Row row = row_of(&x[i * n], n);
    const long double at_label = x[i * n + std::size_t(tensors[1][i])];
    const long double log_sum = std::log(row.sum);
    const long double value = log_sum - (at_label - row.max);
    loss.values[i] = double(value);
    loss.magnitudes[i] = row.log_sum_error +
                         double(std::abs(row.max + log_sum) + std::abs(at_label - row.max) + value);
  }
  return {loss};
}

// g = (p - [j = label]) / m with p = exp(x - max) / sum, or exp(x - (max + log(sum))), where the
// rounding of max + log(sum), u |max + log(sum)|, becomes relative through exp. p - 1 cancels near
// p = 1, so that the error is relative to p and not to the result.
std::vector<Expected> softmax_xent_grad_reference(const Case& c,
                                                  const std::vector<Values>& tensors) {
  const Values& x = tensors[0];
  const std::size_t m = std::size_t(c["m"]), n = std::size_t(c["n"]);
  Expected grad{.values = Values(m * n), .magnitudes = Values(m * n), .roundings = 1.01};
  for (std::size_t i = 0; i < m; ++i) {
    const Row row = row_of(&x[i * n], n);
    const long double log_sum = std::log(row.sum);
    const double shared =
        row.log_sum_error + exp_error + row.range + double(std::abs(row.max + log_sum)) + 1;
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t at = i * n + j;
      const double hit = j == std::size_t(tensors[1][i]) ? 1 : 0;
      const long double exponent = x[at] - row.max - log_sum;
      const long double p = std::exp(exponent);
      grad.values[at] = double((p - hit) / static_cast<long double>(m));
      // The difference, 1 / m and the product: 3, in either order.
      const double error =
          double(p) * (shared + double(std::abs(exponent))) + 3 * (double(p) + hit);
      grad.magnitudes[at] = error / double(m);
    }
  }
  return {grad};
}

}  // namespace gpucheck
