#pragma once

// What stands behind the handles of the cuDNN that computes on the host; compiled with the vendor's
// header, which has the last word on the order of arguments.

#include <cuda_runtime_api.h>
#include <cudnn.h>

#include <cstddef>

#include "tests/simulated/vendor/element.hpp"

struct cudnnContext {
  bool has_stream = false;
  cudaStream_t stream = nullptr;

  /// Waits for what the caller has enqueued before this call; false where it never named its
  /// stream.
  bool wait() const { return has_stream && cudaStreamSynchronize(stream) == cudaSuccess; }
};

struct cudnnTensorStruct {
  gpucheck::Dtype dtype;
  int n, c, h, w;
  int n_stride, c_stride, h_stride, w_stride;

  std::ptrdiff_t at(int i, int j, int y, int x) const {
    return std::ptrdiff_t(i) * n_stride + std::ptrdiff_t(j) * c_stride +
           std::ptrdiff_t(y) * h_stride + std::ptrdiff_t(x) * w_stride;
  }
  bool nhwc() const { return c_stride == 1 && w_stride == c; }
};

struct cudnnFilterStruct {
  gpucheck::Dtype dtype;
  bool nhwc;
  int k, c, r, s;

  std::ptrdiff_t at(int i, int j, int y, int x) const {
    return nhwc ? ((std::ptrdiff_t(i) * r + y) * s + x) * c + j
                : ((std::ptrdiff_t(i) * c + j) * r + y) * s + x;
  }
};

struct cudnnConvolutionStruct {
  int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, groups;
  cudnnMathType_t math;
};

struct cudnnPoolingStruct {
  cudnnPoolingMode_t mode;
  int window_h, window_w, pad_h, pad_w, stride_h, stride_w;
};

struct cudnnActivationStruct {
  cudnnActivationMode_t mode;
};

struct cudnnReduceTensorStruct {
  cudnnReduceTensorOp_t operation;
  cudnnDataType_t compute;
};

namespace gpucheck {

inline Dtype dtype_of(cudnnDataType_t type) {
  switch (type) {
    case CUDNN_DATA_DOUBLE: return Dtype::f64;
    case CUDNN_DATA_HALF: return Dtype::f16;
    case CUDNN_DATA_BFLOAT16: return Dtype::bf16;
    default: return Dtype::f32;
  }
}

/// alpha or beta beside tensors of `dtype`.
inline double scale(Dtype dtype, const void* value) {
  return element(dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32, value, 0);
}

/// Calls visit(n, c, h, w) for every element.
template <class Visit>
void each(const cudnnTensorStruct& t, Visit visit) {
  for (int n = 0; n < t.n; ++n)
    for (int c = 0; c < t.c; ++c)
      for (int h = 0; h < t.h; ++h)
        for (int w = 0; w < t.w; ++w) visit(n, c, h, w);
}

}  // namespace gpucheck
