#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/device/cublas.hpp"

struct cublasLtContext;

namespace gpucheck {

struct CublasLtLayout;      // cublasLtMatrixLayoutOpaque_t
struct CublasLtMatmul;      // cublasLtMatmulDescOpaque_t
struct CublasLtPreference;  // cublasLtMatmulPreferenceOpaque_t

/// cublasLtMatmulAlgo_t.
struct CublasLtAlgorithm {
  std::uint64_t data[8];
};

/// cublasLtMatmulHeuristicResult_t.
struct CublasLtHeuristic {
  CublasLtAlgorithm algorithm;
  std::size_t workspace_bytes;
  CublasStatus state;
  float waves;
  int reserved[4];
};

enum class CublasLtMatmulAttribute : int { transa = 3, transb = 4 };

enum class CublasLtPreferenceAttribute : int {
  max_workspace_bytes = 1,
  reduction_scheme_mask = 3,
  min_alignment_a_bytes = 5,
  min_alignment_b_bytes = 6,
  min_alignment_c_bytes = 7,
  min_alignment_d_bytes = 8,
};

using CublasLtHandle = cublasLtContext*;

/// libcublasLt.so.13, .12 or .11, of the directory cuBLAS came from where there is one.
struct CublasLt {
  SharedLibrary library;

  CublasStatus (*create)(CublasLtHandle* handle);
  CublasStatus (*destroy)(CublasLtHandle handle);
  std::size_t (*version)();
  std::size_t (*cudart_version)();
  CublasStatus (*layout_create)(CublasLtLayout** layout, CudaDtype dtype, std::uint64_t rows,
                                std::uint64_t columns, std::int64_t leading_dimension);
  CublasStatus (*layout_destroy)(CublasLtLayout* layout);
  CublasStatus (*matmul_create)(CublasLtMatmul** matmul, CublasCompute compute,
                                CudaDtype scale_dtype);
  CublasStatus (*matmul_destroy)(CublasLtMatmul* matmul);
  CublasStatus (*matmul_set)(CublasLtMatmul* matmul, CublasLtMatmulAttribute attribute,
                             const void* value, std::size_t bytes);
  CublasStatus (*preference_create)(CublasLtPreference** preference);
  CublasStatus (*preference_destroy)(CublasLtPreference* preference);
  CublasStatus (*preference_set)(CublasLtPreference* preference,
                                 CublasLtPreferenceAttribute attribute, const void* value,
                                 std::size_t bytes);
  CublasStatus (*heuristic)(CublasLtHandle handle, CublasLtMatmul* matmul, CublasLtLayout* a,
                            CublasLtLayout* b, CublasLtLayout* c, CublasLtLayout* d,
                            CublasLtPreference* preference, int wanted, CublasLtHeuristic* results,
                            int* found);
  CublasStatus (*matmul)(CublasLtHandle handle, CublasLtMatmul* matmul, const void* alpha,
                         const void* a, CublasLtLayout* a_layout, const void* b,
                         CublasLtLayout* b_layout, const void* beta, const void* c,
                         CublasLtLayout* c_layout, void* d, CublasLtLayout* d_layout,
                         const CublasLtAlgorithm* algorithm, void* workspace,
                         std::size_t workspace_bytes, CUstream_st* stream);

  std::vector<std::string> resolve();
};

/// cuBLASLt, opened at the first call.
const Result<CublasLt>& cublaslt();

}  // namespace gpucheck
