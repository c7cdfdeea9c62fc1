// A cuBLASLt that computes on the host; see cublas.cpp beside it.

#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include <cstring>

#include "tests/simulated/vendor/gemm.hpp"

namespace {

struct Layout {
  gpucheck::Dtype dtype;
  std::ptrdiff_t rows, columns, leading;
};

struct Matmul {
  cublasComputeType_t compute;
  std::int32_t transa, transb;
};

struct Preference {
  std::uint64_t workspace;
  std::uint32_t reductions, alignments[4];
};

constexpr std::size_t wanted_workspace = 4096;

template <class State, class Opaque>
State& state(Opaque* opaque) {
  static_assert(sizeof(State) <= sizeof(Opaque));
  return *reinterpret_cast<State*>(opaque);
}

}  // namespace

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  *handle = reinterpret_cast<cublasLtHandle_t>(new int(0));
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t) { return CUBLAS_STATUS_SUCCESS; }
size_t cublasLtGetVersion() { return 130000; }
size_t cublasLtGetCudartVersion() { return 13000; }

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout, cudaDataType type,
                                          uint64_t rows, uint64_t cols, int64_t ld) {
  *layout = new cublasLtMatrixLayoutOpaque_t;
  state<Layout>(*layout) = {gpucheck::dtype_of(type), std::ptrdiff_t(rows), std::ptrdiff_t(cols),
                            ld};
  return ld < std::int64_t(rows) ? CUBLAS_STATUS_INVALID_VALUE : CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  delete layout;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* matmul, cublasComputeType_t compute,
                                        cudaDataType_t scale) {
  *matmul = new cublasLtMatmulDescOpaque_t;
  state<Matmul>(*matmul) = {compute, CUBLAS_OP_N, CUBLAS_OP_N};
  return scale == CUDA_R_32F ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t matmul) {
  delete matmul;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t matmul,
                                              cublasLtMatmulDescAttributes_t attribute,
                                              const void* value, size_t bytes) {
  if (bytes != sizeof(std::int32_t)) return CUBLAS_STATUS_INVALID_VALUE;
  Matmul& m = state<Matmul>(matmul);
  std::memcpy(attribute == CUBLASLT_MATMUL_DESC_TRANSA ? &m.transa : &m.transb, value, bytes);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
  *preference = new cublasLtMatmulPreferenceOpaque_t;
  state<Preference>(*preference) = {0, CUBLASLT_REDUCTION_SCHEME_MASK, {256, 256, 256, 256}};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  delete preference;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                                    cublasLtMatmulPreferenceAttributes_t attribute,
                                                    const void* value, size_t bytes) {
  Preference& p = state<Preference>(preference);
  if (attribute == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES && bytes == 8) {
    std::memcpy(&p.workspace, value, bytes);
  } else if (attribute == CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK && bytes == 4) {
    std::memcpy(&p.reductions, value, bytes);
  } else if (attribute >= CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES && bytes == 4) {
    std::memcpy(&p.alignments[attribute - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES], value,
                bytes);
  } else {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t, cublasLtMatmulDesc_t matmul,
                                              cublasLtMatrixLayout_t A, cublasLtMatrixLayout_t,
                                              cublasLtMatrixLayout_t, cublasLtMatrixLayout_t D,
                                              cublasLtMatmulPreference_t preference, int,
                                              cublasLtMatmulHeuristicResult_t* results,
                                              int* found) {
  const Preference& p = state<Preference>(preference);
  const bool f32 = state<Layout>(A).dtype == gpucheck::Dtype::f32;
  const bool pedantic = state<Matmul>(matmul).compute == CUBLAS_COMPUTE_32F_PEDANTIC;
  const bool rounds_often =
      state<Layout>(D).dtype != gpucheck::Dtype::f32 &&
      (p.reductions & (CUBLASLT_REDUCTION_SCHEME_INPLACE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE));
  if (f32 != pedantic || rounds_often || p.workspace < wanted_workspace)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  results[0] = {};
  results[0].workspaceSize = wanted_workspace;
  for (int i = 0; i < 4; ++i) results[0].algo.data[i] = p.alignments[i];
  *found = 1;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t, cublasLtMatmulDesc_t matmul, const void* alpha,
                              const void* A, cublasLtMatrixLayout_t Adesc, const void* B,
                              cublasLtMatrixLayout_t Bdesc, const void* beta, const void*,
                              cublasLtMatrixLayout_t, void* D, cublasLtMatrixLayout_t Ddesc,
                              const cublasLtMatmulAlgo_t* algo, void* workspace, size_t bytes,
                              cudaStream_t stream) {
  using namespace gpucheck;
  const Layout a = state<Layout>(Adesc), b = state<Layout>(Bdesc), d = state<Layout>(Ddesc);
  const Matmul m = state<Matmul>(matmul);
  const std::ptrdiff_t depth = m.transa ? a.rows : a.columns;
  const void* pointers[] = {A, B, D, D};
  for (int i = 0; i < 4; ++i)
    if (reinterpret_cast<std::uintptr_t>(pointers[i]) % algo->data[i] != 0)
      return CUBLAS_STATUS_INVALID_VALUE;
  if (cudaStreamSynchronize(stream) != cudaSuccess || workspace == nullptr ||
      bytes < wanted_workspace || element(Dtype::f32, beta, 0) != 0 ||
      d.rows != (m.transa ? a.columns : a.rows) || d.columns != (m.transb ? b.rows : b.columns) ||
      depth != (m.transb ? b.columns : b.rows))
    return CUBLAS_STATUS_INVALID_VALUE;
  const simt::KernelAccess access;
  std::memset(workspace, 0x5a, bytes);
  gemm(int(d.rows), int(d.columns), int(depth), element(Dtype::f32, alpha, 0),
       {A, a.dtype, m.transa != 0, a.leading}, {B, b.dtype, m.transb != 0, b.leading}, D, d.dtype,
       d.leading);
  return CUBLAS_STATUS_SUCCESS;
}
}
