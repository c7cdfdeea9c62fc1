#include "kernels/sgd/sgd.hpp"

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

template <class T>
__global__ void sgd_step(T* w, T* velocity, const T* g, std::int64_t elements, T lr, T momentum,
                         T weight_decay) {
  for (std::int64_t i = first_item(); i < elements; i += items_apart()) {
    const T next = momentum * velocity[i] + (g[i] + weight_decay * w[i]);
    velocity[i] = next;
    w[i] -= lr * next;
  }
}

}  // namespace

int sgd_plain(Dtype dtype, void* w, void* velocity, const void* g, std::int64_t elements,
              const SgdSettings& settings, CUstream_st* stream) {
  return with_type(dtype, [&](auto element) {
    using T = decltype(element);
    return int(launch(sgd_step<T>, blocks_for(elements), dim3(block_threads), 0, stream,
                      static_cast<T*>(w), static_cast<T*>(velocity), static_cast<const T*>(g),
                      elements, T(settings.lr), T(settings.momentum), T(settings.weight_decay)));
  });
}

}  // namespace gpucheck
