#include "gpucheck/op.hpp"

#include "kernels/bias/bias.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/vendor_limits.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {

std::vector<Expected> bias_reference(const Case&, const std::vector<Values>&);
Launch prepare_cudnn_bias(const Case&, const Buffers&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  const auto m = c["m"], n = c["n"];
  return {{"x", c.dtype, {m, n}, Role::input},
          {"b", c.dtype, {n}, Role::input},
          {"y", c.output, {m, n}, Role::output}};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const auto& [m, n] :
         {std::pair{1, 1}, {7, 13}, {31, 33}, {64, 255}, {64, 256}, {64, 257}, {257, 1021}})
      for (const Inputs inputs : {Inputs::exact, Inputs::real})
        all.push_back({.op = "bias",
                       .dtype = dtype,
                       .accumulator = accumulator_of(dtype),
                       .output = dtype,
                       .shape = {{"m", m}, {"n", n}},
                       .inputs = inputs});
  return all;
}

std::int64_t terms(const Case&) { return 2; }

Work work(const Case& c) {
  const double elements = double(c["m"] * c["n"]);
  return {.flops = elements, .bytes = 2 * elements * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  return [c, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(bias_plain(c.dtype, t[0], t[1], t[2], c["m"], c["n"], stream));
  };
}

}  // namespace

const Op& bias_op() {
  static const Op op{
      .name = "bias",
      .formula = "y[m,n] = x[m,n] + b[n]",
      .tensors = tensors,
      .shape_text = joined_shape,
      .cases = cases,
      .fill = nullptr,
      .terms = terms,
      .reference = bias_reference,
      .work = work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_plain>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
          {"cudnn", Provider::vendor, cudnn_layer_unavailable, device_only<prepare_cudnn_bias>()}}};
  return op;
}

}  // namespace gpucheck
