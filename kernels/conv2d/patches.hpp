#pragma once

#include "gpucheck/op.hpp"
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/matmul/product.hpp"

namespace gpucheck {

/// An image surrounded by as many zeros as the filter reaches beyond it, channels last, so that
/// every tap of every output is at a place of its own: its patches are a GatheredMatrix with no
/// condition left.
struct PaddedImage {
  Values data;
  ImageStrides strides;
  std::int64_t origin;  ///< Offset of the element that tap (0, 0) of output (0, 0) meets.
};

/// x with its padding; element (out_h * stride + r * dilation) is what output out_h meets at tap r.
PaddedImage padded_input(const Conv2d& conv, const Values& x);

/// dy with stride - 1 zeros between neighbours and enough around them that element (h - r *
/// dilation) from the origin is the output gradient that input h meets at tap r, or zero.
PaddedImage spread_gradient(const Conv2d& conv, const Values& dy);

}  // namespace gpucheck
