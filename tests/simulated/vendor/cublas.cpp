// A cuBLAS that computes on the host, by its reference manual; compiled with the vendor's header,
// which has the last word on the order of arguments. It refuses what would be computed in TF32 or
// summed in 16 bits on a GPU.

#include <cublas_v2.h>
#include <cuda_runtime_api.h>

#include "tests/simulated/vendor/gemm.hpp"

struct cublasContext {
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
  bool has_stream = false;
  cudaStream_t stream = nullptr;
};

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  *handle = new cublasContext;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version) {
  *version = CUBLAS_VERSION;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetProperty(libraryPropertyType, int* value) {
  *value = CUBLAS_VER_MAJOR;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  handle->has_stream = true;
  handle->stream = stream;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  handle->math = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transa,
                            cublasOperation_t transb, int m, int n, int k, const void* alpha,
                            const void* A, cudaDataType Atype, int lda, const void* B,
                            cudaDataType Btype, int ldb, const void* beta, void* C,
                            cudaDataType Ctype, int ldc, cublasComputeType_t compute,
                            cublasGemmAlgo_t) {
  using namespace gpucheck;
  const bool a_transposed = transa == CUBLAS_OP_T, b_transposed = transb == CUBLAS_OP_T;
  if (!handle->has_stream || cudaStreamSynchronize(handle->stream) != cudaSuccess ||
      lda < (a_transposed ? k : m) || ldb < (b_transposed ? n : k) || ldc < m)
    return CUBLAS_STATUS_INVALID_VALUE;
  const bool wide = compute == CUBLAS_COMPUTE_64F_PEDANTIC;
  if ((Atype == CUDA_R_64F) != wide || Atype != Btype) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (Atype == CUDA_R_32F &&
      (compute != CUBLAS_COMPUTE_32F_PEDANTIC || handle->math != CUBLAS_PEDANTIC_MATH))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  const bool short_type = Atype == CUDA_R_16F || Atype == CUDA_R_16BF;
  if (short_type && handle->math != CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  const Dtype scalar = wide ? Dtype::f64 : Dtype::f32;
  if (element(scalar, beta, 0) != 0) return CUBLAS_STATUS_NOT_SUPPORTED;
  const simt::KernelAccess access;
  gemm(m, n, k, element(scalar, alpha, 0), {A, dtype_of(Atype), a_transposed, lda},
       {B, dtype_of(Btype), b_transposed, ldb}, C, dtype_of(Ctype), ldc);
  return CUBLAS_STATUS_SUCCESS;
}

// Needed to be opened, never called.
cublasStatus_t cublasSgemm_v2(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int,
                              const float*, const float*, int, const float*, int, const float*,
                              float*, int) {
  return CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t cublasDgemm_v2(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int,
                              const double*, const double*, int, const double*, int, const double*,
                              double*, int) {
  return CUBLAS_STATUS_NOT_SUPPORTED;
}
}
