#pragma once

#include <vector>

#include "gpucheck/report.hpp"
#include "verify/numerics/compare.hpp"
#include "verify/numerics/fault.hpp"

namespace gpucheck {

/// Elements of one tensor in host memory.
using Elements = std::vector<unsigned char>;

/// What one call of an op should have written, and who was called.
struct Call {
  const Case& c;
  const std::vector<Tensor>& tensors;
  const std::vector<Expected>& expected;  ///< One per tensor that is not an input.
  Provider provider;
  int compute_capability = 0;  ///< 0: the CPU.
};

/// Compares all outputs of a call, in order of its tensors.
Compared compare_outputs(const Call& call, const std::vector<Elements>& got);

/// Plants faults in copies of outputs that passed.
SelfTest test_checker(const Call& call, const std::vector<Elements>& right);

/// Sets numbers, outcome and reason: failed where something is wrong; untrusted where the numbers
/// could not have shown it, or where the checker missed a planted fault; else passed.
void conclude(CaseResult& result, const Compared& compared, const SelfTest& test);

}  // namespace gpucheck
