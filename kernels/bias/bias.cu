#include "kernels/bias/bias.hpp"

#include "kernels/device/launch.hpp"

namespace gpucheck {
namespace {

template <class T, class Sum>
__global__ void add_bias(const T* x, const T* b, T* y, std::int64_t columns, std::int64_t elements) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < elements) y[i] = T(Sum(x[i]) + Sum(b[i % columns]));  // (rows, columns)
}

}  // namespace

int bias_plain(Dtype dtype, const void* x, const void* b, void* y, std::int64_t rows, std::int64_t columns,
               CUstream_st* stream) {
  const std::int64_t elements = rows * columns;
  const unsigned threads = 256;
  const dim3 grid(unsigned((elements + threads - 1) / threads));
  const auto run = [&](auto element, auto sum) {
    using T = decltype(element);
    return int(launch(add_bias<T, decltype(sum)>, grid, dim3(threads), 0, stream, static_cast<const T*>(x),
                      static_cast<const T*>(b), static_cast<T*>(y), columns, elements));
  };
  switch (dtype) {
    case Dtype::f64: return run(double{}, double{});
    case Dtype::f32: return run(float{}, float{});
    case Dtype::f16: return run(__half{}, float{});
    case Dtype::bf16: return run(__nv_bfloat16{}, float{});
    case Dtype::s32: return int(cudaErrorInvalidValue);
  }
  return int(cudaErrorInvalidValue);
}

}  // namespace gpucheck
