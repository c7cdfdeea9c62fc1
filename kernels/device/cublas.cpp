#include "kernels/device/cublas.hpp"

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

// cublas_api.h; for libraries before 11.4.2, which cannot name their own codes.
const char* name(CublasStatus status) {
  switch (status) {
    case CublasStatus::success: return "CUBLAS_STATUS_SUCCESS";
    case CublasStatus::not_initialized: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CublasStatus::alloc_failed: return "CUBLAS_STATUS_ALLOC_FAILED";
    case CublasStatus::invalid_value: return "CUBLAS_STATUS_INVALID_VALUE";
    case CublasStatus::arch_mismatch: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CublasStatus::mapping_error: return "CUBLAS_STATUS_MAPPING_ERROR";
    case CublasStatus::execution_failed: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CublasStatus::internal_error: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CublasStatus::not_supported: return "CUBLAS_STATUS_NOT_SUPPORTED";
    case CublasStatus::license_error: return "CUBLAS_STATUS_LICENSE_ERROR";
  }
  return "cublasStatus_t";
}

}  // namespace

std::vector<std::string> Cublas::resolve() {
  return resolve_all(library, Symbol{"cublasCreate_v2", &create},                      //
                     Symbol{"cublasDestroy_v2", &destroy},                             //
                     Symbol{"cublasGetVersion_v2", &version},                          //
                     Symbol{"cublasGetProperty", &property},                           //
                     Symbol{"cublasGetStatusName", &status_name, Need::optional},      //
                     Symbol{"cublasGetStatusString", &status_string, Need::optional},  //
                     Symbol{"cublasSetStream_v2", &set_stream},                        //
                     Symbol{"cublasSetMathMode", &set_math_mode},                      //
                     Symbol{"cublasGemmEx", &gemm_ex},                                 //
                     Symbol{"cublasSgemm_v2", &sgemm}, Symbol{"cublasDgemm_v2", &dgemm});
}

const Result<Cublas>& cublas() {
  static const Result<Cublas> library =
      open_api<Cublas>(names_to_open(toolkit_sonames("libcublas.so."), search_environment()));
  return library;
}

void require(CublasStatus status, std::source_location at) {
  if (status == CublasStatus::success) return;
  const bool speaks = cublas() && cublas()->status_string != nullptr;
  throw_library_error(int(status), name(status), speaks ? cublas()->status_string(status) : "", at);
}

}  // namespace gpucheck
