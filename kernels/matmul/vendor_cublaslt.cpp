#include <algorithm>
#include <cstdint>
#include <memory>

#include "kernels/device/gpu_cublas.hpp"
#include "kernels/device/require.hpp"
#include "kernels/matmul/gemm_arguments.hpp"
#include "kernels/matmul/vendor.hpp"

namespace gpucheck {
namespace {

// cuBLAS's own advice for Hopper; older devices need less.
constexpr std::uint64_t workspace_bytes = 32 << 20;

struct Plan {
  std::shared_ptr<CublasLtMatmul> matmul;
  std::shared_ptr<CublasLtLayout> first, second, result;
  CublasLtAlgorithm algorithm;
  void* workspace;
  std::size_t workspace_bytes;
};

CudaDtype cuda_dtype(Dtype dtype) {
  return dtype == Dtype::f16    ? CudaDtype::f16
         : dtype == Dtype::bf16 ? CudaDtype::bf16
                                : CudaDtype::f32;
}

std::shared_ptr<CublasLtLayout> layout_of(const CublasLt& lt, Dtype dtype, std::int64_t rows,
                                          std::int64_t columns) {
  CublasLtLayout* layout = nullptr;
  require(lt.layout_create(&layout, cuda_dtype(dtype), std::uint64_t(rows), std::uint64_t(columns),
                           rows));
  return {layout, lt.layout_destroy};
}

std::shared_ptr<CublasLtMatmul> matmul_of(const CublasLt& lt, Dtype dtype, const GemmArguments& g) {
  CublasLtMatmul* matmul = nullptr;
  const CublasCompute compute =
      dtype == Dtype::f32 ? CublasCompute::f32_pedantic : CublasCompute::f32;
  require(lt.matmul_create(&matmul, compute, CudaDtype::f32));
  const std::shared_ptr<CublasLtMatmul> owner(matmul, lt.matmul_destroy);
  const std::int32_t first = g.transpose_first,
                     second = g.transpose_second;  // CUBLAS_OP_N is 0, CUBLAS_OP_T 1.
  require(lt.matmul_set(matmul, CublasLtMatmulAttribute::transa, &first, sizeof first));
  require(lt.matmul_set(matmul, CublasLtMatmulAttribute::transb, &second, sizeof second));
  return owner;
}

// What the pointer guarantees, up to the 256 bytes beyond which nothing is gained.
std::uint32_t alignment(const void* pointer) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  return std::uint32_t(std::min<std::uintptr_t>(address & -address, 256));
}

std::shared_ptr<CublasLtPreference> preference_of(const CublasLt& lt, Dtype output,
                                                  const Buffers& buffers) {
  using Attribute = CublasLtPreferenceAttribute;
  CublasLtPreference* preference = nullptr;
  require(lt.preference_create(&preference));
  const std::shared_ptr<CublasLtPreference> owner(preference, lt.preference_destroy);
  require(lt.preference_set(preference, Attribute::max_workspace_bytes, &workspace_bytes,
                            sizeof workspace_bytes));
  // cublasLtReductionScheme_t: 1 and 4 add parts of a sum in the output's type, which rounds too
  // often where that is a 16-bit one; 2 adds them in the type of the sums.
  const std::uint32_t reductions = output == Dtype::f32 ? 7 : 2;
  require(lt.preference_set(preference, Attribute::reduction_scheme_mask, &reductions,
                            sizeof reductions));
  const std::uint32_t first = alignment(buffers.tensors[1]), second = alignment(buffers.tensors[0]);
  const std::uint32_t result = alignment(buffers.tensors[2]);
  require(lt.preference_set(preference, Attribute::min_alignment_a_bytes, &first, sizeof first));
  require(lt.preference_set(preference, Attribute::min_alignment_b_bytes, &second, sizeof second));
  require(lt.preference_set(preference, Attribute::min_alignment_c_bytes, &result, sizeof result));
  require(lt.preference_set(preference, Attribute::min_alignment_d_bytes, &result, sizeof result));
  return owner;
}

Plan plan_of(const CublasLt& lt, const GemmArguments& g, const Case& c, const Buffers& buffers) {
  Plan plan{.matmul = matmul_of(lt, c.dtype, g),
            .first = layout_of(lt, c.dtype, g.first_rows, g.first_columns),
            .second = layout_of(lt, c.dtype, g.second_rows, g.second_columns),
            .result = layout_of(lt, c.output, g.rows, g.columns)};
  const auto preference = preference_of(lt, c.output, buffers);
  CublasLtHeuristic best{};
  int found = 0;
  require(lt.heuristic(cublaslt_handle(), plan.matmul.get(), plan.first.get(), plan.second.get(),
                       plan.result.get(), plan.result.get(), preference.get(), 1, &best, &found));
  if (found == 0)
    throw NotRun("cublasLtMatmulAlgoGetHeuristic finds no algorithm for this problem");
  require(best.state);
  plan.algorithm = best.algorithm;
  plan.workspace_bytes = best.workspace_bytes;
  plan.workspace = best.workspace_bytes == 0 ? nullptr : buffers.workspace(best.workspace_bytes);
  return plan;
}

}  // namespace

template <MatmulLayout layout>
Launch prepare_cublaslt_matmul(const Case& c, const Buffers& buffers) {
  const CublasLt& lt = needed(cublaslt());
  const GemmArguments g = gemm_arguments(layout, {c["m"], c["n"], c["k"]});
  return [&lt, handle = cublaslt_handle(), p = plan_of(lt, g, c, buffers),
          t = buffers.tensors](CUstream_st* stream) {
    const float one = 1, zero = 0;
    require(lt.matmul(handle, p.matmul.get(), &one, t[1], p.first.get(), t[0], p.second.get(),
                      &zero, t[2], p.result.get(), t[2], p.result.get(), &p.algorithm, p.workspace,
                      p.workspace_bytes, stream));
  };
}

template Launch prepare_cublaslt_matmul<MatmulLayout::tn>(const Case&, const Buffers&);
template Launch prepare_cublaslt_matmul<MatmulLayout::nn>(const Case&, const Buffers&);
template Launch prepare_cublaslt_matmul<MatmulLayout::nt>(const Case&, const Buffers&);

}  // namespace gpucheck
