#include "kernels/adam/adam.hpp"

#include <cmath>

#include "kernels/device/block.hpp"
#include "kernels/device/dispatch.hpp"

namespace gpucheck {
namespace {

template <class T>
struct Held {
  T lr, beta1, beta2, eps, beta1_power, beta2_power;
};

template <class T>
__global__ void adam_step(T* p, T* m, T* v, const T* g, std::int64_t elements, Held<T> held) {
  // 1 - beta is formed here, from the beta that T holds: 1 - 0.999 is 0.000999987 in f32.
  const T rest1 = 1 - held.beta1, rest2 = 1 - held.beta2;
  const T root = std::sqrt(1 - held.beta2_power), rate = held.lr / (1 - held.beta1_power);
  for (std::int64_t i = first_item(); i < elements; i += items_apart()) {
    const T next_m = held.beta1 * m[i] + rest1 * g[i];
    const T next_v = held.beta2 * v[i] + rest2 * (g[i] * g[i]);
    m[i] = next_m;
    v[i] = next_v;
    p[i] -= rate * (next_m / (std::sqrt(next_v) / root + held.eps));
  }
}

}  // namespace

int adam_plain(Dtype dtype, void* p, void* m, void* v, const void* g, std::int64_t elements,
               const AdamSettings& settings, CUstream_st* stream) {
  return with_type(dtype, [&](auto element) {
    using T = decltype(element);
    const T beta1 = T(settings.beta1), beta2 = T(settings.beta2);
    const Held<T> held{T(settings.lr),
                       beta1,
                       beta2,
                       T(settings.eps),
                       T(std::pow(double(beta1), settings.step)),
                       T(std::pow(double(beta2), settings.step))};
    return int(launch(adam_step<T>, blocks_for(elements), dim3(block_threads), 0, stream,
                      static_cast<T*>(p), static_cast<T*>(m), static_cast<T*>(v),
                      static_cast<const T*>(g), elements, held));
  });
}

}  // namespace gpucheck
