#pragma once

// C++17: included by matmul.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Which operands the BLAS call transposes; memory is row-major and C is [m, n].
enum class MatmulLayout {
  tn,  ///< a[m, k], b[n, k]: a layer's forward pass with weights [out, in].
  nn,  ///< a[m, k], b[k, n]: its gradient with respect to the input.
  nt   ///< a[k, m], b[k, n]: its gradient with respect to the weights.
};

struct MatmulShape {
  std::int64_t m, n, k;
};

/// How far apart neighbours of a matrix stand in memory.
struct MatrixStrides {
  std::int64_t row, column;
};

/// Of a as the product sees it, (m, k).
constexpr MatrixStrides strides_of_a(MatmulLayout layout, MatmulShape shape) {
  return layout == MatmulLayout::nt ? MatrixStrides{1, shape.m} : MatrixStrides{shape.k, 1};
}

/// Of b as the product sees it, (k, n).
constexpr MatrixStrides strides_of_b(MatmulLayout layout, MatmulShape shape) {
  return layout == MatmulLayout::tn ? MatrixStrides{1, shape.k} : MatrixStrides{shape.n, 1};
}

/// c = a * b, sums in f32 (f64 for f64); `output` is the dtype of c: that of the inputs, or f32 for
/// 16-bit inputs. Returns a cudaError_t.
int matmul_plain(MatmulLayout layout, Dtype input, Dtype output, MatmulShape shape, const void* a,
                 const void* b, void* c, CUstream_st* stream);

}  // namespace gpucheck
