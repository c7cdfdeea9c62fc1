#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

Launch prepare_cudnn_bias_grad(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  const std::int64_t m = c["m"], n = c["n"];
  return [&dnn, handle = cudnn_handle(),
          dy = cudnn_tensor(c.dtype, cudnn_layout(c.layout, m, n, 1, 1)),
          db = cudnn_tensor(c.output, cudnn_layout(c.layout, 1, n, 1, 1)), dtype = c.dtype,
          t = buffers.tensors](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.convolution_backward_bias(handle, cudnn_one(dtype), dy.get(), t[0],
                                                    cudnn_zero(dtype), db.get(), t[1]));
  };
}

}  // namespace gpucheck
