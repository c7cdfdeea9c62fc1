#pragma once

#include <cstddef>
#include <cstdint>

#include "gpucheck/dtype.hpp"

namespace gpucheck {

/// Elements of `dtype` as float64: exact for all dtypes; a NaN stays a NaN.
void to_f64(Dtype dtype, const void* elements, std::size_t count, double* values);

/// float64 to elements of `dtype`, rounded once, to nearest even: subnormals are kept, overflow
/// becomes infinity, a NaN stays a NaN. s32 saturates, and a NaN becomes its smallest value.
void from_f64(Dtype dtype, const double* values, std::size_t count, void* elements);

/// `value` as an element of `dtype` would hold it.
double rounded(Dtype dtype, double value);

/// `count` values rounded in place.
void round_to(Dtype dtype, double* values, std::size_t count);

/// The raw bits of element `index`, in the low bits of the result.
std::uint64_t element_bits(Dtype dtype, const void* elements, std::size_t index);

/// The raw bits of `value` as an element of `dtype`.
std::uint64_t value_bits(Dtype dtype, double value);

/// Smallest positive normal number and largest finite one; for s32 1 and 2^31 - 1.
double smallest_normal(Dtype dtype);
double largest_finite(Dtype dtype);

/// Distance between neighbouring subnormal numbers; 0 for s32, whose rounding is absolute.
double smallest_subnormal(Dtype dtype);

}  // namespace gpucheck
