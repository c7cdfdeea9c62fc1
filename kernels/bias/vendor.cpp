#include <cuda_runtime_api.h>

#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

// cuDNN adds in place: y = b + x, once y holds x.
Launch prepare_cudnn_bias(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  const std::int64_t m = c["m"], n = c["n"];
  return [&dnn, handle = cudnn_handle(),
          rows = cudnn_tensor(c.dtype, cudnn_layout(c.layout, m, n, 1, 1)),
          bias = cudnn_tensor(c.dtype, cudnn_layout(c.layout, 1, n, 1, 1)), dtype = c.dtype,
          size = std::size_t(m * n) * bytes(c.dtype), t = buffers.tensors](CUstream_st* stream) {
    require_cuda(cudaMemcpyAsync(t[2], t[0], size, cudaMemcpyDeviceToDevice, stream));
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.add_tensor(handle, cudnn_one(dtype), bias.get(), t[1], cudnn_one(dtype),
                                     rows.get(), t[2]));
  };
}

}  // namespace gpucheck
