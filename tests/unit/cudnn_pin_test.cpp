#include <gtest/gtest.h>

#include <cstddef>

#include "kernels/device/cudnn.hpp"
#include "tests/unit/pin.hpp"

#if __has_include(<cudnn.h>)

#include <cudnn.h>

namespace gpucheck {
namespace {

TEST(CudnnPin, SessionCallsMatchTheVendorsHeader) {
  const Cudnn c{};
  EXPECT_TRUE(same_call(c.version, &cudnnGetVersion));
  EXPECT_TRUE(same_call(c.cudart_version, &cudnnGetCudartVersion));
  EXPECT_TRUE(same_call(c.create, &cudnnCreate));
  EXPECT_TRUE(same_call(c.destroy, &cudnnDestroy));
  EXPECT_TRUE(same_call(c.set_stream, &cudnnSetStream));
  EXPECT_TRUE(same_call(c.error_string, &cudnnGetErrorString));
#if CUDNN_MAJOR >= 9
  EXPECT_TRUE(same_call(c.last_error_string, &cudnnGetLastErrorString));
  EXPECT_TRUE(same_call(c.graph_version_check, &cudnnGraphVersionCheck));
  EXPECT_TRUE(same_call(c.ops_version_check, &cudnnOpsVersionCheck));
  EXPECT_TRUE(same_call(c.cnn_version_check, &cudnnCnnVersionCheck));
  EXPECT_TRUE(same_call(c.adv_version_check, &cudnnAdvVersionCheck));
#else
  EXPECT_TRUE(same_call(c.ops_version_check, &cudnnOpsInferVersionCheck));
  EXPECT_TRUE(same_call(c.cnn_version_check, &cudnnCnnInferVersionCheck));
  EXPECT_TRUE(same_call(c.adv_version_check, &cudnnAdvInferVersionCheck));
  EXPECT_TRUE(same_call(c.ops_train_version_check, &cudnnOpsTrainVersionCheck));
  EXPECT_TRUE(same_call(c.cnn_train_version_check, &cudnnCnnTrainVersionCheck));
  EXPECT_TRUE(same_call(c.adv_train_version_check, &cudnnAdvTrainVersionCheck));
#endif
}

TEST(CudnnPin, DescriptorCallsMatchTheVendorsHeader) {
  const Cudnn c{};
  EXPECT_TRUE(same_call(c.create_tensor, &cudnnCreateTensorDescriptor));
  EXPECT_TRUE(same_call(c.destroy_tensor, &cudnnDestroyTensorDescriptor));
  EXPECT_TRUE(same_call(c.set_tensor, &cudnnSetTensor4dDescriptorEx));
  EXPECT_TRUE(same_call(c.create_filter, &cudnnCreateFilterDescriptor));
  EXPECT_TRUE(same_call(c.destroy_filter, &cudnnDestroyFilterDescriptor));
  EXPECT_TRUE(same_call(c.set_filter, &cudnnSetFilter4dDescriptor));
  EXPECT_TRUE(same_call(c.create_convolution, &cudnnCreateConvolutionDescriptor));
  EXPECT_TRUE(same_call(c.destroy_convolution, &cudnnDestroyConvolutionDescriptor));
  EXPECT_TRUE(same_call(c.set_convolution, &cudnnSetConvolution2dDescriptor));
  EXPECT_TRUE(same_call(c.set_convolution_math, &cudnnSetConvolutionMathType));
  EXPECT_TRUE(same_call(c.set_convolution_groups, &cudnnSetConvolutionGroupCount));
  EXPECT_TRUE(same_call(c.create_pooling, &cudnnCreatePoolingDescriptor));
  EXPECT_TRUE(same_call(c.destroy_pooling, &cudnnDestroyPoolingDescriptor));
  EXPECT_TRUE(same_call(c.set_pooling, &cudnnSetPooling2dDescriptor));
  EXPECT_TRUE(same_call(c.create_activation, &cudnnCreateActivationDescriptor));
  EXPECT_TRUE(same_call(c.destroy_activation, &cudnnDestroyActivationDescriptor));
  EXPECT_TRUE(same_call(c.set_activation, &cudnnSetActivationDescriptor));
  EXPECT_TRUE(same_call(c.create_reduction, &cudnnCreateReduceTensorDescriptor));
  EXPECT_TRUE(same_call(c.destroy_reduction, &cudnnDestroyReduceTensorDescriptor));
  EXPECT_TRUE(same_call(c.set_reduction, &cudnnSetReduceTensorDescriptor));
}

TEST(CudnnPin, LayerCallsMatchTheVendorsHeader) {
  const Cudnn c{};
  EXPECT_TRUE(same_call(c.forward_algorithms, &cudnnGetConvolutionForwardAlgorithm_v7));
  EXPECT_TRUE(same_call(c.forward_workspace, &cudnnGetConvolutionForwardWorkspaceSize));
  EXPECT_TRUE(same_call(c.convolution_forward, &cudnnConvolutionForward));
  EXPECT_TRUE(same_call(c.data_algorithms, &cudnnGetConvolutionBackwardDataAlgorithm_v7));
  EXPECT_TRUE(same_call(c.data_workspace, &cudnnGetConvolutionBackwardDataWorkspaceSize));
  EXPECT_TRUE(same_call(c.convolution_backward_data, &cudnnConvolutionBackwardData));
  EXPECT_TRUE(same_call(c.filter_algorithms, &cudnnGetConvolutionBackwardFilterAlgorithm_v7));
  EXPECT_TRUE(same_call(c.filter_workspace, &cudnnGetConvolutionBackwardFilterWorkspaceSize));
  EXPECT_TRUE(same_call(c.convolution_backward_filter, &cudnnConvolutionBackwardFilter));
  EXPECT_TRUE(same_call(c.convolution_backward_bias, &cudnnConvolutionBackwardBias));
  EXPECT_TRUE(same_call(c.add_tensor, &cudnnAddTensor));
  EXPECT_TRUE(same_call(c.pooling_forward, &cudnnPoolingForward));
  EXPECT_TRUE(same_call(c.pooling_backward, &cudnnPoolingBackward));
  EXPECT_TRUE(same_call(c.activation_forward, &cudnnActivationForward));
  EXPECT_TRUE(same_call(c.activation_backward, &cudnnActivationBackward));
  EXPECT_TRUE(same_call(c.softmax_forward, &cudnnSoftmaxForward));
  EXPECT_TRUE(same_call(c.softmax_backward, &cudnnSoftmaxBackward));
  EXPECT_TRUE(same_call(c.reduction_workspace, &cudnnGetReductionWorkspaceSize));
  EXPECT_TRUE(same_call(c.reduce, &cudnnReduceTensor));
}

TEST(CudnnPin, NumbersMatchTheVendorsHeader) {
  EXPECT_EQ(int(CudnnDtype::f32), CUDNN_DATA_FLOAT);
  EXPECT_EQ(int(CudnnDtype::f64), CUDNN_DATA_DOUBLE);
  EXPECT_EQ(int(CudnnDtype::f16), CUDNN_DATA_HALF);
  EXPECT_EQ(int(CudnnDtype::s32), CUDNN_DATA_INT32);
  EXPECT_EQ(int(CudnnDtype::bf16), CUDNN_DATA_BFLOAT16);
  EXPECT_EQ(int(CudnnMath::standard), CUDNN_DEFAULT_MATH);
  EXPECT_EQ(int(CudnnMath::tensor_op), CUDNN_TENSOR_OP_MATH);
  EXPECT_EQ(int(CudnnMath::tensor_op_conversion), CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION);
  EXPECT_EQ(int(CudnnMath::fma), CUDNN_FMA_MATH);
  EXPECT_EQ(int(CudnnNan::stop), CUDNN_NOT_PROPAGATE_NAN);
  EXPECT_EQ(int(CudnnNan::propagate), CUDNN_PROPAGATE_NAN);
  EXPECT_EQ(int(CudnnFormat::nchw), CUDNN_TENSOR_NCHW);
  EXPECT_EQ(int(CudnnFormat::nhwc), CUDNN_TENSOR_NHWC);
  EXPECT_EQ(int(CudnnConvolutionMode::convolution), CUDNN_CONVOLUTION);
  EXPECT_EQ(int(CudnnConvolutionMode::cross_correlation), CUDNN_CROSS_CORRELATION);
  EXPECT_EQ(int(CudnnPoolingMode::maximum), CUDNN_POOLING_MAX);
  EXPECT_EQ(int(CudnnPoolingMode::maximum_deterministic), CUDNN_POOLING_MAX_DETERMINISTIC);
  EXPECT_EQ(int(CudnnActivationMode::sigmoid), CUDNN_ACTIVATION_SIGMOID);
  EXPECT_EQ(int(CudnnActivationMode::relu), CUDNN_ACTIVATION_RELU);
  EXPECT_EQ(int(CudnnReduceOperation::add), CUDNN_REDUCE_TENSOR_ADD);
  EXPECT_EQ(int(CudnnIndices::none), CUDNN_REDUCE_TENSOR_NO_INDICES);
  EXPECT_EQ(int(CudnnIndices::flattened), CUDNN_REDUCE_TENSOR_FLATTENED_INDICES);
  EXPECT_EQ(int(CudnnIndexType::bits32), CUDNN_32BIT_INDICES);
  EXPECT_EQ(int(CudnnSoftmaxAlgorithm::fast), CUDNN_SOFTMAX_FAST);
  EXPECT_EQ(int(CudnnSoftmaxAlgorithm::accurate), CUDNN_SOFTMAX_ACCURATE);
  EXPECT_EQ(int(CudnnSoftmaxAlgorithm::log), CUDNN_SOFTMAX_LOG);
  EXPECT_EQ(int(CudnnSoftmaxMode::instance), CUDNN_SOFTMAX_MODE_INSTANCE);
  EXPECT_EQ(int(CudnnSoftmaxMode::channel), CUDNN_SOFTMAX_MODE_CHANNEL);
  EXPECT_EQ(int(CudnnDeterminism::yes), CUDNN_DETERMINISTIC);
  EXPECT_EQ(int(CudnnForwardAlgorithm::implicit_gemm), CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM);
  EXPECT_EQ(int(CudnnForwardAlgorithm::implicit_precomp_gemm),
            CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM);
  EXPECT_EQ(int(CudnnDataAlgorithm::algorithm_0), CUDNN_CONVOLUTION_BWD_DATA_ALGO_0);
  EXPECT_EQ(int(CudnnDataAlgorithm::algorithm_1), CUDNN_CONVOLUTION_BWD_DATA_ALGO_1);
  EXPECT_EQ(int(CudnnFilterAlgorithm::algorithm_0), CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0);
  EXPECT_EQ(int(CudnnFilterAlgorithm::algorithm_1), CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1);
}

TEST(CudnnPin, PerformanceRowsHaveTheVendorsShape) {
  using Ours = CudnnPerformance<CudnnForwardAlgorithm>;
  EXPECT_EQ(sizeof(Ours), sizeof(cudnnConvolutionFwdAlgoPerf_t));
  EXPECT_EQ(sizeof(Ours), sizeof(cudnnConvolutionBwdDataAlgoPerf_t));
  EXPECT_EQ(sizeof(Ours), sizeof(cudnnConvolutionBwdFilterAlgoPerf_t));
  EXPECT_EQ(offsetof(Ours, status), offsetof(cudnnConvolutionFwdAlgoPerf_t, status));
  EXPECT_EQ(offsetof(Ours, workspace_bytes), offsetof(cudnnConvolutionFwdAlgoPerf_t, memory));
  EXPECT_EQ(offsetof(Ours, determinism), offsetof(cudnnConvolutionFwdAlgoPerf_t, determinism));
  EXPECT_EQ(offsetof(Ours, math), offsetof(cudnnConvolutionFwdAlgoPerf_t, mathType));
}

}  // namespace
}  // namespace gpucheck

#else

TEST(CudnnPin, MatchesTheVendorsHeader) { GTEST_SKIP() << "cudnn.h is not on the include path"; }

#endif
