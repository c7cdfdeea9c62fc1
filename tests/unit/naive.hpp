#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Sums of products, their magnitudes and the number of terms, element by element.
struct NaiveSums {
  Values values, magnitudes;
  std::vector<std::int64_t> terms;

  explicit NaiveSums(std::int64_t elements)
      : values(elements), magnitudes(elements), terms(elements) {}

  void add(std::int64_t at, double left, double right) {
    values[at] += left * right;
    magnitudes[at] += std::abs(left * right);
    ++terms[at];
  }
};

inline Values random_values(std::int64_t count, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Values values(count);
  for (double& value : values) value = uniform(generator);
  return values;
}

inline std::vector<Values> random_inputs(const Op& op, const Case& c) {
  std::vector<Values> inputs;
  for (const Tensor& tensor : op.tensors(c))
    if (tensor.role != Role::output)
      inputs.push_back(random_values(tensor.elements(), unsigned(inputs.size()) + 1));
  return inputs;
}

/// The product by its definition; the last two letters of the op say how a and b lie.
inline NaiveSums naive_matmul(const Case& c, const Values& a, const Values& b) {
  const std::int64_t m = c["m"], n = c["n"], k = c["k"];
  NaiveSums sums(m * n);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t p = 0; p < k; ++p) {
        const double left = c.op == "matmul_nt" ? a[p * m + i] : a[i * k + p];
        const double right = c.op == "matmul_tn" ? b[j * k + p] : b[p * n + j];
        sums.add(i * n + j, left, right);
      }
  return sums;
}

/// Calls `term` with the offsets in x, filter and y of every product that a convolution adds up.
template <class Term>
void for_each_convolution_term(const Case& c, const Term& term) {
  const bool last = c.layout == Layout::nhwc;
  const auto offset = [last](std::int64_t n, std::int64_t y, std::int64_t x, std::int64_t channel,
                             std::int64_t height, std::int64_t width, std::int64_t channels) {
    return last ? ((n * height + y) * width + x) * channels + channel
                : ((n * channels + channel) * height + y) * width + x;
  };
  const std::int64_t out_h =
      (c["h"] + 2 * c["pad"] - c["dilation"] * (c["r"] - 1) - 1) / c["stride"] + 1;
  const std::int64_t out_w =
      (c["w"] + 2 * c["pad"] - c["dilation"] * (c["s"] - 1) - 1) / c["stride"] + 1;
  const std::int64_t group_c = c["c"] / c["groups"], group_k = c["k"] / c["groups"];
  for (std::int64_t n = 0; n < c["n"]; ++n)
    for (std::int64_t k = 0; k < c["k"]; ++k)
      for (std::int64_t i = 0; i < out_h; ++i)
        for (std::int64_t j = 0; j < out_w; ++j)
          for (std::int64_t r = 0; r < c["r"]; ++r)
            for (std::int64_t s = 0; s < c["s"]; ++s)
              for (std::int64_t channel = 0; channel < group_c; ++channel) {
                const std::int64_t y = i * c["stride"] - c["pad"] + r * c["dilation"];
                const std::int64_t x = j * c["stride"] - c["pad"] + s * c["dilation"];
                if (y < 0 || y >= c["h"] || x < 0 || x >= c["w"]) continue;
                term(offset(n, y, x, k / group_k * group_c + channel, c["h"], c["w"], c["c"]),
                     offset(k, r, s, channel, c["r"], c["s"], group_c),
                     offset(n, i, j, k, out_h, out_w, c["k"]));
              }
}

/// One of the three convolutions by its definition.
inline NaiveSums naive_conv2d(const Op& op, const Case& c, const std::vector<Values>& inputs) {
  NaiveSums sums(op.tensors(c).back().elements());
  for_each_convolution_term(c, [&](std::int64_t x, std::int64_t filter, std::int64_t y) {
    if (op.name == "conv2d_fprop") sums.add(y, inputs[0][x], inputs[1][filter]);
    if (op.name == "conv2d_dgrad") sums.add(x, inputs[0][y], inputs[1][filter]);
    if (op.name == "conv2d_wgrad") sums.add(filter, inputs[0][x], inputs[1][y]);
  });
  return sums;
}

}  // namespace gpucheck
