#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "kernels/softmax_xent/softmax_xent.hpp"
#include "kernels/uniform.hpp"

namespace gpucheck {

std::vector<Expected> softmax_xent_reference(const Case&, const std::vector<Values>&);
std::vector<Expected> softmax_xent_grad_reference(const Case&, const std::vector<Values>&);

namespace {

std::vector<Tensor> softmax_xent_tensors(const Case& c) {
  const auto m = c["m"], n = c["n"];
  return {{"logits", c.dtype, {m, n}, Role::input},
          {"labels", Dtype::s32, {m}, Role::input},
          {"loss", c.output, {m}, Role::output}};
}

std::vector<Tensor> softmax_xent_grad_tensors(const Case& c) {
  const auto m = c["m"], n = c["n"];
  return {{"logits", c.dtype, {m, n}, Role::input},
          {"labels", Dtype::s32, {m}, Role::input},
          {"dlogits", c.output, {m, n}, Role::output}};
}

// The class of a row: the first and the last, where an index off by one leaves the row, and any.
std::int64_t label(const Case& c, std::int64_t row) {
  if (row % 3 == 0) return 0;
  if (row % 3 == 1) return c["n"] - 1;
  return std::int64_t(uniform(c.seed, 1, std::size_t(row), 0, double(c["n"])));
}

double logit(const Case& c, std::int64_t row, std::int64_t column, std::size_t i) {
  switch ((row + c["n"]) % 5) {
    // Past 88.7, where expf overflows: without the maximum subtracted the row is infinity or NaN.
    case 0: return uniform(c.seed, 0, i, 84, 92);
    // Below -104, where expf is zero: without the maximum subtracted the loss is -log 0.
    case 1: return uniform(c.seed, 0, i, -112, -104);
    // All equal, p = 1/n: no element is *the* maximum.
    case 2: return 3;
    // The label's class stands out: log(sum) - (x - max) and p - 1 cancel.
    case 3: return column == label(c, row) ? 8 : uniform(c.seed, 0, i, -1, 1);
    default: return uniform(c.seed, 0, i, -2, 2);
  }
}

bool fill(const Case& c, std::size_t index, Values& values) {
  const std::int64_t m = c["m"], n = c["n"];
  if (index > 1) return false;
  for (std::int64_t row = 0; row < m; ++row) {
    if (index == 1) {
      values[std::size_t(row)] = double(label(c, row));
      continue;
    }
    for (std::int64_t column = 0; column < n; ++column) {
      const std::size_t i = std::size_t(row * n + column);
      values[i] = logit(c, row, column, i);
    }
  }
  return true;
}

// Two classes at least: with one the loss and its gradient are zero whatever a kernel does.
std::vector<Case> cases_of(std::string_view op, bool output_as_input) {
  struct Shape {
    std::int64_t m, n;
  };
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const auto [m, n] : {Shape{1, 2},
                              {1, 13},
                              {16, 10},
                              {7, 31},
                              {5, 32},
                              {8, 33},
                              {5, 255},
                              {5, 256},
                              {5, 257},
                              {509, 100},
                              {10, 5003}}) {
      // p / m falls below f16's normal numbers, where nothing could be seen to be wrong.
      if (output_as_input && dtype == Dtype::f16 && m * n > 400) continue;
      all.push_back({.op = op,
                     .dtype = dtype,
                     .accumulator = accumulator_of(dtype),
                     .output = output_as_input ? dtype : accumulator_of(dtype),
                     .shape = {{"m", m}, {"n", n}},
                     .inputs = Inputs::real});
    }
  return all;
}

std::int64_t terms(const Case& c) { return c["n"]; }

// Per logit: maximum, subtraction, exponential, addition, and for the gradient division and
// scaling.
Work loss_work(const Case& c) {
  const double elements = double(c["m"] * c["n"]);
  return {.flops = 4 * elements, .bytes = elements * double(bytes(c.dtype))};
}

Work grad_work(const Case& c) {
  const double elements = double(c["m"] * c["n"]);
  return {.flops = 6 * elements, .bytes = 2 * elements * double(bytes(c.dtype))};
}

Launch prepare_loss(const Case& c, const Buffers& buffers) {
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(softmax_xent_plain(c.dtype, t[0], static_cast<const std::int32_t*>(t[1]), t[2],
                                    c["m"], c["n"], stream));
  };
}

Launch prepare_grad(const Case& c, const Buffers& buffers) {
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(softmax_xent_grad_plain(c.dtype, t[0], static_cast<const std::int32_t*>(t[1]),
                                         t[2], c["m"], c["n"], stream));
  };
}

}  // namespace

const Op& softmax_xent_op() {
  static const Op op{
      .name = "softmax_xent",
      .formula = "loss[m] = log(sum over n of exp(logits[m,n])) - logits[m,label[m]]",
      .tensors = softmax_xent_tensors,
      .shape_text = joined_shape,
      .cases = [] { return cases_of("softmax_xent", false); },
      .fill = fill,
      .terms = terms,
      .reference = softmax_xent_reference,
      .work = loss_work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_loss>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn}}};
  return op;
}

const Op& softmax_xent_grad_op() {
  static const Op op{
      .name = "softmax_xent_grad",
      .formula = "dlogits[m,n] = (softmax(logits)[m,n] - (n = label[m])) / m",
      .tensors = softmax_xent_grad_tensors,
      .shape_text = joined_shape,
      .cases = [] { return cases_of("softmax_xent_grad", true); },
      .fill = fill,
      .terms = terms,
      .reference = softmax_xent_grad_reference,
      .work = grad_work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_grad>()},
          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn}}};
  return op;
}

}  // namespace gpucheck
