#include "kernels/device/cudnn.hpp"

#include <array>

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

std::vector<std::string> resolve_session(Cudnn& c) {
  return resolve_all(
      c.library, Symbol{"cudnnGetVersion", &c.version},
      Symbol{"cudnnGetCudartVersion", &c.cudart_version}, Symbol{"cudnnCreate", &c.create},
      Symbol{"cudnnDestroy", &c.destroy}, Symbol{"cudnnSetStream", &c.set_stream},
      Symbol{"cudnnGetErrorString", &c.error_string},
      Symbol{"cudnnGetLastErrorString", &c.last_error_string, Need::optional},
      Symbol{"cudnnGraphVersionCheck", &c.graph_version_check, Need::optional},
      Symbol{std::array{"cudnnOpsVersionCheck", "cudnnOpsInferVersionCheck"}, &c.ops_version_check,
             Need::optional},
      Symbol{std::array{"cudnnCnnVersionCheck", "cudnnCnnInferVersionCheck"}, &c.cnn_version_check,
             Need::optional},
      Symbol{std::array{"cudnnAdvVersionCheck", "cudnnAdvInferVersionCheck"}, &c.adv_version_check,
             Need::optional},
      Symbol{"cudnnOpsTrainVersionCheck", &c.ops_train_version_check, Need::optional},
      Symbol{"cudnnCnnTrainVersionCheck", &c.cnn_train_version_check, Need::optional},
      Symbol{"cudnnAdvTrainVersionCheck", &c.adv_train_version_check, Need::optional});
}

std::vector<std::string> resolve_descriptors(Cudnn& c) {
  return resolve_all(c.library, Symbol{"cudnnCreateTensorDescriptor", &c.create_tensor},
                     Symbol{"cudnnDestroyTensorDescriptor", &c.destroy_tensor},
                     Symbol{"cudnnSetTensor4dDescriptorEx", &c.set_tensor},
                     Symbol{"cudnnCreateFilterDescriptor", &c.create_filter},
                     Symbol{"cudnnDestroyFilterDescriptor", &c.destroy_filter},
                     Symbol{"cudnnSetFilter4dDescriptor", &c.set_filter},
                     Symbol{"cudnnCreateConvolutionDescriptor", &c.create_convolution},
                     Symbol{"cudnnDestroyConvolutionDescriptor", &c.destroy_convolution},
                     Symbol{"cudnnSetConvolution2dDescriptor", &c.set_convolution},
                     Symbol{"cudnnSetConvolutionMathType", &c.set_convolution_math},
                     Symbol{"cudnnSetConvolutionGroupCount", &c.set_convolution_groups},
                     Symbol{"cudnnCreatePoolingDescriptor", &c.create_pooling},
                     Symbol{"cudnnDestroyPoolingDescriptor", &c.destroy_pooling},
                     Symbol{"cudnnSetPooling2dDescriptor", &c.set_pooling},
                     Symbol{"cudnnCreateActivationDescriptor", &c.create_activation},
                     Symbol{"cudnnDestroyActivationDescriptor", &c.destroy_activation},
                     Symbol{"cudnnSetActivationDescriptor", &c.set_activation},
                     Symbol{"cudnnCreateReduceTensorDescriptor", &c.create_reduction},
                     Symbol{"cudnnDestroyReduceTensorDescriptor", &c.destroy_reduction},
                     Symbol{"cudnnSetReduceTensorDescriptor", &c.set_reduction});
}

std::vector<std::string> resolve_convolutions(Cudnn& c) {
  return resolve_all(c.library,
                     Symbol{"cudnnGetConvolutionForwardAlgorithm_v7", &c.forward_algorithms},
                     Symbol{"cudnnGetConvolutionForwardWorkspaceSize", &c.forward_workspace},
                     Symbol{"cudnnConvolutionForward", &c.convolution_forward},
                     Symbol{"cudnnGetConvolutionBackwardDataAlgorithm_v7", &c.data_algorithms},
                     Symbol{"cudnnGetConvolutionBackwardDataWorkspaceSize", &c.data_workspace},
                     Symbol{"cudnnConvolutionBackwardData", &c.convolution_backward_data},
                     Symbol{"cudnnGetConvolutionBackwardFilterAlgorithm_v7", &c.filter_algorithms},
                     Symbol{"cudnnGetConvolutionBackwardFilterWorkspaceSize", &c.filter_workspace},
                     Symbol{"cudnnConvolutionBackwardFilter", &c.convolution_backward_filter},
                     Symbol{"cudnnConvolutionBackwardBias", &c.convolution_backward_bias});
}

std::vector<std::string> resolve_layers(Cudnn& c) {
  return resolve_all(c.library, Symbol{"cudnnAddTensor", &c.add_tensor},
                     Symbol{"cudnnPoolingForward", &c.pooling_forward},
                     Symbol{"cudnnPoolingBackward", &c.pooling_backward},
                     Symbol{"cudnnActivationForward", &c.activation_forward},
                     Symbol{"cudnnActivationBackward", &c.activation_backward},
                     Symbol{"cudnnSoftmaxForward", &c.softmax_forward},
                     Symbol{"cudnnSoftmaxBackward", &c.softmax_backward},
                     Symbol{"cudnnGetReductionWorkspaceSize", &c.reduction_workspace},
                     Symbol{"cudnnReduceTensor", &c.reduce});
}

}  // namespace

std::vector<std::string> Cudnn::resolve() {
  std::vector<std::string> missing;
  for (const auto part :
       {resolve_session, resolve_descriptors, resolve_convolutions, resolve_layers})
    for (std::string& symbol : part(*this)) missing.push_back(std::move(symbol));
  return missing;
}

const Result<Cudnn>& cudnn() {
  static const Result<Cudnn> library =
      open_api<Cudnn>(names_to_open({"libcudnn.so.9", "libcudnn.so.8"}, search_environment()));
  return library;
}

void require(CudnnStatus status, std::source_location at) {
  if (status == CudnnStatus{}) return;
  const Result<Cudnn>& library = cudnn();
  std::array<char, 1024> text = {};
  if (library && library->last_error_string != nullptr) {
    library->last_error_string(text.data(), text.size());
    text.back() = '\0';
  }
  throw_library_error(int(status), library ? library->error_string(status) : "cudnnStatus_t",
                      text.data(), at);
}

}  // namespace gpucheck
