#pragma once

#include "kernels/conv2d/conv2d.hpp"
#include "kernels/device/cudnn_layout.hpp"
#include "kernels/matmul/matmul.hpp"

namespace gpucheck {

/// A convolution as cuDNN's descriptors name it. The filter is dense, (k, c, r, s) in NCHW and (k,
/// r, s, c) in NHWC, with c the channels of one group.
struct CudnnConvolutionShape {
  Dtype dtype;
  CudnnFormat format;
  CudnnLayout x, y;
  int k, c, r, s;
  int pad, stride, dilation, groups;
};

CudnnConvolutionShape cudnn_convolution_shape(Dtype dtype, Layout layout, const Conv2d& conv);

/// Which of the three convolutions computes a matmul, and on what: `x`, `filter` and `y` say which
/// of a, b and c (0, 1 and 2) plays that part; c is the result.
struct MatmulConvolution {
  enum class Kind { fprop, wgrad } kind;
  CudnnConvolutionShape shape;
  int x, filter, y;
};

/// The matmul as a 1x1 convolution in f32.
MatmulConvolution matmul_convolution(MatmulLayout layout, MatmulShape shape);

}  // namespace gpucheck
