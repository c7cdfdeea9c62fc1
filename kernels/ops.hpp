#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Every op there is, one row each; `list`, `verify` and the tests follow from it.
std::span<const Op* const> all_ops();

/// The op of that name, or null.
const Op* find_op(std::string_view name);

/// Names and values of the dimensions in order, "m8n8k8": the shape_text of most ops.
std::string joined_shape(const Case&);

/// The dtype in which sums of `inputs` are formed: f64 for f64, f32 for all others.
constexpr Dtype accumulator_of(Dtype inputs) {
  return inputs == Dtype::f64 ? Dtype::f64 : Dtype::f32;
}

/// An error that is there when the output is rounded is rounded too: it grows by 1 + u(output),
/// bf16's at the most.
inline constexpr double rounded_errors = 1 + 1.0 / 256;

/// The parameter as the accumulator holds it: 0.9 is 0.899999976 in f32, for the device and for its
/// reference.
double held_parameter(const Case&, std::string_view name);

/// Roundings of the reference itself, in units of u(accumulator): it is a float64, beside which
/// f32's are none.
constexpr double reference_roundings(Dtype accumulator) {
  return accumulator == Dtype::f64 ? 1 : 0;
}

/// `unavailable` of an implementation that has no limits.
std::string available_anywhere(const Device&, const Case&);

/// op/implementation/dtype/shape/inputs.
std::string case_id(const Op&, const Implementation&, const Case&);

}  // namespace gpucheck
