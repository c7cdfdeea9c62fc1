#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

std::shared_ptr<cudnnActivationStruct> relu(const Cudnn& dnn) {
  CudnnActivation activation = nullptr;
  require(dnn.create_activation(&activation));
  const std::shared_ptr<cudnnActivationStruct> owner(activation, dnn.destroy_activation);
  require(dnn.set_activation(activation, CudnnActivationMode::relu, CudnnNan::propagate, 0.0));
  return owner;
}

}  // namespace

Launch prepare_cudnn_relu(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  return [&dnn, handle = cudnn_handle(), activation = relu(dnn),
          numbers = cudnn_tensor(c.dtype, cudnn_vector(c["n"])), dtype = c.dtype,
          t = buffers.tensors](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.activation_forward(handle, activation.get(), cudnn_one(dtype),
                                             numbers.get(), t[0], cudnn_zero(dtype), numbers.get(),
                                             t[1]));
  };
}

// cuDNN takes x as well; y stands in for it, since y > 0 exactly where x > 0.
Launch prepare_cudnn_relu_grad(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  return [&dnn, handle = cudnn_handle(), activation = relu(dnn),
          numbers = cudnn_tensor(c.dtype, cudnn_vector(c["n"])), dtype = c.dtype,
          t = buffers.tensors](CUstream_st* stream) {
    const void* const y = t[0];
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.activation_backward(handle, activation.get(), cudnn_one(dtype),
                                              numbers.get(), y, numbers.get(), t[1], numbers.get(),
                                              y, cudnn_zero(dtype), numbers.get(), t[2]));
  };
}

}  // namespace gpucheck
