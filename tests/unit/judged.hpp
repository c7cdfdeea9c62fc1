#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "kernels/convert.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/compare.hpp"
#include "verify/numerics/fill.hpp"

namespace gpucheck {

/// Another implementation of an op, on the CPU: from all tensors of a case (inputs and initial
/// inouts) to one Values for each tensor that is not an input.
using Emulation = std::function<std::vector<Values>(const Case&, const std::vector<Values>&)>;

/// What verify would say of these outputs of a case.
inline Compared judged(const Op& op, const Case& c, const std::vector<Values>& filled_tensors,
                       const std::vector<Values>& outputs) {
  const std::vector<Tensor> tensors = op.tensors(c);
  const std::vector<Expected> expected = op.reference(c, filled_tensors);
  Compared all;
  std::size_t output = 0;
  for (const Tensor& tensor : tensors) {
    if (tensor.role == Role::input) continue;
    std::vector<unsigned char> memory(outputs[output].size() * bytes(tensor.dtype));
    from_f64(tensor.dtype, outputs[output].data(), outputs[output].size(), memory.data());
    const Bound bound = bound_of(c, tensor, expected[output], Provider::kernel, 80);
    merge(all, compare({tensor, expected[output], bound}, memory.data()), tensor.name);
    ++output;
  }
  return all;
}

inline std::string text(const Op& op, const Case& c) {
  return case_id(op, {.name = "emulated"}, c);
}

/// Cases whose sums are formed in f32, which an emulation in float can stand for; large ones only
/// repeat.
inline std::vector<Case> emulated_cases(const Op& op) {
  std::vector<Case> chosen;
  for (const Case& c : op.cases()) {
    std::int64_t elements = 0;
    for (const Tensor& tensor : op.tensors(c)) elements = std::max(elements, tensor.elements());
    if (c.accumulator == Dtype::f32 && elements <= 70000) chosen.push_back(c);
  }
  return chosen;
}

/// The op's bounds hold for a right implementation, and its inputs could have shown an error.
inline void expect_right(const Op& op, const Emulation& emulation) {
  for (const Case& c : emulated_cases(op)) {
    const std::vector<Values> tensors = filled(op, c, op.tensors(c));
    const Compared compared = judged(op, c, tensors, emulation(c, tensors));
    EXPECT_EQ(compared.numbers.wrong, 0u) << text(op, c) << ": " << compared.numbers.pattern
                                          << ", error/bound " << compared.numbers.worst;
    EXPECT_EQ(compared.untrusted, "") << text(op, c);
  }
}

/// In every dtype some case of the op shows that the implementation is wrong.
inline void expect_caught(const Op& op, const Emulation& emulation, const std::string& mutant) {
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) {
    bool asked = false, caught = false;
    for (const Case& c : emulated_cases(op)) {
      if (c.dtype != dtype || caught) continue;
      asked = true;
      const std::vector<Values> tensors = filled(op, c, op.tensors(c));
      caught = judged(op, c, tensors, emulation(c, tensors)).numbers.wrong > 0;
    }
    EXPECT_EQ(asked, caught) << op.name << " " << name(dtype) << ": " << mutant;
  }
}

/// Indices 0 to n - 1, forward or backward: sums in two orders.
inline std::vector<std::size_t> order(std::size_t n, bool reversed) {
  std::vector<std::size_t> indices(n);
  for (std::size_t i = 0; i < n; ++i) indices[i] = reversed ? n - 1 - i : i;
  return indices;
}

}  // namespace gpucheck
