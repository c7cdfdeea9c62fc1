#pragma once

#include <cstdint>
#include <vector>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Largest |a| of exact inputs: whatever the order of summation, every partial sum of `terms`
/// products of two of them is representable in the accumulator, and each input in its dtype. 0:
/// there are no exact inputs for so many terms.
std::int64_t exact_range(const Case& c, std::int64_t terms);

/// Deterministic values of input number `index`, from the seed and the index of each 64-element
/// chunk alone, so that any number of threads and any device get the same: U[-1, 1] rounded to
/// `dtype`, or integers up to `range`.
void fill_real(std::uint64_t seed, std::size_t index, Dtype dtype, Values& values);
void fill_exact(std::uint64_t seed, std::size_t index, std::int64_t range, Values& values);

/// Values of all tensors of a case: inputs and initial inouts filled, outputs empty.
std::vector<Values> filled(const Op& op, const Case& c, const std::vector<Tensor>& tensors);

}  // namespace gpucheck
