#include "kernels/bias/bias.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

template <class T, class Sum>
__global__ void add_bias(const T* x, const T* b, T* y, std::int64_t columns,
                         std::int64_t elements) {
  for (std::int64_t i = first_item(); i < elements; i += items_apart())
    y[i] = T(Sum(x[i]) + Sum(b[i % columns]));  // (rows, columns)
}

}  // namespace

int bias_plain(Dtype dtype, const void* x, const void* b, void* y, std::int64_t rows,
               std::int64_t columns, CUstream_st* stream) {
  const std::int64_t elements = rows * columns;
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(add_bias<T, decltype(sum)>, blocks_for(elements), dim3(block_threads), 0,
                      stream, static_cast<const T*>(x), static_cast<const T*>(b),
                      static_cast<T*>(y), columns, elements));
  });
}

}  // namespace gpucheck
