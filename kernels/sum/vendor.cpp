#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

std::shared_ptr<cudnnReduceTensorStruct> addition(const Cudnn& dnn, Dtype accumulator) {
  CudnnReduction reduction = nullptr;
  require(dnn.create_reduction(&reduction));
  const std::shared_ptr<cudnnReduceTensorStruct> owner(reduction, dnn.destroy_reduction);
  require(dnn.set_reduction(reduction, CudnnReduceOperation::add, cudnn_dtype(accumulator),
                            CudnnNan::propagate, CudnnIndices::none, CudnnIndexType::bits32));
  return owner;
}

}  // namespace

Launch prepare_cudnn_sum(const Case& c, const Buffers& buffers) {
  const Cudnn& dnn = needed(cudnn());
  const CudnnHandle handle = cudnn_handle();
  const auto reduction = addition(dnn, c.accumulator);
  const auto x = cudnn_tensor(c.dtype, cudnn_vector(c["n"]));
  const auto sum = cudnn_tensor(c.output, cudnn_vector(1));
  std::size_t size = 0;
  require_supported(dnn.reduction_workspace(handle, reduction.get(), x.get(), sum.get(), &size));
  void* const workspace = size == 0 ? nullptr : buffers.workspace(size);
  return [=, &dnn, dtype = c.dtype, t = buffers.tensors](CUstream_st* stream) {
    require(dnn.set_stream(handle, stream));
    require_supported(dnn.reduce(handle, reduction.get(), nullptr, 0, workspace, size,
                                 cudnn_one(dtype), x.get(), t[0], cudnn_zero(dtype), sum.get(),
                                 t[1]));
  };
}

}  // namespace gpucheck
