#include "kernels/sum/sum.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

// Blocks of the first pass: each leaves one part, and one block adds the parts.
dim3 parts_for(std::int64_t elements) { return dim3(blocks_for(elements, 8 * block_threads).x); }

template <class T, class Sum>
__global__ void add_parts(const T* x, Sum* parts, std::int64_t elements) {
  Sum sum = 0;
  for (std::int64_t i = first_item(); i < elements; i += items_apart()) sum += Sum(x[i]);
  sum = block_combine(sum, Add{});
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

}  // namespace

std::size_t sum_workspace_bytes(Dtype dtype, std::int64_t elements) {
  return parts_for(elements).x * bytes(dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32);
}

int sum_plain(Dtype dtype, const void* x, void* sum, std::int64_t elements, void* workspace,
              CUstream_st* stream) {
  const dim3 parts = parts_for(elements);
  return with_types(dtype, [&](auto element, auto accumulator) {
    using T = decltype(element);
    using Sum = decltype(accumulator);
    const auto part = static_cast<Sum*>(workspace);
    const int first = int(launch(add_parts<T, Sum>, parts, dim3(block_threads), 0, stream,
                                 static_cast<const T*>(x), part, elements));
    if (first != int(cudaSuccess)) return first;
    return int(launch(add_parts<Sum, Sum>, dim3(1), dim3(block_threads), 0, stream,
                      static_cast<const Sum*>(part), static_cast<Sum*>(sum),
                      std::int64_t{parts.x}));
  });
}

}  // namespace gpucheck
