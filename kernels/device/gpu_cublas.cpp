#include "kernels/device/gpu_cublas.hpp"

#include "kernels/device/handle_per_device.hpp"

namespace gpucheck {

CublasHandle cublas_handle() {
  static HandlePerDevice<CublasHandle> handles;
  const Cublas& library = needed(cublas());
  return handles.current([&](CublasHandle* handle) { require(library.create(handle)); });
}

CublasLtHandle cublaslt_handle() {
  static HandlePerDevice<CublasLtHandle> handles;
  const CublasLt& library = needed(cublaslt());
  return handles.current([&](CublasLtHandle* handle) { require(library.create(handle)); });
}

}  // namespace gpucheck
