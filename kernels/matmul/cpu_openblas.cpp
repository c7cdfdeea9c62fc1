#include <cblas.h>

#include <algorithm>
#include <limits>

#include "kernels/device/require.hpp"
#include "kernels/matmul/problem.hpp"

namespace gpucheck {

Launch matmul_openblas(const Case& c, const Buffers& buffers) {
  if (c.dtype != Dtype::f64) throw NotRun("OpenBLAS is asked for f64 only");
  const MatmulShape shape = matmul_shape(c);
  if (std::max({shape.m, shape.n, shape.k}) > std::numeric_limits<blasint>::max())
    throw NotRun("OpenBLAS counts in 32 bits");
  return [shape, layout = matmul_layout(c), t = buffers.tensors](CUstream_st*) {
    // A transposed operand's rows are the other dimension long.
    const bool transposed_a = layout == MatmulLayout::nt, transposed_b = layout == MatmulLayout::tn;
    cblas_dgemm(CblasRowMajor, transposed_a ? CblasTrans : CblasNoTrans,
                transposed_b ? CblasTrans : CblasNoTrans, blasint(shape.m), blasint(shape.n),
                blasint(shape.k), 1.0, static_cast<const double*>(t[0]),
                blasint(transposed_a ? shape.m : shape.k), static_cast<const double*>(t[1]),
                blasint(transposed_b ? shape.k : shape.n), 0.0, static_cast<double*>(t[2]),
                blasint(shape.n));
  };
}

std::string openblas_description() {
  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64"
  std::string version = openblas_get_config();
  if (const std::size_t end = version.find(' ', version.find(' ') + 1); end != std::string::npos)
    version.resize(end);
  return version + ", " + openblas_get_corename() + ", " +
         std::to_string(openblas_get_num_threads()) + " threads";
}

}  // namespace gpucheck
