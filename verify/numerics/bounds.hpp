#pragma once

#include "gpucheck/op.hpp"

namespace gpucheck {

/// How far an output element may be from its float64 reference c64, which was `magnitude` in
/// absolute terms: |c - c64| <= sums * magnitude + output * |c64| + spacing, or, where no sum was
/// rounded, not at all from the rounded c64.
struct Bound {
  double sums = 0;     ///< roundings * u(accumulator); 0 demands the rounded reference itself.
  double output = 0;   ///< u of the output dtype.
  double spacing = 0;  ///< Half the distance of subnormal outputs.

  double allowance(double value, double magnitude) const;
};

/// Products that a tensor core of this compute capability adds in one block (n_b).
int tensor_core_block(int compute_capability);

/// Unit roundoff of one addition in the accumulator of that implementation.
double unit_roundoff(const Case& c, Provider provider, int compute_capability);

/// The bound of an output tensor of `c`.
Bound bound_of(const Case& c, const Tensor& tensor, const Expected& expected, Provider provider,
               int compute_capability);

}  // namespace gpucheck
