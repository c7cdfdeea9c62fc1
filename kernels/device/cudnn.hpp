#pragma once

#include <cstddef>
#include <source_location>

#include "kernels/device/shared_library.hpp"

struct CUstream_st;
struct cudnnContext;
struct cudnnTensorStruct;
struct cudnnFilterStruct;
struct cudnnConvolutionStruct;
struct cudnnPoolingStruct;
struct cudnnActivationStruct;
struct cudnnReduceTensorStruct;

namespace gpucheck {

/// cudnnStatus_t; 0 is success. cuDNN 8 counts from 1 to 15, cuDNN 9 in thousands: ask error_string
/// for the name.
enum class CudnnStatus : int {};

using CudnnHandle = cudnnContext*;
using CudnnTensor = cudnnTensorStruct*;
using CudnnFilter = cudnnFilterStruct*;
using CudnnConvolution = cudnnConvolutionStruct*;
using CudnnPooling = cudnnPoolingStruct*;
using CudnnActivation = cudnnActivationStruct*;
using CudnnReduction = cudnnReduceTensorStruct*;

enum class CudnnDtype : int { f32 = 0, f64 = 1, f16 = 2, s32 = 4, bf16 = 9 };
enum class CudnnMath : int { standard = 0, tensor_op = 1, tensor_op_conversion = 2, fma = 3 };
enum class CudnnNan : int { stop = 0, propagate = 1 };
enum class CudnnFormat : int { nchw = 0, nhwc = 1 };
enum class CudnnConvolutionMode : int { convolution = 0, cross_correlation = 1 };
enum class CudnnPoolingMode : int { maximum = 0, maximum_deterministic = 3 };
enum class CudnnActivationMode : int { sigmoid = 0, relu = 1 };
enum class CudnnReduceOperation : int { add = 0 };
enum class CudnnIndices : int { none = 0, flattened = 1 };
enum class CudnnIndexType : int { bits32 = 0 };
enum class CudnnSoftmaxAlgorithm : int { fast = 0, accurate = 1, log = 2 };
enum class CudnnSoftmaxMode : int { instance = 0, channel = 1 };
enum class CudnnDeterminism : int { no = 0, yes = 1 };
enum class CudnnForwardAlgorithm : int { implicit_gemm = 0, implicit_precomp_gemm = 1 };
enum class CudnnDataAlgorithm : int { algorithm_0 = 0, algorithm_1 = 1 };
enum class CudnnFilterAlgorithm : int { algorithm_0 = 0, algorithm_1 = 1 };

/// cudnnConvolution{Fwd,BwdData,BwdFilter}AlgoPerf_t, which differ in the type of `algorithm` only.
template <class Algorithm>
struct CudnnPerformance {
  Algorithm algorithm;
  CudnnStatus status;
  float milliseconds;  ///< Negative from the _v7 heuristics, which measure nothing.
  std::size_t workspace_bytes;
  CudnnDeterminism determinism;
  CudnnMath math;
  int reserved[3];
};

/// libcudnn.so.9 or .8: the API both have.
struct Cudnn {
  SharedLibrary library;

  std::size_t (
      *version)();  ///< 10000 * major + 100 * minor + patch; 1000 * major in cuDNN 8. May abort.
  std::size_t (*cudart_version)();  ///< Of the runtime linked into cuDNN.
  CudnnStatus (*create)(CudnnHandle* handle);
  CudnnStatus (*destroy)(CudnnHandle handle);
  CudnnStatus (*set_stream)(CudnnHandle handle, CUstream_st* stream);
  const char* (*error_string)(CudnnStatus status);
  void (*last_error_string)(char* message, std::size_t bytes);  ///< cuDNN 9.

  // Whether the sublibraries fit together; each null where that cuDNN has no such sublibrary.
  CudnnStatus (*graph_version_check)();
  CudnnStatus (*ops_version_check)();  ///< cudnnOpsInferVersionCheck in cuDNN 8.
  CudnnStatus (*cnn_version_check)();  ///< cudnnCnnInferVersionCheck in cuDNN 8.
  CudnnStatus (*adv_version_check)();  ///< cudnnAdvInferVersionCheck in cuDNN 8.
  CudnnStatus (*ops_train_version_check)();
  CudnnStatus (*cnn_train_version_check)();
  CudnnStatus (*adv_train_version_check)();

