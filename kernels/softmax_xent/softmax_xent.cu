#include "kernels/softmax_xent/softmax_xent.hpp"

#include <cmath>

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

template <class Sum>
struct RowSums {
  Sum max, sum;  // sum of exp(x - max), which cannot overflow and is at least 1
};

template <class T, class Sum>
__device__ RowSums<Sum> sums_of(const T* x, std::int64_t classes) {
  Sum max = Sum(x[0]);
  for (std::int64_t j = threadIdx.x; j < classes; j += blockDim.x) max = Max{}(max, Sum(x[j]));
  max = block_combine(max, Max{});
  Sum sum = 0;
  for (std::int64_t j = threadIdx.x; j < classes; j += blockDim.x) sum += std::exp(Sum(x[j]) - max);
  return {max, block_combine(sum, Add{})};
}

inline __device__ bool is_class(std::int32_t label, std::int64_t classes) {
  return label >= 0 && label < classes;
}

template <class T, class Sum>
__global__ void loss_of_rows(const T* logits, const std::int32_t* labels, Sum* loss,
                             std::int64_t rows, std::int64_t classes) {
  for (std::int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const T* x = logits + row * classes;  // (classes)
    const RowSums<Sum> of_row = sums_of<T, Sum>(x, classes);
    if (threadIdx.x == 0)
      loss[row] = is_class(labels[row], classes)
                      ? std::log(of_row.sum) - (Sum(x[labels[row]]) - of_row.max)
                      : Sum(NAN);
  }
}

template <class T, class Sum>
__global__ void gradient_of_rows(const T* logits, const std::int32_t* labels, T* dlogits,
                                 std::int64_t rows, std::int64_t classes) {
  for (std::int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const T* x = logits + row * classes;  // (classes)
    const RowSums<Sum> of_row = sums_of<T, Sum>(x, classes);
    const std::int32_t label = labels[row];
    const Sum hit = is_class(label, classes) ? Sum(1) : Sum(NAN);
    for (std::int64_t j = threadIdx.x; j < classes; j += blockDim.x) {
      const Sum p = std::exp(Sum(x[j]) - of_row.max) / of_row.sum;
      dlogits[row * classes + j] = T((j == label || hit != hit ? p - hit : p) / Sum(rows));
    }
  }
}

/// Whole warps for a row: one block works on one row at a time.
dim3 threads_for(std::int64_t classes) {
  return dim3(classes < block_threads ? unsigned(classes + 31) / 32 * 32 : block_threads);
}

}  // namespace

int softmax_xent_plain(Dtype dtype, const void* logits, const std::int32_t* labels, void* loss,
                       std::int64_t rows, std::int64_t classes, CUstream_st* stream) {
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    using Sum = decltype(sum);
    return int(launch(loss_of_rows<T, Sum>, blocks_for(rows, 1), threads_for(classes), 0, stream,
                      static_cast<const T*>(logits), labels, static_cast<Sum*>(loss), rows,
                      classes));
  });
}

int softmax_xent_grad_plain(Dtype dtype, const void* logits, const std::int32_t* labels,
                            void* dlogits, std::int64_t rows, std::int64_t classes,
                            CUstream_st* stream) {
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(gradient_of_rows<T, decltype(sum)>, blocks_for(rows, 1), threads_for(classes),
                      0, stream, static_cast<const T*>(logits), labels, static_cast<T*>(dlogits),
                      rows, classes));
  });
}

}  // namespace gpucheck
