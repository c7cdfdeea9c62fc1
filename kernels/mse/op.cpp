#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/require.hpp"
#include "kernels/mse/mse.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {

std::vector<Expected> mse_reference(const Case&, const std::vector<Values>&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  const auto n = c["n"];
  return {{"out", c.dtype, {n}, Role::input},
          {"target", c.dtype, {n}, Role::input},
          {"loss", c.accumulator, {1}, Role::output},
          {"grad", c.output, {n}, Role::output}};
}

// The mean divides by n: exact only where n is a power of two.
bool is_power_of_two(std::int64_t n) { return (n & (n - 1)) == 0; }

std::vector<Case> cases() {
  std::vector<Case> all;
  // n = 10 is workload D's. Above 4096 the gradient 2 (out - target) / n leaves f16's normal range.
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const std::int64_t n : {1, 10, 32, 255, 256, 257, 1013, 4096, 262144}) {
      if (dtype == Dtype::f16 && n > 4096) continue;
      for (const Inputs inputs : {Inputs::exact, Inputs::real}) {
        if (inputs == Inputs::exact && !is_power_of_two(n)) continue;
        if (inputs == Inputs::real && n > 1024)
          continue;  // As in sum: exact inputs do this better.
        all.push_back({.op = "mse",
                       .dtype = dtype,
                       .accumulator = accumulator_of(dtype),
                       .output = dtype,
                       .shape = {{"n", n}},
                       .inputs = inputs});
      }
    }
  return all;
}

// A term is the square of a difference, up to four times the square of an input.
std::int64_t terms(const Case& c) { return 4 * c["n"]; }

Work work(const Case& c) {
  const double n = double(c["n"]);
  return {.flops = 4 * n, .bytes = 3 * n * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  void* const workspace = buffers.workspace(mse_workspace_bytes(c.dtype, c["n"]));
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(mse_plain(c.dtype, t[0], t[1], t[2], t[3], c["n"], workspace, stream));
  };
}

}  // namespace

const Op& mse_op() {
  static const Op op{.name = "mse",
                     .formula = "loss = mean of (out - target)^2, grad[n] = 2 (out - target) / n",
                     .tensors = tensors,
                     .shape_text = joined_shape,
                     .cases = cases,
                     .fill = nullptr,
                     .terms = terms,
                     .reference = mse_reference,
                     .work = work,
                     .implementations = {{"plain", Provider::kernel, available_anywhere,
                                          device_only<prepare_plain>()}}};
  return op;
}

}  // namespace gpucheck
