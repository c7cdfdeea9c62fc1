#include "kernels/conv2d/problem.hpp"
#include "kernels/cpu/steps.hpp"

namespace gpucheck {
namespace {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;

Dims dims_of(ImageStrides strides) { return {strides.n, strides.c, strides.h, strides.w}; }

// oneDNN names dimensions in the order n, c, h, w whatever the memory's; a grouped filter has one
// more in front.
struct Problem {
  Dims x, filter, y;
  Dims filter_strides;
  Dims stride, dilation, pad;
  Conv2d conv;
  dnnl::memory::data_type dtype;

  explicit Problem(const Case& c) : conv(conv2d_of(c)), dtype(onednn::data_type(c.dtype)) {
    x = {conv.n, conv.c, conv.h, conv.w};
    y = {conv.n, conv.k, conv.out_h(), conv.out_w()};
    filter = {conv.group_k(), conv.group_c(), conv.r, conv.s};
    filter_strides = dims_of(conv.filter);
    if (conv.groups > 1) {
      filter.insert(filter.begin(), conv.groups);
      filter_strides.insert(filter_strides.begin(), conv.group_k() * conv.filter.n);
    }
    stride = {conv.stride, conv.stride};
    dilation = {conv.dilation - 1, conv.dilation - 1};  // oneDNN counts the gaps.
    pad = {conv.pad, conv.pad};
  }

  Desc plain_x() const { return {x, dtype, dims_of(conv.x)}; }
  Desc plain_y() const { return {y, dtype, dims_of(conv.y)}; }
  Desc plain_filter() const { return {filter, dtype, filter_strides}; }
  Desc any(const Dims& dims) const { return {dims, dtype, dnnl::memory::format_tag::any}; }
};

// Direct: Winograd's sums are others and would break the exact check and the bound.
constexpr auto direct = dnnl::algorithm::convolution_direct;

auto forward(const Problem& p, dnnl::prop_kind kind) {
  return onednn::describe<dnnl::convolution_forward>(
      kind, direct, p.any(p.x), p.any(p.filter), p.any(p.y), p.stride, p.dilation, p.pad, p.pad);
}

}  // namespace

Launch conv2d_fprop_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const Problem p(c);
    const auto description = forward(p, dnnl::prop_kind::forward_inference);
    onednn::Steps steps(buffers);
    steps.add(
        dnnl::convolution_forward(description),
        {{DNNL_ARG_SRC, steps.input({p.plain_x(), buffers.tensors[0]}, description.src_desc())},
         {DNNL_ARG_WEIGHTS,
          steps.input({p.plain_filter(), buffers.tensors[1]}, description.weights_desc())},
         {DNNL_ARG_DST, steps.output({p.plain_y(), buffers.tensors[2]}, description.dst_desc())}});
    return steps.finish();
  });
}

Launch conv2d_dgrad_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const Problem p(c);
    const auto description = onednn::describe_gradient<dnnl::convolution_backward_data>(
        forward(p, dnnl::prop_kind::forward_training), direct, p.any(p.x), p.any(p.filter),
        p.any(p.y), p.stride, p.dilation, p.pad, p.pad);
    onednn::Steps steps(buffers);
    steps.add(dnnl::convolution_backward_data(description),
              {{DNNL_ARG_DIFF_DST,
                steps.input({p.plain_y(), buffers.tensors[0]}, description.diff_dst_desc())},
               {DNNL_ARG_WEIGHTS,
                steps.input({p.plain_filter(), buffers.tensors[1]}, description.weights_desc())},
               {DNNL_ARG_DIFF_SRC,
                steps.output({p.plain_x(), buffers.tensors[2]}, description.diff_src_desc())}});
    return steps.finish();
  });
}

Launch conv2d_wgrad_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const Problem p(c);
    const auto description = onednn::describe_gradient<dnnl::convolution_backward_weights>(
        forward(p, dnnl::prop_kind::forward_training), direct, p.any(p.x), p.any(p.filter),
        p.any(p.y), p.stride, p.dilation, p.pad, p.pad);
    onednn::Steps steps(buffers);
    steps.add(
        dnnl::convolution_backward_weights(description),
        {{DNNL_ARG_SRC, steps.input({p.plain_x(), buffers.tensors[0]}, description.src_desc())},
         {DNNL_ARG_DIFF_DST,
          steps.input({p.plain_y(), buffers.tensors[1]}, description.diff_dst_desc())},
         {DNNL_ARG_DIFF_WEIGHTS,
          steps.output({p.plain_filter(), buffers.tensors[2]}, description.diff_weights_desc())}});
    return steps.finish();
  });
}

}  // namespace gpucheck
