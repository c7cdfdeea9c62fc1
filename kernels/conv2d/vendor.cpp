#include "kernels/conv2d/vendor.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "kernels/conv2d/problem.hpp"
#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

struct Descriptors {
  std::shared_ptr<cudnnTensorStruct> x, y;
  std::shared_ptr<cudnnFilterStruct> filter;
  std::shared_ptr<cudnnConvolutionStruct> convolution;
};

Descriptors descriptors(const Cudnn& dnn, const CudnnConvolutionShape& s) {
  Descriptors d{.x = cudnn_tensor(s.dtype, s.x), .y = cudnn_tensor(s.dtype, s.y)};
  CudnnFilter filter = nullptr;
  require(dnn.create_filter(&filter));
  d.filter = {filter, dnn.destroy_filter};
  require_supported(dnn.set_filter(filter, cudnn_dtype(s.dtype), s.format, s.k, s.c, s.r, s.s));
  CudnnConvolution convolution = nullptr;
  require(dnn.create_convolution(&convolution));
  d.convolution = {convolution, dnn.destroy_convolution};
  require_supported(dnn.set_convolution(convolution, s.pad, s.pad, s.stride, s.stride, s.dilation,
                                        s.dilation, CudnnConvolutionMode::cross_correlation,
                                        CudnnDtype::f32));
  require(dnn.set_convolution_groups(convolution, s.groups));
  // The default mode lets f32 be computed in TF32 (cudnnMathType_t in the cuDNN API reference); FMA
  // does not.
  require(dnn.set_convolution_math(convolution,
                                   s.dtype == Dtype::f32 ? CudnnMath::fma : CudnnMath::tensor_op));
  return d;
}

template <class Algorithm>
struct Choice {
  Algorithm algorithm;
  std::size_t workspace_bytes;
};

// The first of `direct` that cuDNN would run. Winograd and FFT never: they transform, so that exact
// inputs do not give exact results and the bound of a sum does not hold.
template <class Algorithm, class Heuristics, class Workspace>
Choice<Algorithm> choose(const Cudnn& dnn, CudnnConvolution convolution, Dtype dtype,
                         const std::vector<Algorithm>& direct, Heuristics heuristics,
                         Workspace workspace) {
  std::array<CudnnPerformance<Algorithm>, 16> rows{};
  int found = 0;
  require_supported(heuristics(int(rows.size()), &found, rows.data()));
  std::string words;
  for (const Algorithm wanted : direct)
    for (int i = 0; i < found; ++i) {
      const CudnnPerformance<Algorithm>& row = rows[std::size_t(i)];
      if (row.algorithm != wanted) continue;
      // cuDNN lists an algorithm once for each kind of arithmetic it would do.
      if (dtype == Dtype::f32 && row.math != CudnnMath::fma) continue;
      std::size_t bytes = 0;
      require(dnn.set_convolution_math(convolution, row.math));
      const CudnnStatus status =
          row.status == CudnnStatus{} ? workspace(wanted, &bytes) : row.status;
      if (status == CudnnStatus{}) return {wanted, bytes};
      words += fmt::format("; algorithm {}: {} ({})", int(wanted), dnn.error_string(status),
                           int(status));
    }
  throw NotRun("cuDNN offers no direct algorithm for this convolution" + words);
}

// 1 is deterministic. 0 adds with atomics ("non-deterministic" in cudnn_ops.h), which rounds each
// time in 16 bits.
template <class Algorithm>
std::vector<Algorithm> backward(Dtype dtype) {
  if (dtype == Dtype::f32) return {Algorithm::algorithm_1, Algorithm::algorithm_0};
  return {Algorithm::algorithm_1};
}

void* workspace_of(const Buffers& buffers, std::size_t bytes) {
  return bytes == 0 ? nullptr : buffers.workspace(bytes);
}

}  // namespace