  CudnnStatus (*create_tensor)(CudnnTensor* tensor);
  CudnnStatus (*destroy_tensor)(CudnnTensor tensor);
  CudnnStatus (*set_tensor)(CudnnTensor tensor, CudnnDtype dtype, int n, int c, int h, int w,
                            int n_stride, int c_stride, int h_stride, int w_stride);
  CudnnStatus (*create_filter)(CudnnFilter* filter);
  CudnnStatus (*destroy_filter)(CudnnFilter filter);
  CudnnStatus (*set_filter)(CudnnFilter filter, CudnnDtype dtype, CudnnFormat format, int k, int c,
                            int h, int w);
  CudnnStatus (*create_convolution)(CudnnConvolution* convolution);
  CudnnStatus (*destroy_convolution)(CudnnConvolution convolution);
  CudnnStatus (*set_convolution)(CudnnConvolution convolution, int pad_h, int pad_w, int stride_h,
                                 int stride_w, int dilation_h, int dilation_w,
                                 CudnnConvolutionMode mode, CudnnDtype compute);
  CudnnStatus (*set_convolution_math)(CudnnConvolution convolution, CudnnMath math);
  CudnnStatus (*set_convolution_groups)(CudnnConvolution convolution, int groups);
  CudnnStatus (*create_pooling)(CudnnPooling* pooling);
  CudnnStatus (*destroy_pooling)(CudnnPooling pooling);
  CudnnStatus (*set_pooling)(CudnnPooling pooling, CudnnPoolingMode mode, CudnnNan nan,
                             int window_h, int window_w, int pad_h, int pad_w, int stride_h,
                             int stride_w);
  CudnnStatus (*create_activation)(CudnnActivation* activation);
  CudnnStatus (*destroy_activation)(CudnnActivation activation);
  CudnnStatus (*set_activation)(CudnnActivation activation, CudnnActivationMode mode, CudnnNan nan,
                                double coefficient);
  CudnnStatus (*create_reduction)(CudnnReduction* reduction);
  CudnnStatus (*destroy_reduction)(CudnnReduction reduction);
  CudnnStatus (*set_reduction)(CudnnReduction reduction, CudnnReduceOperation operation,
                               CudnnDtype compute, CudnnNan nan, CudnnIndices indices,
                               CudnnIndexType index_type);

  CudnnStatus (*forward_algorithms)(CudnnHandle handle, CudnnTensor x, CudnnFilter w,
                                    CudnnConvolution convolution, CudnnTensor y, int wanted,
                                    int* found, CudnnPerformance<CudnnForwardAlgorithm>* results);
  CudnnStatus (*forward_workspace)(CudnnHandle handle, CudnnTensor x, CudnnFilter w,
                                   CudnnConvolution convolution, CudnnTensor y,
                                   CudnnForwardAlgorithm algorithm, std::size_t* bytes);
  CudnnStatus (*convolution_forward)(CudnnHandle handle, const void* alpha, CudnnTensor x_layout,
                                     const void* x, CudnnFilter w_layout, const void* w,
                                     CudnnConvolution convolution, CudnnForwardAlgorithm algorithm,
                                     void* workspace, std::size_t workspace_bytes, const void* beta,
                                     CudnnTensor y_layout, void* y);
  CudnnStatus (*data_algorithms)(CudnnHandle handle, CudnnFilter w, CudnnTensor dy,
                                 CudnnConvolution convolution, CudnnTensor dx, int wanted,
                                 int* found, CudnnPerformance<CudnnDataAlgorithm>* results);
  CudnnStatus (*data_workspace)(CudnnHandle handle, CudnnFilter w, CudnnTensor dy,
                                CudnnConvolution convolution, CudnnTensor dx,
                                CudnnDataAlgorithm algorithm, std::size_t* bytes);
  CudnnStatus (*convolution_backward_data)(CudnnHandle handle, const void* alpha,
                                           CudnnFilter w_layout, const void* w,
                                           CudnnTensor dy_layout, const void* dy,
                                           CudnnConvolution convolution,
                                           CudnnDataAlgorithm algorithm, void* workspace,
                                           std::size_t workspace_bytes, const void* beta,
                                           CudnnTensor dx_layout, void* dx);
  CudnnStatus (*filter_algorithms)(CudnnHandle handle, CudnnTensor x, CudnnTensor dy,
                                   CudnnConvolution convolution, CudnnFilter dw, int wanted,
                                   int* found, CudnnPerformance<CudnnFilterAlgorithm>* results);
  CudnnStatus (*filter_workspace)(CudnnHandle handle, CudnnTensor x, CudnnTensor dy,
                                  CudnnConvolution convolution, CudnnFilter dw,
                                  CudnnFilterAlgorithm algorithm, std::size_t* bytes);
  CudnnStatus (*convolution_backward_filter)(CudnnHandle handle, const void* alpha,
                                             CudnnTensor x_layout, const void* x,
                                             CudnnTensor dy_layout, const void* dy,
                                             CudnnConvolution convolution,
                                             CudnnFilterAlgorithm algorithm, void* workspace,
                                             std::size_t workspace_bytes, const void* beta,
                                             CudnnFilter dw_layout, void* dw);
  CudnnStatus (*convolution_backward_bias)(CudnnHandle handle, const void* alpha,
                                           CudnnTensor dy_layout, const void* dy, const void* beta,
                                           CudnnTensor db_layout, void* db);

