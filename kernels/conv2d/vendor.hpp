#pragma once

#include <string>

#include "gpucheck/op.hpp"
#include "kernels/conv2d/cudnn_convolution.hpp"

namespace gpucheck {

std::string cudnn_conv2d_unavailable(const Device& device, const Case& c);

// Defined in a build with device code.
Launch prepare_cudnn_fprop(const Case& c, const Buffers& buffers);
Launch prepare_cudnn_dgrad(const Case& c, const Buffers& buffers);
Launch prepare_cudnn_wgrad(const Case& c, const Buffers& buffers);

/// y = x * filter; dx = dy * filter; dfilter = x * dy: direct summation only, f32 without TF32.
Launch cudnn_fprop(const CudnnConvolutionShape& shape, const void* x, const void* filter, void* y,
                   const Buffers& buffers);
Launch cudnn_dgrad(const CudnnConvolutionShape& shape, const void* dy, const void* filter, void* dx,
                   const Buffers& buffers);
Launch cudnn_wgrad(const CudnnConvolutionShape& shape, const void* x, const void* dy, void* dfilter,
                   const Buffers& buffers);

}  // namespace gpucheck
