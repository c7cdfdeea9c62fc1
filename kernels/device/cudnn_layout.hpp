#pragma once

#include <cstdint>

#include "gpucheck/op.hpp"
#include "kernels/device/cudnn.hpp"

namespace gpucheck {

/// A tensor as cuDNN's descriptors name it: sizes and strides in the order n, c, h, w, whatever the
/// order in memory.
struct CudnnLayout {
  int n, c, h, w;
  int n_stride, c_stride, h_stride, w_stride;
};

/// A dense tensor; Layout::none counts as NCHW.
constexpr CudnnLayout cudnn_layout(Layout layout, std::int64_t n, std::int64_t c, std::int64_t h,
                                   std::int64_t w) {
  const bool last = layout == Layout::nhwc;  // Whether the channels stand together in memory.
  return {.n = int(n),
          .c = int(c),
          .h = int(h),
          .w = int(w),
          .n_stride = int(c * h * w),
          .c_stride = last ? 1 : int(h * w),
          .h_stride = last ? int(w * c) : int(w),
          .w_stride = last ? int(c) : 1};
}

/// `count` numbers in a row.
constexpr CudnnLayout cudnn_vector(std::int64_t count) {
  return cudnn_layout(Layout::nchw, 1, 1, 1, count);
}

constexpr CudnnDtype cudnn_dtype(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return CudnnDtype::f64;
    case Dtype::f32: return CudnnDtype::f32;
    case Dtype::f16: return CudnnDtype::f16;
    case Dtype::bf16: return CudnnDtype::bf16;
    case Dtype::s32: return CudnnDtype::s32;
  }
  return CudnnDtype::f32;
}

}  // namespace gpucheck
