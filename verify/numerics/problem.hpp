#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// A case with its numbers: inputs, and what the outputs should be.
struct Problem {
  std::vector<Tensor> tensors;
  std::vector<Values> values;      ///< One per tensor; empty for outputs.
  std::vector<Expected> expected;  ///< One per tensor that is not an input.
};

/// Fills the inputs and forms the float64 reference.
Problem make_problem(const Op& op, const Case& c);

/// Keeps the last problem, since the implementations of an op are asked for the same case one after
/// another.
class Problems {
 public:
  std::shared_ptr<const Problem> get(const Op& op, const Case& c);

 private:
  std::string key_;
  std::shared_ptr<const Problem> last_;
};

/// Bytes of all tensors of the problem in device memory.
std::size_t size_bytes(const std::vector<Tensor>& tensors);

}  // namespace gpucheck