  CudnnStatus (*add_tensor)(CudnnHandle handle, const void* alpha, CudnnTensor a_layout,
                            const void* a, const void* beta, CudnnTensor c_layout, void* c);
  CudnnStatus (*pooling_forward)(CudnnHandle handle, CudnnPooling pooling, const void* alpha,
                                 CudnnTensor x_layout, const void* x, const void* beta,
                                 CudnnTensor y_layout, void* y);
  CudnnStatus (*pooling_backward)(CudnnHandle handle, CudnnPooling pooling, const void* alpha,
                                  CudnnTensor y_layout, const void* y, CudnnTensor dy_layout,
                                  const void* dy, CudnnTensor x_layout, const void* x,
                                  const void* beta, CudnnTensor dx_layout, void* dx);
  CudnnStatus (*activation_forward)(CudnnHandle handle, CudnnActivation activation,
                                    const void* alpha, CudnnTensor x_layout, const void* x,
                                    const void* beta, CudnnTensor y_layout, void* y);
  CudnnStatus (*activation_backward)(CudnnHandle handle, CudnnActivation activation,
                                     const void* alpha, CudnnTensor y_layout, const void* y,
                                     CudnnTensor dy_layout, const void* dy, CudnnTensor x_layout,
                                     const void* x, const void* beta, CudnnTensor dx_layout,
                                     void* dx);
  CudnnStatus (*softmax_forward)(CudnnHandle handle, CudnnSoftmaxAlgorithm algorithm,
                                 CudnnSoftmaxMode mode, const void* alpha, CudnnTensor x_layout,
                                 const void* x, const void* beta, CudnnTensor y_layout, void* y);
  CudnnStatus (*softmax_backward)(CudnnHandle handle, CudnnSoftmaxAlgorithm algorithm,
                                  CudnnSoftmaxMode mode, const void* alpha, CudnnTensor y_layout,
                                  const void* y, CudnnTensor dy_layout, const void* dy,
                                  const void* beta, CudnnTensor dx_layout, void* dx);
  CudnnStatus (*reduction_workspace)(CudnnHandle handle, CudnnReduction reduction, CudnnTensor a,
                                     CudnnTensor c, std::size_t* bytes);
  CudnnStatus (*reduce)(CudnnHandle handle, CudnnReduction reduction, void* indices,
                        std::size_t indices_bytes, void* workspace, std::size_t workspace_bytes,
                        const void* alpha, CudnnTensor a_layout, const void* a, const void* beta,
                        CudnnTensor c_layout, void* c);

  std::vector<std::string> resolve();
};

/// cuDNN, opened at the first call.
const Result<Cudnn>& cudnn();

/// Whether cuDNN says that it has nothing for this: CUDNN_STATUS_NOT_SUPPORTED, 9 in cuDNN 8; in
/// cuDNN 9 3000 and what follows but for 3005 to 3010, which blame the machine (driver,
/// architecture, missing sublibrary, shared memory).
constexpr bool not_supported(CudnnStatus status) {
  const int code = int(status);
  return code == 9 || (code >= 3000 && code < 4000 && (code < 3005 || code > 3010));
}

/// Throws LibraryError unless the call succeeded; cuDNN 9's own sentence about the last error is
/// part of the message.
void require(CudnnStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
