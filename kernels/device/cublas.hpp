#pragma once

#include <cstddef>
#include <source_location>

#include "kernels/device/shared_library.hpp"

struct CUstream_st;
struct cublasContext;

namespace gpucheck {

/// cublasStatus_t, of cuBLAS and cuBLASLt; 0 is success.
enum class CublasStatus : int {
  success = 0,
  not_initialized = 1,
  alloc_failed = 3,
  invalid_value = 7,
  arch_mismatch = 8,
  mapping_error = 11,
  execution_failed = 13,
  internal_error = 14,
  not_supported = 15,
  license_error = 16,
};

enum class CublasOperation : int { none = 0, transpose = 1 };

enum class CublasMath : int {
  standard = 0,
  pedantic = 2,
  disallow_reduced_precision_reduction = 16
};

/// cudaDataType.
enum class CudaDtype : int { f32 = 0, f64 = 1, f16 = 2, bf16 = 14 };

/// cublasComputeType_t. Only the pedantic types promise standard arithmetic.
enum class CublasCompute : int { f32 = 68, f32_pedantic = 69, f64 = 70, f64_pedantic = 71 };

enum class CublasAlgorithm : int { standard = -1 };

using CublasHandle = cublasContext*;

/// libcublas.so.13, .12 or .11.
struct Cublas {
  SharedLibrary library;

  CublasStatus (*create)(CublasHandle* handle);
  CublasStatus (*destroy)(CublasHandle handle);
  CublasStatus (*version)(CublasHandle handle, int* version);
  CublasStatus (*property)(
      int type, int* value);  ///< libraryPropertyType: 0 major, 1 minor, 2 patch. No handle needed.
  const char* (*status_name)(CublasStatus status);    ///< Null before 11.4.2.
  const char* (*status_string)(CublasStatus status);  ///< Null before 11.4.2.
  CublasStatus (*set_stream)(CublasHandle handle, CUstream_st* stream);
  CublasStatus (*set_math_mode)(CublasHandle handle, CublasMath mode);
  CublasStatus (*gemm_ex)(CublasHandle handle, CublasOperation transa, CublasOperation transb,
                          int m, int n, int k, const void* alpha, const void* a, CudaDtype a_dtype,
                          int lda, const void* b, CudaDtype b_dtype, int ldb, const void* beta,
                          void* c, CudaDtype c_dtype, int ldc, CublasCompute compute,
                          CublasAlgorithm algorithm);
  CublasStatus (*sgemm)(CublasHandle handle, CublasOperation transa, CublasOperation transb, int m,
                        int n, int k, const float* alpha, const float* a, int lda, const float* b,
                        int ldb, const float* beta, float* c, int ldc);
  CublasStatus (*dgemm)(CublasHandle handle, CublasOperation transa, CublasOperation transb, int m,
                        int n, int k, const double* alpha, const double* a, int lda,
                        const double* b, int ldb, const double* beta, double* c, int ldc);

  std::vector<std::string> resolve();
};

/// cuBLAS, opened at the first call.
const Result<Cublas>& cublas();

/// Throws LibraryError unless the call succeeded.
void require(CublasStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
