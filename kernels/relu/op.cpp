#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/vendor_limits.hpp"
#include "kernels/ops.hpp"
#include "kernels/relu/relu.hpp"
#include "kernels/uniform.hpp"

namespace gpucheck {

std::vector<Expected> relu_reference(const Case&, const std::vector<Values>&);
std::vector<Expected> relu_grad_reference(const Case&, const std::vector<Values>&);
Launch prepare_cudnn_relu(const Case&, const Buffers&);
Launch prepare_cudnn_relu_grad(const Case&, const Buffers&);

namespace {

std::vector<Tensor> relu_tensors(const Case& c) {
  const auto n = c["n"];
  return {{"x", c.dtype, {n}, Role::input}, {"y", c.output, {n}, Role::output}};
}

std::vector<Tensor> relu_grad_tensors(const Case& c) {
  const auto n = c["n"];
  return {{"y", c.dtype, {n}, Role::input},
          {"dy", c.dtype, {n}, Role::input},
          {"dx", c.output, {n}, Role::output}};
}

std::vector<Case> cases_of(std::string_view op) {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const std::int64_t n : {1, 31, 255, 256, 257, 1013, 262147})
      for (const Inputs inputs : {Inputs::exact, Inputs::real})
        all.push_back({.op = op,
                       .dtype = dtype,
                       .accumulator = accumulator_of(dtype),
                       .output = dtype,
                       .shape = {{"n", n}},
                       .inputs = inputs});
  return all;
}

// Both signs, and zeros of both signs: the edge of the comparison. One element is positive, or its
// only right output would be the zero that an empty buffer holds too.
bool fill_relu(const Case& c, std::size_t index, Values& x) {
  if (index != 0) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double value = uniform(c.seed, index, i, -1, 1);
    x[i] = c.inputs == Inputs::exact ? std::round(8 * value) : value;
    if (i % 16 == 5) x[i] = 0.0;
    if (i % 16 == 11) x[i] = -0.0;
  }
  x[0] = std::abs(x[0]) + 1;
  return true;
}

// y is what ReLU leaves: half of it zeros, of both signs, where a kernel that tests y >= 0 or the
// sign bit lets the gradient through.
bool fill_relu_grad(const Case& c, std::size_t index, Values& values) {
  if (index != 0) return false;
  fill_relu(c, index, values);
  for (double& value : values)
    if (value < 0) value = 0;
  return true;
}

std::int64_t terms(const Case&) { return 0; }

Work relu_work(const Case& c) {
  return {.flops = 0, .bytes = 2 * double(c["n"]) * double(bytes(c.dtype))};
}
Work relu_grad_work(const Case& c) {
  return {.flops = 0, .bytes = 3 * double(c["n"]) * double(bytes(c.dtype))};
}

Launch prepare_relu(const Case& c, const Buffers& buffers) {
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(relu_plain(c.dtype, t[0], t[1], c["n"], stream));
  };
}

Launch prepare_relu_grad(const Case& c, const Buffers& buffers) {
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(relu_grad_plain(c.dtype, t[0], t[1], t[2], c["n"], stream));
  };
}

}  // namespace

const Op& relu_op() {
  static const Op op{
      .name = "relu",
      .formula = "y[n] = max(x[n], 0)",
      .tensors = relu_tensors,
      .shape_text = joined_shape,
      .cases = [] { return cases_of("relu"); },
      .fill = fill_relu,
      .terms = terms,
      .reference = relu_reference,
      .work = relu_work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_relu>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
          {"cudnn", Provider::vendor, cudnn_layer_unavailable, device_only<prepare_cudnn_relu>()}}};
  return op;
}

const Op& relu_grad_op() {
  static const Op op{
      .name = "relu_grad",
      .formula = "dx[n] = y[n] > 0 ? dy[n] : 0",
      .tensors = relu_grad_tensors,
      .shape_text = joined_shape,
      .cases = [] { return cases_of("relu_grad"); },
      .fill = fill_relu_grad,
      .terms = terms,
      .reference = relu_grad_reference,
      .work = relu_grad_work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_relu_grad>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
          {"cudnn", Provider::vendor, cudnn_layer_unavailable,
           device_only<prepare_cudnn_relu_grad>()}}};
  return op;
}

}  // namespace gpucheck
