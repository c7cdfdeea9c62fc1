#include "verify/numerics/bounds.hpp"

#include <cmath>

#include "kernels/convert.hpp"

namespace gpucheck {

double Bound::allowance(double value, double magnitude) const {
  const double sum = sums * magnitude;
  // c = c'(1 + d) + e with |c' - c64| <= sum, |d| <= output, |e| <= spacing; so |c'| <= |c64| +
  // sum.
  return sum == 0 ? 0 : sum + output * (std::abs(value) + sum) + spacing;
}

int tensor_core_block(int compute_capability) {
  // Products added at once: Volta and Turing 4, Ampere and Ada 8, Hopper 16 (Fasi, Higham,
  // Mikaitis, Pranesh, PeerJ CS 2021; Khattak & Mikaitis, arXiv:2512.07004). Later ones are not
  // published: the smallest gives the widest bound.
  if (compute_capability >= 100 || compute_capability < 80) return 4;
  return compute_capability < 90 ? 8 : 16;
}

double unit_roundoff(const Case& c, Provider provider, int compute_capability) {
  const double nearest = std::ldexp(1, -significand_bits(c.accumulator));
  const bool tensor_core =
      provider == Provider::vendor && (c.dtype == Dtype::f16 || c.dtype == Dtype::bf16);
  if (!tensor_core) return nearest;
  // Tensor cores align the n_b products of a block and their accumulator and truncate: K products
  // pass through K + K / n_b truncations of at most 2u each (Blanchard, Higham, Lopez, Mary,
  // Pranesh, SISC 42(3), 2020).
  return (1 + 1.0 / tensor_core_block(compute_capability)) * 2 * nearest;
}

Bound bound_of(const Case& c, const Tensor& tensor, const Expected& expected, Provider provider,
               int compute_capability) {
  // On exact inputs nothing is rounded but the output, whatever the order: every implementation
  // agrees bit for bit.
  if (c.inputs == Inputs::exact || expected.magnitudes.empty()) return {};
  // The reference rounds as often, in float64: negligible beside f32, as much again beside f64.
  return {.sums = expected.roundings *
                  (unit_roundoff(c, provider, compute_capability) + std::ldexp(1, -53)),
          .output = std::ldexp(1, -significand_bits(tensor.dtype)),
          .spacing = smallest_subnormal(tensor.dtype) / 2};
}

}  // namespace gpucheck