Launch cudnn_fprop(const CudnnConvolutionShape& shape, const void* x, const void* filter, void* y,
                   const Buffers& buffers) {
  using Algorithm = CudnnForwardAlgorithm;
  const Cudnn& dnn = needed(cudnn());
  const CudnnHandle handle = cudnn_handle();
  const Descriptors d = descriptors(dnn, shape);
  // In NHWC only the second is documented (cudnnConvolutionForward, "Supported Algorithms").
  const std::vector direct = {Algorithm::implicit_precomp_gemm, Algorithm::implicit_gemm};
  const auto heuristics = [&](int wanted, int* found, CudnnPerformance<Algorithm>* rows) {
    return dnn.forward_algorithms(handle, d.x.get(), d.filter.get(), d.convolution.get(), d.y.get(),
                                  wanted, found, rows);
  };
  const auto size = [&](Algorithm algorithm, std::size_t* bytes) {
    return dnn.forward_workspace(handle, d.x.get(), d.filter.get(), d.convolution.get(), d.y.get(),
                                 algorithm, bytes);
  };
  const auto choice = choose(dnn, d.convolution.get(), shape.dtype, direct, heuristics, size);
  void* const workspace = workspace_of(buffers, choice.workspace_bytes);
  return [=, &dnn, dtype = shape.dtype](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.convolution_forward(
        handle, cudnn_one(dtype), d.x.get(), x, d.filter.get(), filter, d.convolution.get(),
        choice.algorithm, workspace, choice.workspace_bytes, cudnn_zero(dtype), d.y.get(), y));
  };
}

Launch cudnn_dgrad(const CudnnConvolutionShape& shape, const void* dy, const void* filter, void* dx,
                   const Buffers& buffers) {
  using Algorithm = CudnnDataAlgorithm;
  const Cudnn& dnn = needed(cudnn());
  const CudnnHandle handle = cudnn_handle();
  const Descriptors d = descriptors(dnn, shape);
  const auto heuristics = [&](int wanted, int* found, CudnnPerformance<Algorithm>* rows) {
    return dnn.data_algorithms(handle, d.filter.get(), d.y.get(), d.convolution.get(), d.x.get(),
                               wanted, found, rows);
  };
  const auto size = [&](Algorithm algorithm, std::size_t* bytes) {
    return dnn.data_workspace(handle, d.filter.get(), d.y.get(), d.convolution.get(), d.x.get(),
                              algorithm, bytes);
  };
  const auto choice = choose(dnn, d.convolution.get(), shape.dtype,
                             backward<Algorithm>(shape.dtype), heuristics, size);
  void* const workspace = workspace_of(buffers, choice.workspace_bytes);
  return [=, &dnn, dtype = shape.dtype](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.convolution_backward_data(
        handle, cudnn_one(dtype), d.filter.get(), filter, d.y.get(), dy, d.convolution.get(),
        choice.algorithm, workspace, choice.workspace_bytes, cudnn_zero(dtype), d.x.get(), dx));
  };
}

Launch cudnn_wgrad(const CudnnConvolutionShape& shape, const void* x, const void* dy, void* dfilter,
                   const Buffers& buffers) {
  using Algorithm = CudnnFilterAlgorithm;
  const Cudnn& dnn = needed(cudnn());
  const CudnnHandle handle = cudnn_handle();
  const Descriptors d = descriptors(dnn, shape);
  const auto heuristics = [&](int wanted, int* found, CudnnPerformance<Algorithm>* rows) {
    return dnn.filter_algorithms(handle, d.x.get(), d.y.get(), d.convolution.get(), d.filter.get(),
                                 wanted, found, rows);
  };
  const auto size = [&](Algorithm algorithm, std::size_t* bytes) {
    return dnn.filter_workspace(handle, d.x.get(), d.y.get(), d.convolution.get(), d.filter.get(),
                                algorithm, bytes);
  };
  const auto choice = choose(dnn, d.convolution.get(), shape.dtype,
                             backward<Algorithm>(shape.dtype), heuristics, size);
  void* const workspace = workspace_of(buffers, choice.workspace_bytes);
  return [=, &dnn, dtype = shape.dtype](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.convolution_backward_filter(
        handle, cudnn_one(dtype), d.x.get(), x, d.y.get(), dy, d.convolution.get(),
        choice.algorithm, workspace, choice.workspace_bytes, cudnn_zero(dtype), d.filter.get(),
        dfilter));
  };
}

namespace {

CudnnConvolutionShape shape_of(const Case& c) {
  return cudnn_convolution_shape(c.dtype, c.layout, conv2d_of(c));
}

}  // namespace

Launch prepare_cudnn_fprop(const Case& c, const Buffers& b) {
  return cudnn_fprop(shape_of(c), b.tensors[0], b.tensors[1], b.tensors[2], b);
}

Launch prepare_cudnn_dgrad(const Case& c, const Buffers& b) {
  return cudnn_dgrad(shape_of(c), b.tensors[0], b.tensors[1], b.tensors[2], b);
}

Launch prepare_cudnn_wgrad(const Case& c, const Buffers& b) {
  return cudnn_wgrad(shape_of(c), b.tensors[0], b.tensors[1], b.tensors[2], b);
}

}  // namespace gpucheck
