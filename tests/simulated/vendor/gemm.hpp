#pragma once

#include <library_types.h>

#include <algorithm>

#include "tests/simulated/vendor/element.hpp"

namespace gpucheck {

inline Dtype dtype_of(cudaDataType type) {
  switch (type) {
    case CUDA_R_64F: return Dtype::f64;
    case CUDA_R_16F: return Dtype::f16;
    case CUDA_R_16BF: return Dtype::bf16;
    default: return Dtype::f32;
  }
}

/// A matrix as BLAS takes it: column-major, `leading` apart, transposed on the way in.
struct ColumnMajor {
  const void* elements;
  Dtype dtype;
  bool transpose;
  std::ptrdiff_t leading;

  double at(std::ptrdiff_t row, std::ptrdiff_t column) const {
    return element(dtype, elements, transpose ? column + row * leading : row + column * leading);
  }
};

/// c = alpha a b, summed in float64.
inline void gemm(int m, int n, int k, double alpha, const ColumnMajor& a, const ColumnMajor& b,
                 void* c, Dtype dtype, std::ptrdiff_t leading) {
  for (int row = 0; row < m; ++row)
    for (int column = 0; column < n; ++column) {
      double sum = 0;
      for (int i = 0; i < k; ++i) sum += a.at(row, i) * b.at(i, column);
      set_element(dtype, c, row + column * leading, alpha * sum);
    }
}

}  // namespace gpucheck
