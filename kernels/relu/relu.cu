#include "kernels/relu/relu.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

/// result[i] = gate[i] <= 0 ? 0 : value[i]
template <class T, class Sum>
__global__ void gate_positive(const T* gate, const T* value, T* result, std::int64_t elements) {
  for (std::int64_t i = first_item(); i < elements; i += items_apart())
    result[i] = Sum(gate[i]) <= 0 ? T(Sum(0)) : value[i];
}

}  // namespace

int relu_plain(Dtype dtype, const void* x, void* y, std::int64_t elements, CUstream_st* stream) {
  return relu_grad_plain(dtype, x, x, y, elements, stream);  // An element's own gate.
}

int relu_grad_plain(Dtype dtype, const void* y, const void* dy, void* dx, std::int64_t elements,
                    CUstream_st* stream) {
  return with_types(dtype, [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(gate_positive<T, decltype(sum)>, blocks_for(elements), dim3(block_threads), 0,
                      stream, static_cast<const T*>(y), static_cast<const T*>(dy),
                      static_cast<T*>(dx), elements));
  });
}

}  // namespace gpucheck
