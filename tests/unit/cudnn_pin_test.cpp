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
  EXPECT_TRUE(same_call<decltype(&cudnnGetVersion)>(c.version));
  EXPECT_TRUE(same_call<decltype(&cudnnGetCudartVersion)>(c.cudart_version));
  EXPECT_TRUE(same_call<decltype(&cudnnCreate)>(c.create));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroy)>(c.destroy));
  EXPECT_TRUE(same_call<decltype(&cudnnSetStream)>(c.set_stream));
  EXPECT_TRUE(same_call<decltype(&cudnnGetErrorString)>(c.error_string));
#if CUDNN_MAJOR >= 9
  EXPECT_TRUE(same_call<decltype(&cudnnGetLastErrorString)>(c.last_error_string));
  EXPECT_TRUE(same_call<decltype(&cudnnGraphVersionCheck)>(c.graph_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnOpsVersionCheck)>(c.ops_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnCnnVersionCheck)>(c.cnn_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnAdvVersionCheck)>(c.adv_version_check));
#else
  EXPECT_TRUE(same_call<decltype(&cudnnOpsInferVersionCheck)>(c.ops_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnCnnInferVersionCheck)>(c.cnn_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnAdvInferVersionCheck)>(c.adv_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnOpsTrainVersionCheck)>(c.ops_train_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnCnnTrainVersionCheck)>(c.cnn_train_version_check));
  EXPECT_TRUE(same_call<decltype(&cudnnAdvTrainVersionCheck)>(c.adv_train_version_check));
#endif
}

TEST(CudnnPin, DescriptorCallsMatchTheVendorsHeader) {
  const Cudnn c{};
  EXPECT_TRUE(same_call<decltype(&cudnnCreateTensorDescriptor)>(c.create_tensor));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyTensorDescriptor)>(c.destroy_tensor));
  EXPECT_TRUE(same_call<decltype(&cudnnSetTensor4dDescriptorEx)>(c.set_tensor));
  EXPECT_TRUE(same_call<decltype(&cudnnCreateFilterDescriptor)>(c.create_filter));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyFilterDescriptor)>(c.destroy_filter));
  EXPECT_TRUE(same_call<decltype(&cudnnSetFilter4dDescriptor)>(c.set_filter));
  EXPECT_TRUE(same_call<decltype(&cudnnCreateConvolutionDescriptor)>(c.create_convolution));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyConvolutionDescriptor)>(c.destroy_convolution));
  EXPECT_TRUE(same_call<decltype(&cudnnSetConvolution2dDescriptor)>(c.set_convolution));
  EXPECT_TRUE(same_call<decltype(&cudnnSetConvolutionMathType)>(c.set_convolution_math));
  EXPECT_TRUE(same_call<decltype(&cudnnSetConvolutionGroupCount)>(c.set_convolution_groups));
  EXPECT_TRUE(same_call<decltype(&cudnnCreatePoolingDescriptor)>(c.create_pooling));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyPoolingDescriptor)>(c.destroy_pooling));
  EXPECT_TRUE(same_call<decltype(&cudnnSetPooling2dDescriptor)>(c.set_pooling));
  EXPECT_TRUE(same_call<decltype(&cudnnCreateActivationDescriptor)>(c.create_activation));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyActivationDescriptor)>(c.destroy_activation));
  EXPECT_TRUE(same_call<decltype(&cudnnSetActivationDescriptor)>(c.set_activation));
  EXPECT_TRUE(same_call<decltype(&cudnnCreateReduceTensorDescriptor)>(c.create_reduction));
  EXPECT_TRUE(same_call<decltype(&cudnnDestroyReduceTensorDescriptor)>(c.destroy_reduction));
  EXPECT_TRUE(same_call<decltype(&cudnnSetReduceTensorDescriptor)>(c.set_reduction));
}

TEST(CudnnPin, LayerCallsMatchTheVendorsHeader) {
  const Cudnn c{};
  EXPECT_TRUE(same_call<decltype(&cudnnGetConvolutionForwardAlgorithm_v7)>(c.forward_algorithms));
  EXPECT_TRUE(same_call<decltype(&cudnnGetConvolutionForwardWorkspaceSize)>(c.forward_workspace));
  EXPECT_TRUE(same_call<decltype(&cudnnConvolutionForward)>(c.convolution_forward));
  EXPECT_TRUE(same_call<decltype(&cudnnGetConvolutionBackwardDataAlgorithm_v7)>(c.data_algorithms));
  EXPECT_TRUE(same_call<decltype(&cudnnGetConvolutionBackwardDataWorkspaceSize)>(c.data_workspace));
  EXPECT_TRUE(same_call<decltype(&cudnnConvolutionBackwardData)>(c.convolution_backward_data));
  EXPECT_TRUE(
      same_call<decltype(&cudnnGetConvolutionBackwardFilterAlgorithm_v7)>(c.filter_algorithms));
  EXPECT_TRUE(
      same_call<decltype(&cudnnGetConvolutionBackwardFilterWorkspaceSize)>(c.filter_workspace));
  EXPECT_TRUE(same_call<decltype(&cudnnConvolutionBackwardFilter)>(c.convolution_backward_filter));
  EXPECT_TRUE(same_call<decltype(&cudnnConvolutionBackwardBias)>(c.convolution_backward_bias));
  EXPECT_TRUE(same_call<decltype(&cudnnAddTensor)>(c.add_tensor));
  EXPECT_TRUE(same_call<decltype(&cudnnPoolingForward)>(c.pooling_forward));
  EXPECT_TRUE(same_call<decltype(&cudnnPoolingBackward)>(c.pooling_backward));
  EXPECT_TRUE(same_call<decltype(&cudnnActivationForward)>(c.activation_forward));
  EXPECT_TRUE(same_call<decltype(&cudnnActivationBackward)>(c.activation_backward));
  EXPECT_TRUE(same_call<decltype(&cudnnSoftmaxForward)>(c.softmax_forward));
  EXPECT_TRUE(same_call<decltype(&cudnnSoftmaxBackward)>(c.softmax_backward));
  EXPECT_TRUE(same_call<decltype(&cudnnGetReductionWorkspaceSize)>(c.reduction_workspace));
  EXPECT_TRUE(same_call<decltype(&cudnnReduceTensor)>(c.reduce));
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
