#include "kernels/cpu/steps.hpp"
#include "kernels/max_pool/window.hpp"

namespace gpucheck {
namespace {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;

struct Problem {
  Desc x, y;
  Dims stride, window, dilation, pad;

  explicit Problem(const Case& c) {
    const PoolShape s = pool_shape(c);
    const auto tag =
        c.layout == Layout::nhwc ? dnnl::memory::format_tag::nhwc : dnnl::memory::format_tag::nchw;
    x = Desc({s.x.images, s.x.channels, s.x.height, s.x.width}, onednn::data_type(c.dtype), tag);
    y = Desc({s.y.images, s.y.channels, s.y.height, s.y.width}, onednn::data_type(c.output), tag);
    stride = {s.stride, s.stride};
    window = {s.window, s.window};
    dilation = {0, 0};
    pad = {s.pad, s.pad};
  }
};

auto forward(const Problem& p, dnnl::prop_kind kind) {
  return onednn::describe<onednn::PoolingForward>(kind, dnnl::algorithm::pooling_max, p.x, p.y,
                                                  p.stride, p.window, p.dilation, p.pad, p.pad);
}

}  // namespace

Launch max_pool_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const Problem p(c);
    onednn::Steps steps(buffers);
    steps.add(onednn::PoolingForward(forward(p, dnnl::prop_kind::forward_inference)),
              {{DNNL_ARG_SRC, steps.input({p.x, buffers.tensors[0]}, p.x)},
               {DNNL_ARG_DST, steps.output({p.y, buffers.tensors[1]}, p.y)}});
    return steps.finish();
  });
}

// oneDNN remembers each window's maximum from the forward pass, which therefore runs again.
Launch max_pool_grad_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const Problem p(c);
    const auto description = forward(p, dnnl::prop_kind::forward_training);
    const auto gradient = onednn::describe_gradient<onednn::PoolingBackward>(
        description, dnnl::algorithm::pooling_max, p.x, p.y, p.stride, p.window, p.dilation, p.pad,
        p.pad);
    onednn::Steps steps(buffers);
    const dnnl::memory maxima = steps.between(description.workspace_desc());
    steps.add(onednn::PoolingForward(description),
              {{DNNL_ARG_SRC, steps.input({p.x, buffers.tensors[0]}, p.x)},
               {DNNL_ARG_DST, steps.between(p.y)},
               {DNNL_ARG_WORKSPACE, maxima}});
    steps.add(onednn::PoolingBackward(gradient),
              {{DNNL_ARG_DIFF_DST, steps.input({p.y, buffers.tensors[2]}, p.y)},
               {DNNL_ARG_DIFF_SRC, steps.output({p.x, buffers.tensors[3]}, p.x)},
               {DNNL_ARG_WORKSPACE, maxima}});
    return steps.finish();
  });
}

}  // namespace gpucheck
