#include "kernels/matmul/matmul.hpp"

#include "kernels/device/launch.hpp"

namespace gpucheck {
namespace {

constexpr int tile = 32;  // Of C, and of the depth that is in shared memory at a time.
constexpr int rows_per_thread = 4;
constexpr int block_height = tile / rows_per_thread;
static_assert(tile % rows_per_thread == 0);
static_assert(tile * block_height <= 1024, "a block has at most 1024 threads");
// The widest element is 8 bytes; a padding column keeps a walk down a column off one bank.
static_assert(2 * tile * (tile + 1) * 8 <= 48 * 1024, "static shared memory");

template <class T>
struct Matrix {
  const T* data;
  std::int64_t rows, columns;  // As in memory.
};

// Copies one tile; what lies outside the matrix is zero and adds nothing.
template <class Sum, class T>
__device__ void load(Sum (*destination)[tile + 1], Matrix<T> source, std::int64_t first_row,
                     std::int64_t first_column) {
  const std::int64_t column = first_column + threadIdx.x;
  for (int y = threadIdx.y; y < tile; y += block_height) {
    const std::int64_t row = first_row + y;
    const bool inside = row < source.rows && column < source.columns;
    destination[y][threadIdx.x] = inside ? Sum(source.data[row * source.columns + column]) : Sum(0);
  }
}

template <MatmulLayout layout, class T, class Out, class Sum>
__global__ void matmul(const T* a, const T* b, Out* c, MatmulShape shape) {
  constexpr bool a_by_depth = layout == MatmulLayout::nt;  // a[k, m]
  constexpr bool b_by_depth = layout != MatmulLayout::tn;  // b[k, n]
  const Matrix<T> in_a =
      a_by_depth ? Matrix<T>{a, shape.k, shape.m} : Matrix<T>{a, shape.m, shape.k};
  const Matrix<T> in_b =
      b_by_depth ? Matrix<T>{b, shape.k, shape.n} : Matrix<T>{b, shape.n, shape.k};
  const std::int64_t first_row = std::int64_t{blockIdx.y} * tile,
                     first_column = std::int64_t{blockIdx.x} * tile;

  SHARED_ARRAY(Sum, tile_a, [tile][tile + 1]);  // (row, depth), or (depth, row)
  SHARED_ARRAY(Sum, tile_b, [tile][tile + 1]);  // (column, depth), or (depth, column)
  Sum sums[rows_per_thread] = {};
  for (std::int64_t first_depth = 0; first_depth < shape.k; first_depth += tile) {
    load(tile_a, in_a, a_by_depth ? first_depth : first_row, a_by_depth ? first_row : first_depth);
    load(tile_b, in_b, b_by_depth ? first_depth : first_column,
         b_by_depth ? first_column : first_depth);
    __syncthreads();
    for (int depth = 0; depth < tile; ++depth) {
      const Sum from_b = b_by_depth ? tile_b[depth][threadIdx.x] : tile_b[threadIdx.x][depth];
      for (int i = 0; i < rows_per_thread; ++i) {
        const int row = threadIdx.y + i * block_height;
        sums[i] += (a_by_depth ? tile_a[depth][row] : tile_a[row][depth]) * from_b;
      }
    }
    __syncthreads();
  }

  const std::int64_t column = first_column + threadIdx.x;
  for (int i = 0; i < rows_per_thread; ++i) {
    const std::int64_t row = first_row + threadIdx.y + i * block_height;
    if (row < shape.m && column < shape.n) c[row * shape.n + column] = Out(sums[i]);
  }
}

template <class T, class Out, class Sum>
int run(MatmulLayout layout, MatmulShape shape, const void* a, const void* b, void* c,
        CUstream_st* stream) {
  const auto tiles = [](std::int64_t length) { return unsigned((length + tile - 1) / tile); };
  const dim3 grid(tiles(shape.n), tiles(shape.m)), block(tile, block_height);
  const auto launch_as = [&](auto kernel) {
    return int(launch(kernel, grid, block, 0, stream, static_cast<const T*>(a),
                      static_cast<const T*>(b), static_cast<Out*>(c), shape));
  };
  switch (layout) {
    case MatmulLayout::tn: return launch_as(matmul<MatmulLayout::tn, T, Out, Sum>);
    case MatmulLayout::nn: return launch_as(matmul<MatmulLayout::nn, T, Out, Sum>);
    case MatmulLayout::nt: return launch_as(matmul<MatmulLayout::nt, T, Out, Sum>);
  }
  return int(cudaErrorInvalidValue);
}

}  // namespace

int matmul_plain(MatmulLayout layout, Dtype input, Dtype output, MatmulShape shape, const void* a,
                 const void* b, void* c, CUstream_st* stream) {
  const bool same = input == output;
  if (!same && output != Dtype::f32) return int(cudaErrorInvalidValue);
  switch (input) {
    case Dtype::f64:
      return same ? run<double, double, double>(layout, shape, a, b, c, stream)
                  : int(cudaErrorInvalidValue);
    case Dtype::f32: return run<float, float, float>(layout, shape, a, b, c, stream);
    case Dtype::f16:
      return same ? run<__half, __half, float>(layout, shape, a, b, c, stream)
                  : run<__half, float, float>(layout, shape, a, b, c, stream);
    case Dtype::bf16:
      return same ? run<__nv_bfloat16, __nv_bfloat16, float>(layout, shape, a, b, c, stream)
                  : run<__nv_bfloat16, float, float>(layout, shape, a, b, c, stream);
    case Dtype::s32: return int(cudaErrorInvalidValue);
  }
  return int(cudaErrorInvalidValue);
}

}  // namespace gpucheck
