#include "gpucheck/op.hpp"

#include "kernels/conv2d/problem.hpp"
#include "kernels/conv2d/reference.hpp"
#include "kernels/conv2d/vendor.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

using Dims = std::vector<std::int64_t>;

Dims image(const Case& c, std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t channels) {
  return c.layout == Layout::nchw ? Dims{n, channels, h, w} : Dims{n, h, w, channels};
}

Tensor x(const Case& c, std::string_view name, Dtype dtype, Role role) {
  return {name, dtype, image(c, c["n"], c["h"], c["w"], c["c"]), role};
}

Tensor filter(const Case& c, std::string_view name, Dtype dtype, Role role) {
  return {name, dtype, image(c, c["k"], c["r"], c["s"], c["c"] / c["groups"]), role};
}

Tensor y(const Case& c, std::string_view name, Dtype dtype, Role role) {
  const Conv2d conv = conv2d_of(c);
  return {name, dtype, image(c, conv.n, conv.out_h(), conv.out_w(), conv.k), role};
}

std::vector<Tensor> fprop_tensors(const Case& c) {
  return {x(c, "x", c.dtype, Role::input), filter(c, "w", c.dtype, Role::input),
          y(c, "y", c.output, Role::output)};
}

std::vector<Tensor> dgrad_tensors(const Case& c) {
  return {y(c, "dy", c.dtype, Role::input), filter(c, "w", c.dtype, Role::input),
          x(c, "dx", c.output, Role::output)};
}

std::vector<Tensor> wgrad_tensors(const Case& c) {
  return {x(c, "x", c.dtype, Role::input), y(c, "dy", c.dtype, Role::input),
          filter(c, "dw", c.output, Role::output)};
}

std::string shape_text(const Case& c) {
  std::string text;
  for (const auto& [dimension, value] : c.shape) {
    if (dimension == "pad") text += '_';
    // One letter for each: n8c64h56w56k64r3s3_p1s1d1g1_nhwc.
    text.append(dimension.substr(0, 1)) += std::to_string(value);
  }
  return text + (c.layout == Layout::nchw ? "_nchw" : "_nhwc");
}

struct Shape {
  std::int64_t n, c, h, w, k, r, s, pad, stride, dilation, groups;
};

constexpr Shape shapes[] = {
    {1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1},       // one element
    {2, 3, 7, 5, 4, 3, 3, 1, 1, 1, 1},       // odd everything
    {3, 32, 8, 8, 64, 1, 1, 0, 1, 1, 1},     // 1x1: a matmul
    {2, 5, 11, 13, 7, 3, 3, 1, 2, 1, 1},     // stride, odd
    {1, 4, 12, 10, 6, 3, 3, 1, 2, 1, 1},     // stride that does not reach the last row
    {1, 4, 17, 15, 6, 3, 3, 2, 1, 2, 1},     // dilation
    {2, 8, 9, 9, 12, 3, 3, 1, 1, 1, 4},      // groups
    {1, 16, 12, 12, 16, 5, 5, 2, 1, 1, 16},  // depthwise
    {1, 6, 9, 14, 5, 2, 5, 0, 1, 1, 1},      // a filter that is not square
    {1, 3, 32, 32, 16, 7, 7, 3, 2, 1, 1},    // a first layer
    {2, 32, 28, 28, 32, 3, 3, 1, 1, 1, 1},   // tiles of any kernel, several each way
};

std::vector<Case> cases_of(std::string_view op) {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const Layout layout : {Layout::nhwc, Layout::nchw})
      for (const Shape& shape : shapes)
        for (const Inputs inputs : {Inputs::exact, Inputs::real})
          all.push_back({.op = op,
                         .dtype = dtype,
                         .accumulator = Dtype::f32,
                         .output = dtype,
                         .shape = {{"n", shape.n},
                                   {"c", shape.c},
                                   {"h", shape.h},
                                   {"w", shape.w},
                                   {"k", shape.k},
                                   {"r", shape.r},
                                   {"s", shape.s},
                                   {"pad", shape.pad},
                                   {"stride", shape.stride},
                                   {"dilation", shape.dilation},
                                   {"groups", shape.groups}},
                         .layout = layout,
                         .inputs = inputs});
  return all;
}

