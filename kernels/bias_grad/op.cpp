#include "gpucheck/op.hpp"
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/vendor_limits.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {

std::vector<Expected> bias_grad_reference(const Case&, const std::vector<Values>&);
Launch prepare_cudnn_bias_grad(const Case&, const Buffers&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  const auto m = c["m"], n = c["n"];
  return {{"dy", c.dtype, {m, n}, Role::input}, {"db", c.output, {n}, Role::output}};
}

std::vector<Case> cases() {
  // One row is a copy; 31 to 33 and 255 to 257 lie around a warp and a block; (1021, 3) and (4099,
  // 130) are summed by many threads per column, (5, 2053) by few.
  struct Shape {
    std::int64_t m, n;
  };
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const auto [m, n] : {Shape{1, 1},
                              {1, 67},
                              {7, 13},
                              {31, 33},
                              {32, 32},
                              {255, 257},
                              {256, 64},
                              {257, 31},
                              {1021, 3},
                              {5, 2053},
                              {4099, 130}})
      for (const Inputs inputs : {Inputs::exact, Inputs::real}) {
        // With more terms than this the bound of a real sum hides a missing term; exact inputs do
        // not.
        if (inputs == Inputs::real && m > 1024) continue;
        all.push_back({.op = "bias_grad",
                       .dtype = dtype,
                       .accumulator = accumulator_of(dtype),
                       .output = dtype,
                       .shape = {{"m", m}, {"n", n}},
                       .inputs = inputs});
      }
  return all;
}

std::int64_t terms(const Case& c) { return c["m"]; }

Work work(const Case& c) {
  const double elements = double(c["m"] * c["n"]);
  return {.flops = elements, .bytes = (elements + double(c["n"])) * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(bias_grad_plain(c.dtype, t[0], t[1], c["m"], c["n"], stream));
  };
}

}  // namespace

const Op& bias_grad_op() {
  static const Op op{
      .name = "bias_grad",
      .formula = "db[n] = sum over m of dy[m,n]",
      .tensors = tensors,
      .shape_text = joined_shape,
      .cases = cases,
      .fill = nullptr,
      .terms = terms,
      .reference = bias_grad_reference,
      .work = work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_plain>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
          {"cudnn", Provider::vendor, cudnn_layer_unavailable,
           device_only<prepare_cudnn_bias_grad>()}}};
  return op;
}

}  // namespace gpucheck
