#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/vendor_limits.hpp"
#include "kernels/ops.hpp"
#include "kernels/sum/sum.hpp"

namespace gpucheck {

std::vector<Expected> sum_reference(const Case&, const std::vector<Values>&);
Launch prepare_cudnn_sum(const Case&, const Buffers&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  return {{"x", c.dtype, {c["n"]}, Role::input}, {"sum", c.output, {1}, Role::output}};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  // Around a warp, a block, and where one pass of blocks becomes two; the output keeps the
  // accumulator's dtype.
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const std::int64_t n : {1, 31, 32, 33, 255, 256, 257, 1013, 4096, 4097, 1048583})
      for (const Inputs inputs : {Inputs::exact, Inputs::real}) {
        // With more terms than this the bound of a real sum hides a missing term; exact inputs do
        // not.
        if (inputs == Inputs::real && n > 1024) continue;
        all.push_back({.op = "sum",
                       .dtype = dtype,
                       .accumulator = accumulator_of(dtype),
                       .output = accumulator_of(dtype),
                       .shape = {{"n", n}},
                       .inputs = inputs});
      }
  return all;
}

std::int64_t terms(const Case& c) { return c["n"]; }

Work work(const Case& c) {
  const double n = double(c["n"]);
  return {.flops = n, .bytes = n * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  void* const workspace = buffers.workspace(sum_workspace_bytes(c.dtype, c["n"]));
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(sum_plain(c.dtype, t[0], t[1], c["n"], workspace, stream));
  };
}

}  // namespace

const Op& sum_op() {
  static const Op op{
      .name = "sum",
      .formula = "sum = sum over n of x[n]",
      .tensors = tensors,
      .shape_text = joined_shape,
      .cases = cases,
      .fill = nullptr,
      .terms = terms,
      .reference = sum_reference,
      .work = work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_plain>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
          {"cudnn", Provider::vendor, cudnn_layer_unavailable, device_only<prepare_cudnn_sum>()}}};
  return op;
}

}  // namespace gpucheck
