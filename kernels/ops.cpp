#include "kernels/ops.hpp"

#include <algorithm>
#include <array>

namespace gpucheck {

// One op: its declaration here and its place in the list below.
const Op& matmul_tn_op();
const Op& matmul_nn_op();
const Op& matmul_nt_op();
const Op& conv2d_fprop_op();
const Op& conv2d_dgrad_op();
const Op& conv2d_wgrad_op();
const Op& bias_op();
const Op& bias_grad_op();
const Op& relu_op();
const Op& relu_grad_op();
const Op& max_pool_op();
const Op& max_pool_grad_op();
const Op& softmax_xent_op();
const Op& softmax_xent_grad_op();
const Op& sum_op();
const Op& mse_op();
const Op& sgd_op();
const Op& adam_op();

std::span<const Op* const> all_ops() {
  static const std::vector<const Op*> ops = {
      &matmul_tn_op(),    &matmul_nn_op(),
      &matmul_nt_op(),    &conv2d_fprop_op(),
      &conv2d_dgrad_op(), &conv2d_wgrad_op(),
      &bias_op(),         &bias_grad_op(),
      &relu_op(),         &relu_grad_op(),
      &max_pool_op(),     &max_pool_grad_op(),
      &softmax_xent_op(), &softmax_xent_grad_op(),
      &sum_op(),          &mse_op(),
      &sgd_op(),          &adam_op(),
  };
  return ops;
}

const Op* find_op(std::string_view name) {
  const auto ops = all_ops();
  const auto found = std::ranges::find(ops, name, [](const Op* op) { return op->name; });
  return found == ops.end() ? nullptr : *found;
}

std::string joined_shape(const Case& c) {
  std::string text;
  for (const auto& [name, value] : c.shape) text.append(name) += std::to_string(value);
  return text;
}

double held_parameter(const Case& c, std::string_view name) {
  const double value = c.parameter(name);
  return c.accumulator == Dtype::f64 ? value : double(float(value));
}

std::string available_anywhere(const Device&, const Case&) { return ""; }

std::string case_id(const Op& op, const Implementation& implementation, const Case& c) {
  std::string id;
  for (std::string_view part : {op.name, implementation.name, name(c.dtype)})
    id.append(part) += '/';
  return id + op.shape_text(c) + (c.inputs == Inputs::exact ? "/exact" : "/real");
}

}  // namespace gpucheck
