#include "kernels/conv2d/cudnn_convolution.hpp"

namespace gpucheck {

CudnnConvolutionShape cudnn_convolution_shape(Dtype dtype, Layout layout, const Conv2d& conv) {
  return {.dtype = dtype,
          .format = layout == Layout::nhwc ? CudnnFormat::nhwc : CudnnFormat::nchw,
          .x = cudnn_layout(layout, conv.n, conv.c, conv.h, conv.w),
          .y = cudnn_layout(layout, conv.n, conv.k, conv.out_h(), conv.out_w()),
          .k = int(conv.k),
          .c = int(conv.group_c()),
          .r = int(conv.r),
          .s = int(conv.s),
          .pad = int(conv.pad),
          .stride = int(conv.stride),
          .dilation = int(conv.dilation),
          .groups = int(conv.groups)};
}

MatmulConvolution matmul_convolution(MatmulLayout layout, MatmulShape s) {
  const auto shape = [](std::int64_t n, std::int64_t c, std::int64_t w, std::int64_t k) {
    Conv2d conv{.n = n,
                .c = c,
                .h = 1,
                .w = w,
                .k = k,
                .r = 1,
                .s = 1,
                .pad = 0,
                .stride = 1,
                .dilation = 1};
    conv.groups = 1;
    return cudnn_convolution_shape(Dtype::f32, Layout::nchw, conv);
  };
  using Kind = MatmulConvolution::Kind;
  switch (layout) {
    // y[n, k] = sum over c of x[n, c] filter[k, c]: a has m images of k channels, b is the filter
    // (n, k).
    case MatmulLayout::tn: return {Kind::fprop, shape(s.m, s.k, 1, s.n), 0, 1, 2};
    // y[k, w] = sum over c of filter[k, c] x[c, w]: b is one image of k channels and n columns, a
    // the filter (m, k).
    case MatmulLayout::nn: return {Kind::fprop, shape(1, s.k, s.n, s.m), 1, 0, 2};
    // filter[k, c] = sum over n of y[n, k] x[n, c]: a is the gradient of k images of m channels, b
    // is x with n channels.
    case MatmulLayout::nt: return {Kind::wgrad, shape(s.k, s.n, 1, s.m), 1, 2, 0};
  }
  return {};
}

}  // namespace gpucheck
