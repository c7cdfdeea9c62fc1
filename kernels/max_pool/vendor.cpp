#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"
#include "kernels/max_pool/window.hpp"

namespace gpucheck {
namespace {

struct Descriptors {
  std::shared_ptr<cudnnPoolingStruct> pooling;
  std::shared_ptr<cudnnTensorStruct> x, y;
};

auto layout(const Case& c, const Planes& p) {
  return cudnn_layout(c.layout, p.images, p.channels, p.height, p.width);
}

Descriptors descriptors(const Cudnn& dnn, const Case& c) {
  const PoolShape s = pool_shape(c);
  CudnnPooling pooling = nullptr;
  require(dnn.create_pooling(&pooling));
  Descriptors d{.pooling = {pooling, dnn.destroy_pooling},
                .x = cudnn_tensor(c.dtype, layout(c, s.x)),
                .y = cudnn_tensor(c.dtype, layout(c, s.y))};
  const int window = int(s.window), pad = int(s.pad), stride = int(s.stride);
  require_supported(dnn.set_pooling(pooling, CudnnPoolingMode::maximum_deterministic,
                                    CudnnNan::propagate, window, window, pad, pad, stride, stride));
  return d;
}

}  // namespace

Launch prepare_cudnn_max_pool(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  return [&dnn, handle = cudnn_handle(), d = descriptors(dnn, c), dtype = c.dtype,
          t = buffers.tensors](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.pooling_forward(handle, d.pooling.get(), cudnn_one(dtype), d.x.get(),
                                          t[0], cudnn_zero(dtype), d.y.get(), t[1]));
  };
}

Launch prepare_cudnn_max_pool_grad(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  return [&dnn, handle = cudnn_handle(), d = descriptors(dnn, c), dtype = c.dtype,
          t = buffers.tensors](CUstream_st* stream) {
    const void *x = t[0], *y = t[1], *dy = t[2];
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.pooling_backward(handle, d.pooling.get(), cudnn_one(dtype), d.y.get(), y,
                                           d.y.get(), dy, d.x.get(), x, cudnn_zero(dtype),
                                           d.x.get(), t[3]));
  };
}

}  // namespace gpucheck
