#include "kernels/matmul/gemm_arguments.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gpucheck {
namespace {

using Matrix = std::vector<double>;

Matrix counted(std::int64_t elements, int step) {
  Matrix values(std::size_t(elements), 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = double((int(i) * step) % 7 - 3);
  return values;
}

// BLAS as its reference manual defines it: everything column-major, C = op(A) op(B).
Matrix column_major_gemm(const GemmArguments& g, const Matrix& first, const Matrix& second) {
  const auto at = [](const Matrix& values, bool transpose, std::int64_t leading, std::int64_t row,
                     std::int64_t column) {
    return values[std::size_t(transpose ? column + row * leading : row + column * leading)];
  };
  Matrix result(std::size_t(g.rows * g.columns), 0);
  for (std::int64_t row = 0; row < g.rows; ++row)
    for (std::int64_t column = 0; column < g.columns; ++column)
      for (std::int64_t k = 0; k < g.depth; ++k)
        result[std::size_t(row + column * g.result_leading())] +=
            at(first, g.transpose_first, g.first_leading(), row, k) *
            at(second, g.transpose_second, g.second_leading(), k, column);
  return result;
}

TEST(GemmArguments, LeaveTheRowMajorProductInMemory) {
  for (const MatmulLayout layout : {MatmulLayout::tn, MatmulLayout::nn, MatmulLayout::nt})
    for (const MatmulShape s :
         {MatmulShape{1, 1, 1}, {1, 5, 3}, {4, 1, 3}, {4, 5, 1}, {7, 3, 5}, {3, 7, 8}}) {
      const Matrix a = counted(s.m * s.k, 3), b = counted(s.k * s.n, 5);
      const MatrixStrides as = strides_of_a(layout, s), bs = strides_of_b(layout, s);
      Matrix expected(std::size_t(s.m * s.n), 0);
      for (std::int64_t m = 0; m < s.m; ++m)
        for (std::int64_t n = 0; n < s.n; ++n)
          for (std::int64_t k = 0; k < s.k; ++k)
            expected[std::size_t(m * s.n + n)] += a[std::size_t(m * as.row + k * as.column)] *
                                                  b[std::size_t(k * bs.row + n * bs.column)];
      EXPECT_EQ(column_major_gemm(gemm_arguments(layout, s), b, a), expected)
          << int(layout) << " " << s.m << " " << s.n << " " << s.k;
    }
}

TEST(GemmArguments, LeadingDimensionsReachOverAWholeStoredColumn) {
  for (const MatmulLayout layout : {MatmulLayout::tn, MatmulLayout::nn, MatmulLayout::nt}) {
    const GemmArguments g = gemm_arguments(layout, {7, 3, 5});
    // What BLAS checks: the leading dimension is at least the rows of the matrix as stored.
    EXPECT_GE(g.first_leading(), g.transpose_first ? g.depth : g.rows);
    EXPECT_GE(g.second_leading(), g.transpose_second ? g.columns : g.depth);
    EXPECT_EQ(g.first_rows * g.first_columns, 3 * 5);
    EXPECT_EQ(g.second_rows * g.second_columns, 7 * 5);
  }
}

}  // namespace
}  // namespace gpucheck
