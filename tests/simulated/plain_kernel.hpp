#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/convert.hpp"
#include "kernels/device/buffer.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/compare.hpp"
#include "verify/numerics/problem.hpp"

namespace gpucheck {

/// Runs our kernel for a case on the simulated GPU, in buffers that end where their tensors end,
/// and compares what it leaves in poisoned outputs with the reference.
inline Compared run_plain(const Op& op, const Case& c) {
  const auto plain =
      std::ranges::find(op.implementations, std::string_view("plain"), &Implementation::name);
  const Place& place = *gpu_place(0);
  const Problem problem = make_problem(op, c);
  std::vector<std::unique_ptr<Buffer>> memory;
  Buffers buffers;
  for (std::size_t i = 0; i < problem.tensors.size(); ++i) {
    const Tensor& tensor = problem.tensors[i];
    std::vector<std::byte> elements(std::size_t(tensor.elements()) * bytes(tensor.dtype));
    memory.push_back(std::make_unique<Buffer>(place, elements.size()));
    buffers.tensors.push_back(memory.back()->data());
    if (tensor.role == Role::output) continue;
    from_f64(tensor.dtype, problem.values[i].data(), problem.values[i].size(), elements.data());
    memory.back()->copy_in(elements.data());
  }
  plain->prepare(c, buffers)(place.stream());
  place.synchronize();
  Compared compared;
  std::size_t output = 0;
  for (std::size_t i = 0; i < problem.tensors.size(); ++i) {
    const Tensor& tensor = problem.tensors[i];
    if (tensor.role == Role::input) continue;
    std::vector<std::byte> elements(std::size_t(tensor.elements()) * bytes(tensor.dtype));
    memory[i]->copy_out(elements.data());
    const Expected& expected = problem.expected[output++];
    const Bound bound = bound_of(c, tensor, expected, Provider::kernel, 0);
    merge(compared, compare({tensor, expected, bound}, elements.data()), tensor.name);
  }
  return compared;
}

}  // namespace gpucheck