std::vector<Case> fprop_cases() { return cases_of("conv2d_fprop"); }
std::vector<Case> dgrad_cases() { return cases_of("conv2d_dgrad"); }
std::vector<Case> wgrad_cases() { return cases_of("conv2d_wgrad"); }

std::int64_t fprop_terms(const Case& c) { return c["r"] * c["s"] * c["c"] / c["groups"]; }
std::int64_t dgrad_terms(const Case& c) { return c["r"] * c["s"] * c["k"] / c["groups"]; }
std::int64_t wgrad_terms(const Case& c) {
  const Conv2d conv = conv2d_of(c);
  return conv.n * conv.out_h() * conv.out_w();
}

// The same multiplications whichever of the three tensors is the result; those with padding are
// counted, as is usual.
Work work(const Case& c) {
  Work work{.flops =
                2 * double(y(c, "y", c.dtype, Role::output).elements()) * double(fprop_terms(c))};
  for (const Tensor& tensor : fprop_tensors(c))
    work.bytes += double(tensor.elements()) * double(bytes(tensor.dtype));
  return work;
}

template <auto kernel>
Launch prepare_plain(const Case& c, const Buffers& buffers) {
  return [dtype = c.dtype, conv = conv2d_of(c), t = buffers.tensors](CUstream_st* stream) {
    require_cuda(kernel(dtype, conv, t[0], t[1], t[2], stream));
  };
}

}  // namespace

const Op& conv2d_fprop_op() {
  static const Op op{
      .name = "conv2d_fprop",
      .formula =
          "y[n,oh,ow,k] = sum over r,s,c of x[n, oh*stride-pad+r*dilation, ..., c] w[k,r,s,c]",
      .tensors = fprop_tensors,
      .shape_text = shape_text,
      .cases = fprop_cases,
      .fill = nullptr,
      .terms = fprop_terms,
      .reference = conv2d_fprop_reference,
      .work = work,
      .implementations = {{"plain", Provider::kernel, available_anywhere,
                           device_only<prepare_plain<conv2d_fprop_plain>>()},
                          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
                          {"cudnn", Provider::vendor, cudnn_conv2d_unavailable,
                           device_only<prepare_cudnn_fprop>()}}};
  return op;
}

const Op& conv2d_dgrad_op() {
  static const Op op{
      .name = "conv2d_dgrad",
      .formula =
          "dx[n,h,w,c] = sum over the outputs (n,oh,ow,k) that x[n,h,w,c] met at "
          "tap (r,s) of dy w[k,r,s,c]",
      .tensors = dgrad_tensors,
      .shape_text = shape_text,
      .cases = dgrad_cases,
      .fill = nullptr,
      .terms = dgrad_terms,
      .reference = conv2d_dgrad_reference,
      .work = work,
      .implementations = {{"plain", Provider::kernel, available_anywhere,
                           device_only<prepare_plain<conv2d_dgrad_plain>>()},
                          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
                          {"cudnn", Provider::vendor, cudnn_conv2d_unavailable,
                           device_only<prepare_cudnn_dgrad>()}}};
  return op;
}

const Op& conv2d_wgrad_op() {
  static const Op op{
      .name = "conv2d_wgrad",
      .formula =
          "dw[k,r,s,c] = sum over n,oh,ow of dy[n,oh,ow,k] x[n, oh*stride-pad+r*dilation, ..., c]",
      .tensors = wgrad_tensors,
      .shape_text = shape_text,
      .cases = wgrad_cases,
      .fill = nullptr,
      .terms = wgrad_terms,
      .reference = conv2d_wgrad_reference,
      .work = work,
      .implementations = {{"plain", Provider::kernel, available_anywhere,
                           device_only<prepare_plain<conv2d_wgrad_plain>>()},
                          {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
                          {"cudnn", Provider::vendor, cudnn_conv2d_unavailable,
                           device_only<prepare_cudnn_wgrad>()}}};
  return op;
}

}  // namespace gpucheck
