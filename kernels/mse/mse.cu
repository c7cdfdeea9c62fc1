#include "kernels/mse/mse.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

// Blocks of the first pass: each leaves one part of the loss, and one block adds the parts.
dim3 parts_for(std::int64_t elements) { return dim3(blocks_for(elements, 8 * block_threads).x); }

template <class T, class Sum>
__global__ void square_differences(const T* out, const T* target, T* grad, Sum* parts,
                                   std::int64_t elements) {
  Sum sum = 0;
  for (std::int64_t i = first_item(); i < elements; i += items_apart()) {
    const Sum difference = Sum(out[i]) - Sum(target[i]);
    grad[i] = T(2 * difference / Sum(elements));
    sum += difference * difference;
  }
  sum = block_combine(sum, Add{});
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

template <class Sum>
__global__ void mean_of_parts(const Sum* parts, Sum* loss, std::int64_t count,
                              std::int64_t elements) {
  Sum sum = 0;
  for (std::int64_t i = first_item(); i < count; i += items_apart()) sum += parts[i];
  sum = block_combine(sum, Add{});
  if (threadIdx.x == 0) *loss = sum / Sum(elements);
}

}  // namespace

std::size_t mse_workspace_bytes(Dtype dtype, std::int64_t elements) {
  return parts_for(elements).x * bytes(dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32);
}

int mse_plain(Dtype dtype, const void* out, const void* target, void* loss, void* grad,
              std::int64_t elements, void* workspace, CUstream_st* stream) {
  const dim3 parts = parts_for(elements);
  return with_types(dtype, [&](auto element, auto accumulator) {
    using T = decltype(element);
    using Sum = decltype(accumulator);
    const auto part = static_cast<Sum*>(workspace);
    const int first = int(launch(square_differences<T, Sum>, parts, dim3(block_threads), 0, stream,
                                 static_cast<const T*>(out), static_cast<const T*>(target),
                                 static_cast<T*>(grad), part, elements));
    if (first != int(cudaSuccess)) return first;
    return int(launch(mean_of_parts<Sum>, dim3(1), dim3(block_threads), 0, stream,
                      static_cast<const Sum*>(part), static_cast<Sum*>(loss), std::int64_t{parts.x},
                      elements));
  });
}

}  // namespace gpucheck
