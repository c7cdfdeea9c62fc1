#include "kernels/device/gpu_cudnn.hpp"

#include "kernels/device/handle_per_device.hpp"

namespace gpucheck {
namespace {

template <class Number>
const void* constant(Dtype dtype, const Number& narrow, const double& wide) {
  return dtype == Dtype::f64 ? static_cast<const void*>(&wide) : &narrow;
}

}  // namespace

CudnnHandle cudnn_handle() {
  static HandlePerDevice<CudnnHandle> handles;
  const Cudnn& library = needed(cudnn());
  return handles.current([&](CudnnHandle* handle) { require(library.create(handle)); });
}

std::shared_ptr<cudnnTensorStruct> cudnn_tensor(Dtype dtype, const CudnnLayout& l) {
  const Cudnn& library = needed(cudnn());
  CudnnTensor tensor = nullptr;
  require(library.create_tensor(&tensor));
  const std::shared_ptr<cudnnTensorStruct> owner(tensor, library.destroy_tensor);
  require_supported(library.set_tensor(tensor, cudnn_dtype(dtype), l.n, l.c, l.h, l.w, l.n_stride,
                                       l.c_stride, l.h_stride, l.w_stride));
  return owner;
}

const void* cudnn_one(Dtype dtype) {
  static const float narrow = 1;
  static const double wide = 1;
  return constant(dtype, narrow, wide);
}

const void* cudnn_zero(Dtype dtype) {
  static const float narrow = 0;
  static const double wide = 0;
  return constant(dtype, narrow, wide);
}

void require_supported(CudnnStatus status, std::source_location at) {
  if (!not_supported(status)) return require(status, at);
  try {
    require(status, at);
  } catch (const LibraryError& error) {
    throw NotRun(error.what());
  }
}

}  // namespace gpucheck
