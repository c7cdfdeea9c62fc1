#include "kernels/bias_grad/bias_grad.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

// A block sums 32 columns at a time: a warp reads 32 neighbours of one row, eight warps share the
// rows.
constexpr unsigned tile_columns = 32, tile_rows = 8;

template <class T, class Sum>
__global__ void sum_rows(const T* dy, T* db, std::int64_t rows, std::int64_t columns) {
  SHARED_ARRAY(Sum, part, [tile_rows][tile_columns]);
  const unsigned lane = threadIdx.x % tile_columns, warp = threadIdx.x / tile_columns;
  for (std::int64_t tile = std::int64_t{blockIdx.x} * tile_columns; tile < columns;
       tile += std::int64_t{gridDim.x} * tile_columns) {
    const std::int64_t column = tile + lane;
    Sum sum = 0;
    if (column < columns)
      for (std::int64_t row = warp; row < rows; row += tile_rows)
        sum += Sum(dy[row * columns + column]);  // (rows, columns)
    part[warp][lane] = sum;
    __syncthreads();
    if (warp == 0 && column < columns) {
      for (unsigned other = 1; other < tile_rows; ++other) sum += part[other][lane];
      db[column] = T(sum);
    }
    __syncthreads();  // The next tile overwrites the parts.
  }
}

}  // namespace

int bias_grad_plain(Dtype dtype, const void* dy, void* db, std::int64_t rows, std::int64_t columns,
                    CUstream_st* stream) {
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(sum_rows<T, decltype(sum)>, blocks_for(columns, tile_columns),
                      dim3(tile_columns * tile_rows), 0, stream, static_cast<const T*>(dy),
                      static_cast<T*>(db), rows, columns));
  });
}

}  // namespace gpucheck
