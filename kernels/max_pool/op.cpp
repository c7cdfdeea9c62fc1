#include <fmt/format.h>

#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/vendor_limits.hpp"
#include "kernels/max_pool/max_pool.hpp"
#include "kernels/max_pool/window.hpp"
#include "kernels/ops.hpp"
#include "kernels/uniform.hpp"

namespace gpucheck {

std::vector<Expected> max_pool_reference(const Case&, const std::vector<Values>&);
std::vector<Expected> max_pool_grad_reference(const Case&, const std::vector<Values>&);
Launch prepare_cudnn_max_pool(const Case&, const Buffers&);
Launch prepare_cudnn_max_pool_grad(const Case&, const Buffers&);

namespace {

std::vector<std::int64_t> dims(Layout layout, const Planes& p) {
  if (layout == Layout::nhwc) return {p.images, p.height, p.width, p.channels};
  return {p.images, p.channels, p.height, p.width};
}

std::vector<Tensor> max_pool_tensors(const Case& c) {
  const PoolShape s = pool_shape(c);
  return {{"x", c.dtype, dims(c.layout, s.x), Role::input},
          {"y", c.output, dims(c.layout, s.y), Role::output}};
}

std::vector<Tensor> max_pool_grad_tensors(const Case& c) {
  const PoolShape s = pool_shape(c);
  return {{"x", c.dtype, dims(c.layout, s.x), Role::input},
          {"y", c.dtype, dims(c.layout, s.y), Role::input},
          {"dy", c.dtype, dims(c.layout, s.y), Role::input},
          {"dx", c.output, dims(c.layout, s.x), Role::output}};
}

std::string shape_text(const Case& c) {
  return fmt::format("n{}c{}h{}w{}_w{}s{}p{}_{}", c["n"], c["c"], c["h"], c["w"], c["window"],
                     c["stride"], c["pad"], c.layout == Layout::nhwc ? "nhwc" : "nchw");
}

struct Variant {
  std::int64_t n, c, h, w, window, stride, pad;
};

constexpr Variant variants[] = {
    {1, 1, 1, 1, 1, 1, 0},     // A copy of one number.
    {2, 16, 16, 16, 2, 2, 0},  // Workload E's kind: windows tile the input.
    {2, 3, 7, 11, 2, 2, 0},    // The last row and column belong to no window.
    {2, 5, 9, 9, 3, 2, 1},     // ResNet's: windows overlap and reach into the padding.
    {1, 3, 8, 7, 3, 1, 1},     // Every element lies in up to nine windows.
    {1, 7, 5, 9, 2, 3, 0},     // Gaps: elements between windows get no gradient.
    {3, 17, 5, 5, 5, 5, 0},    // One window is the whole plane.
    {1, 3, 13, 17, 5, 2, 2},   // Primes, and padding as wide as it may be.
    {4, 31, 56, 57, 3, 2, 1},  // Large.
};

std::vector<Case> cases_of(std::string_view op) {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const Layout layout : {Layout::nhwc, Layout::nchw})
      for (const auto& v : variants)
        for (const Inputs inputs : {Inputs::exact, Inputs::real})
          all.push_back({.op = op,
                         .dtype = dtype,
                         .accumulator = accumulator_of(dtype),
                         .output = dtype,
                         .shape = {{"n", v.n},
                                   {"c", v.c},
                                   {"h", v.h},
                                   {"w", v.w},
                                   {"window", v.window},
                                   {"stride", v.stride},
                                   {"pad", v.pad}},
                         .layout = layout,
                         .inputs = inputs});
  return all;
}

double element(const Case& c, std::int64_t channel, std::size_t i) {
  const bool exact = c.inputs == Inputs::exact;
  // A plane of negative values: padding counted as zero wins there.
  if (channel % 3 == 1)
    return exact ? std::floor(uniform(c.seed, 0, i, -8, 0)) : uniform(c.seed, 0, i, -1, -0.125);
  // A plane of few values: most windows have ties, which only their first maximum may win.
  if (channel % 3 == 2) return std::floor(uniform(c.seed, 0, i, -2, 3)) / (exact ? 1 : 4);
  return exact ? std::round(uniform(c.seed, 0, i, -64, 64)) : uniform(c.seed, 0, i, -1, 1);
}

void fill_x(const Case& c, Values& x) {
  const Planes planes = pool_shape(c).x;
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = element(c, std::int64_t(i) / planes.per_channel % planes.channels, i);
}

bool fill_max_pool(const Case& c, std::size_t index, Values& values) {
  if (index != 0) return false;
  fill_x(c, values);
  return true;
}

// y belongs to x. Rounding to the dtype keeps order, so that it may come after this.
bool fill_max_pool_grad(const Case& c, std::size_t index, Values& values) {
  if (index == 0) return fill_max_pool(c, index, values);
  if (index != 1) return false;
  Values x(std::size_t(max_pool_grad_tensors(c)[0].elements()));
  fill_x(c, x);
  values = max_pool(pool_shape(c), x).y;
  return true;
}

std::int64_t no_terms(const Case&) { return 0; }

std::int64_t overlapping_windows(const Case& c) {
  const std::int64_t along = (c["window"] + c["stride"] - 1) / c["stride"];
  return along * along;
}

Work work_of(const std::vector<Tensor>& tensors) {
  Work work;
  for (const Tensor& t : tensors) work.bytes += double(t.elements()) * double(bytes(t.dtype));
  return work;
}

Launch prepare_max_pool(const Case& c, const Buffers& buffers) {
  const PoolShape shape = pool_shape(c);
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(max_pool_plain(c.dtype, t[0], t[1], shape, stream));
  };
}

Launch prepare_max_pool_grad(const Case& c, const Buffers& buffers) {
  const PoolShape shape = pool_shape(c);
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(max_pool_grad_plain(c.dtype, t[0], t[1], t[2], t[3], shape, stream));
  };
}

}  // namespace

const Op& max_pool_op() {
  static const Op op{
      .name = "max_pool",
      .formula = "y = max over each window of x; padding never wins",
      .tensors = max_pool_tensors,
      .shape_text = shape_text,
      .cases = [] { return cases_of("max_pool"); },
      .fill = fill_max_pool,
      .terms = no_terms,
      .reference = max_pool_reference,
      .work = [](const Case& c) { return work_of(max_pool_tensors(c)); },
      .implementations = {{"plain", Provider::kernel, available_anywhere,
                           device_only<prepare_max_pool>()},
                          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
                          {"cudnn", Provider::vendor, cudnn_layer_unavailable,
                           device_only<prepare_cudnn_max_pool>()}}};
  return op;
}

const Op& max_pool_grad_op() {
  static const Op op{
      .name = "max_pool_grad",
      .formula =
          "dx = sum over windows of dy, each at the window's first maximum in row-major order",
      .tensors = max_pool_grad_tensors,
      .shape_text = shape_text,
      .cases = [] { return cases_of("max_pool_grad"); },
      .fill = fill_max_pool_grad,
      .terms = overlapping_windows,
      .reference = max_pool_grad_reference,
      .work = [](const Case& c) { return work_of(max_pool_grad_tensors(c)); },
      .implementations = {{"plain", Provider::kernel, available_anywhere,
                           device_only<prepare_max_pool_grad>()},
                          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
                          {"cudnn", Provider::vendor, cudnn_layer_unavailable,
                           device_only<prepare_cudnn_max_pool_grad>()}}};
  return op;
}

}  // namespace gpucheck
