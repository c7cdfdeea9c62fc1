#include <gtest/gtest.h>

#include <cstddef>

#include "kernels/device/cublaslt.hpp"
#include "tests/unit/pin.hpp"

#if __has_include(<cublasLt.h>) && __has_include(<cublas_v2.h>)

#include <cublasLt.h>
#include <cublas_v2.h>

namespace gpucheck {
namespace {

TEST(CublasPin, CallsMatchTheVendorsHeader) {
  const Cublas c{};
  EXPECT_TRUE(same_call<decltype(&cublasCreate_v2)>(c.create));
  EXPECT_TRUE(same_call<decltype(&cublasDestroy_v2)>(c.destroy));
  EXPECT_TRUE(same_call<decltype(&cublasGetVersion_v2)>(c.version));
  EXPECT_TRUE(same_call<decltype(&cublasGetProperty)>(c.property));
  EXPECT_TRUE(same_call<decltype(&cublasGetStatusName)>(c.status_name));
  EXPECT_TRUE(same_call<decltype(&cublasGetStatusString)>(c.status_string));
  EXPECT_TRUE(same_call<decltype(&cublasSetStream_v2)>(c.set_stream));
  EXPECT_TRUE(same_call<decltype(&cublasSetMathMode)>(c.set_math_mode));
  using GemmEx = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int,
                                    int, const void*, const void*, cudaDataType, int, const void*,
                                    cudaDataType, int, const void*, void*, cudaDataType, int,
                                    cublasComputeType_t, cublasGemmAlgo_t);
  EXPECT_TRUE(
      same_call<decltype(GemmEx(&cublasGemmEx))>(c.gemm_ex));  // The C++ header overloads it.
  EXPECT_TRUE(same_call<decltype(&cublasSgemm_v2)>(c.sgemm));
  EXPECT_TRUE(same_call<decltype(&cublasDgemm_v2)>(c.dgemm));
}

TEST(CublasPin, NumbersMatchTheVendorsHeader) {
  EXPECT_EQ(int(CublasStatus::not_initialized), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(int(CublasStatus::alloc_failed), CUBLAS_STATUS_ALLOC_FAILED);
  EXPECT_EQ(int(CublasStatus::invalid_value), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(int(CublasStatus::arch_mismatch), CUBLAS_STATUS_ARCH_MISMATCH);
  EXPECT_EQ(int(CublasStatus::mapping_error), CUBLAS_STATUS_MAPPING_ERROR);
  EXPECT_EQ(int(CublasStatus::execution_failed), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(int(CublasStatus::internal_error), CUBLAS_STATUS_INTERNAL_ERROR);
  EXPECT_EQ(int(CublasStatus::not_supported), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(int(CublasStatus::license_error), CUBLAS_STATUS_LICENSE_ERROR);
  EXPECT_EQ(int(CublasOperation::none), CUBLAS_OP_N);
  EXPECT_EQ(int(CublasOperation::transpose), CUBLAS_OP_T);
  EXPECT_EQ(int(CublasMath::standard), CUBLAS_DEFAULT_MATH);
  EXPECT_EQ(int(CublasMath::pedantic), CUBLAS_PEDANTIC_MATH);
  EXPECT_EQ(int(CublasMath::disallow_reduced_precision_reduction),
            CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION);
  EXPECT_EQ(int(CudaDtype::f32), CUDA_R_32F);
  EXPECT_EQ(int(CudaDtype::f64), CUDA_R_64F);
  EXPECT_EQ(int(CudaDtype::f16), CUDA_R_16F);
  EXPECT_EQ(int(CudaDtype::bf16), CUDA_R_16BF);
  EXPECT_EQ(int(CublasCompute::f32), CUBLAS_COMPUTE_32F);
  EXPECT_EQ(int(CublasCompute::f32_pedantic), CUBLAS_COMPUTE_32F_PEDANTIC);
  EXPECT_EQ(int(CublasCompute::f64), CUBLAS_COMPUTE_64F);
  EXPECT_EQ(int(CublasCompute::f64_pedantic), CUBLAS_COMPUTE_64F_PEDANTIC);
  EXPECT_EQ(int(CublasAlgorithm::standard), CUBLAS_GEMM_DEFAULT);
}

TEST(CublasLtPin, CallsMatchTheVendorsHeader) {
  const CublasLt c{};
  EXPECT_TRUE(same_call<decltype(&cublasLtCreate)>(c.create));
  EXPECT_TRUE(same_call<decltype(&cublasLtDestroy)>(c.destroy));
  EXPECT_TRUE(same_call<decltype(&cublasLtGetVersion)>(c.version));
  EXPECT_TRUE(same_call<decltype(&cublasLtGetCudartVersion)>(c.cudart_version));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatrixLayoutCreate)>(c.layout_create));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatrixLayoutDestroy)>(c.layout_destroy));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulDescCreate)>(c.matmul_create));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulDescDestroy)>(c.matmul_destroy));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulDescSetAttribute)>(c.matmul_set));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulPreferenceCreate)>(c.preference_create));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulPreferenceDestroy)>(c.preference_destroy));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulPreferenceSetAttribute)>(c.preference_set));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmulAlgoGetHeuristic)>(c.heuristic));
  EXPECT_TRUE(same_call<decltype(&cublasLtMatmul)>(c.matmul));
}

TEST(CublasLtPin, NumbersAndStructuresMatchTheVendorsHeader) {
  EXPECT_EQ(int(CublasLtMatmulAttribute::transa), CUBLASLT_MATMUL_DESC_TRANSA);
  EXPECT_EQ(int(CublasLtMatmulAttribute::transb), CUBLASLT_MATMUL_DESC_TRANSB);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::max_workspace_bytes),
            CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::reduction_scheme_mask),
            CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::min_alignment_a_bytes),
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::min_alignment_b_bytes),
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::min_alignment_c_bytes),
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES);
  EXPECT_EQ(int(CublasLtPreferenceAttribute::min_alignment_d_bytes),
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES);
  EXPECT_EQ(sizeof(CublasLtAlgorithm), sizeof(cublasLtMatmulAlgo_t));
  EXPECT_EQ(sizeof(CublasLtHeuristic), sizeof(cublasLtMatmulHeuristicResult_t));
  EXPECT_EQ(offsetof(CublasLtHeuristic, workspace_bytes),
            offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize));
  EXPECT_EQ(offsetof(CublasLtHeuristic, state), offsetof(cublasLtMatmulHeuristicResult_t, state));
  EXPECT_EQ(offsetof(CublasLtHeuristic, waves),
            offsetof(cublasLtMatmulHeuristicResult_t, wavesCount));
}

}  // namespace
}  // namespace gpucheck

#else

TEST(CublasPin, MatchesTheVendorsHeader) {
  GTEST_SKIP() << "cublas_v2.h and cublasLt.h are not on the include path";
}

#endif
