#pragma once

#include "kernels/matmul/matmul.hpp"

namespace gpucheck {

/// What a column-major BLAS is asked so that it leaves our row-major c[m, n] in memory.
///
/// A row-major matrix read in columns is its transpose, so c is asked for as its transpose, (n, m)
/// with n rows: cT (n, m) = op(first) (n, k) * op(second) (k, m), where first is b and second is a.
struct GemmArguments {
  bool transpose_first;
  bool transpose_second;
  std::int64_t rows, columns, depth;  ///< BLAS's m, n and k: our n, m and k.
  std::int64_t first_rows, first_columns, second_rows, second_columns;  ///< As stored, before op().
  /// Distance between columns; as the matrices are dense, the number of rows as stored.
  std::int64_t first_leading() const { return first_rows; }
  std::int64_t second_leading() const { return second_rows; }
  std::int64_t result_leading() const { return rows; }
};

constexpr GemmArguments gemm_arguments(MatmulLayout layout, MatmulShape s) {
  const bool b_by_output = layout == MatmulLayout::tn;  // b[n, k] is stored (k, n) in columns.
  const bool a_by_depth = layout == MatmulLayout::nt;   // a[k, m] is stored (m, k) in columns.
  return {.transpose_first = b_by_output,               // (k, n) must become (n, k).
          .transpose_second = a_by_depth,               // (m, k) must become (k, m).
          .rows = s.n,
          .columns = s.m,
          .depth = s.k,
          .first_rows = b_by_output ? s.k : s.n,
          .first_columns = b_by_output ? s.n : s.k,
          .second_rows = a_by_depth ? s.m : s.k,
          .second_columns = a_by_depth ? s.k : s.m};
}

}  // namespace gpucheck
