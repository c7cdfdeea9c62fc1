#include "kernels/device/gpu_cublas.hpp"
#include "kernels/device/require.hpp"
#include "kernels/matmul/gemm_arguments.hpp"
#include "kernels/matmul/vendor.hpp"

namespace gpucheck {
namespace {

CudaDtype cuda_dtype(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return CudaDtype::f64;
    case Dtype::f16: return CudaDtype::f16;
    case Dtype::bf16: return CudaDtype::bf16;
    default: return CudaDtype::f32;
  }
}

// TF32 is a permission of the compute type, FAST_TF32, and of the math mode, TF32_TENSOR_OP_MATH;
// the pedantic ones give none, whatever the environment says.
CublasCompute compute(Dtype dtype) {
  if (dtype == Dtype::f64) return CublasCompute::f64_pedantic;
  return dtype == Dtype::f32 ? CublasCompute::f32_pedantic : CublasCompute::f32;
}

// In the 16-bit types a split sum may else be added up in the output's type, which the bound does
// not allow for.
CublasMath math(Dtype dtype) {
  const bool half = dtype == Dtype::f16 || dtype == Dtype::bf16;
  return half ? CublasMath::disallow_reduced_precision_reduction : CublasMath::pedantic;
}

CublasOperation operation(bool transpose) {
  return transpose ? CublasOperation::transpose : CublasOperation::none;
}

}  // namespace

template <MatmulLayout layout>
Launch prepare_cublas_matmul(const Case& c, const Buffers& buffers) {
  const GemmArguments g = gemm_arguments(layout, {c["m"], c["n"], c["k"]});
  return [g, dtype = c.dtype, output = c.output, handle = cublas_handle(), &library = *cublas(),
          t = buffers.tensors](CUstream_st* stream) {
    // Scalars have the type of the sums.
    const float one = 1, zero = 0;
    const double one64 = 1, zero64 = 0;
    const bool wide = dtype == Dtype::f64;
    const void* alpha = wide ? static_cast<const void*>(&one64) : &one;
    const void* beta = wide ? static_cast<const void*>(&zero64) : &zero;
    require(library.set_stream(handle, stream));
    require(library.set_math_mode(handle, math(dtype)));
    require(library.gemm_ex(handle, operation(g.transpose_first), operation(g.transpose_second),
                            int(g.rows), int(g.columns), int(g.depth), alpha, t[1],
                            cuda_dtype(dtype), int(g.first_leading()), t[0], cuda_dtype(dtype),
                            int(g.second_leading()), beta, t[2], cuda_dtype(output),
                            int(g.result_leading()), compute(dtype), CublasAlgorithm::standard));
  };
}

template Launch prepare_cublas_matmul<MatmulLayout::tn>(const Case&, const Buffers&);
template Launch prepare_cublas_matmul<MatmulLayout::nn>(const Case&, const Buffers&);
template Launch prepare_cublas_matmul<MatmulLayout::nt>(const Case&, const Buffers&);

}  // namespace gpucheck
