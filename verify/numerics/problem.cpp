#include "verify/numerics/problem.hpp"

#include <fmt/format.h>

#include "verify/numerics/fill.hpp"

namespace gpucheck {
namespace {

std::string key_of(const Op& op, const Case& c) {
  std::string key =
      fmt::format("{} {} {} {} {} {} {} {}", op.name, name(c.dtype), name(c.accumulator),
                  name(c.output), op.shape_text(c), int(c.layout), name(c.inputs), c.seed);
  for (const auto& [parameter, value] : c.parameters)
    key += fmt::format(" {}={}", parameter, value);
  return key;
}

}  // namespace

Problem make_problem(const Op& op, const Case& c) {
  Problem problem{.tensors = op.tensors(c)};
  problem.values = filled(op, c, problem.tensors);
  problem.expected = op.reference(c, problem.values);
  return problem;
}

std::shared_ptr<const Problem> Problems::get(const Op& op, const Case& c) {
  const std::string key = key_of(op, c);
  if (last_ == nullptr || key != key_) {
    last_.reset();  // Before the next is made, so that two large ones never stand side by side.
    last_ = std::make_shared<const Problem>(make_problem(op, c));
    key_ = key;
  }
  return last_;
}

std::size_t size_bytes(const std::vector<Tensor>& tensors) {
  std::size_t sum = 0;
  for (const Tensor& tensor : tensors) sum += std::size_t(tensor.elements()) * bytes(tensor.dtype);
  return sum;
}

}  // namespace gpucheck
