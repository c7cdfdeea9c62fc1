#include "kernels/conv2d/conv2d.hpp"

#include "kernels/device/launch.hpp"

namespace gpucheck {
namespace {

// One thread for one element of the output, in memory order.
__device__ std::int64_t element() { return std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; }

template <class T>
__global__ void fprop(Conv2d conv, const T* x, const T* filter, T* y, std::int64_t elements) {
  const std::int64_t offset = element();
  if (offset >= elements) return;
  const ImageIndex out =
      at_offset(offset, conv.y, conv.out_h(), conv.out_w(), conv.k);  // (n, out_h, out_w, k)
  const std::int64_t first_c = out.c / conv.group_k() * conv.group_c();
  float sum = 0;
  for (std::int64_t r = 0; r < conv.r; ++r) {
    const std::int64_t h = conv.input_of(out.h, r);
    if (h < 0 || h >= conv.h) continue;
    for (std::int64_t s = 0; s < conv.s; ++s) {
      const std::int64_t w = conv.input_of(out.w, s);
      if (w < 0 || w >= conv.w) continue;
      const T* const pixel =
          x + offset_of({out.n, h, w, first_c}, conv.x);  // (group_c), stride x.c
      const T* const tap =
          filter + offset_of({out.c, r, s, 0}, conv.filter);  // (group_c), stride filter.c
      for (std::int64_t c = 0; c < conv.group_c(); ++c)
        sum += float(pixel[c * conv.x.c]) * float(tap[c * conv.filter.c]);
    }
  }
  y[offset] = T(sum);
}

template <class T>
__global__ void dgrad(Conv2d conv, const T* dy, const T* filter, T* dx, std::int64_t elements) {
  const std::int64_t offset = element();
  if (offset >= elements) return;
  const ImageIndex in = at_offset(offset, conv.x, conv.h, conv.w, conv.c);  // (n, h, w, c)
  const std::int64_t first_k = in.c / conv.group_c() * conv.group_k(), c = in.c % conv.group_c();
  float sum = 0;
  for (std::int64_t r = 0; r < conv.r; ++r) {
    const std::int64_t h = conv.output_of(in.h, r, conv.out_h());
    if (h < 0) continue;
    for (std::int64_t s = 0; s < conv.s; ++s) {
      const std::int64_t w = conv.output_of(in.w, s, conv.out_w());
      if (w < 0) continue;
      const T* const pixel =
          dy + offset_of({in.n, h, w, first_k}, conv.y);  // (group_k), stride y.c
      const T* const tap =
          filter + offset_of({first_k, r, s, c}, conv.filter);  // (group_k), stride filter.n
      for (std::int64_t k = 0; k < conv.group_k(); ++k)
        sum += float(pixel[k * conv.y.c]) * float(tap[k * conv.filter.n]);
    }
  }
  dx[offset] = T(sum);
}

template <class T>
__global__ void wgrad(Conv2d conv, const T* x, const T* dy, T* dfilter, std::int64_t elements) {
  const std::int64_t offset = element();
  if (offset >= elements) return;
  const ImageIndex tap =
      at_offset(offset, conv.filter, conv.r, conv.s, conv.group_c());  // (k, r, s, group_c)
  const std::int64_t c = tap.n / conv.group_k() * conv.group_c() + tap.c;
  float sum = 0;
  for (std::int64_t n = 0; n < conv.n; ++n)
    for (std::int64_t out_h = 0; out_h < conv.out_h(); ++out_h) {
      const std::int64_t h = conv.input_of(out_h, tap.h);
      if (h < 0 || h >= conv.h) continue;
      // Row by row: a sum of sums loses less than one long one, and here it has the most terms of
      // the three.
      float row_sum = 0;
      for (std::int64_t out_w = 0; out_w < conv.out_w(); ++out_w) {
        const std::int64_t w = conv.input_of(out_w, tap.w);
        if (w < 0 || w >= conv.w) continue;
        row_sum += float(x[offset_of({n, h, w, c}, conv.x)]) *
                   float(dy[offset_of({n, out_h, out_w, tap.n}, conv.y)]);
      }
      sum += row_sum;
    }
  dfilter[offset] = T(sum);
}

template <class T>
using Kernel = void (*)(Conv2d, const T*, const T*, T*, std::int64_t);

template <class T>
int run(Kernel<T> kernel, const Conv2d& conv, const void* first, const void* second, void* result,
        std::int64_t elements, CUstream_st* stream) {
  constexpr unsigned threads = 128;
  const dim3 grid(unsigned((elements + threads - 1) / threads));
  return int(launch(kernel, grid, dim3(threads), 0, stream, conv, static_cast<const T*>(first),
                    static_cast<const T*>(second), static_cast<T*>(result), elements));
}

}  // namespace

int conv2d_fprop_plain(Dtype dtype, const Conv2d& conv, const void* x, const void* filter, void* y,
                       CUstream_st* stream) {
  const std::int64_t elements = conv.n * conv.y.n;
  switch (dtype) {
    case Dtype::f32: return run<float>(fprop<float>, conv, x, filter, y, elements, stream);
    case Dtype::f16: return run<__half>(fprop<__half>, conv, x, filter, y, elements, stream);
    case Dtype::bf16:
      return run<__nv_bfloat16>(fprop<__nv_bfloat16>, conv, x, filter, y, elements, stream);
    default: return int(cudaErrorInvalidValue);
  }
}

int conv2d_dgrad_plain(Dtype dtype, const Conv2d& conv, const void* dy, const void* filter,
                       void* dx, CUstream_st* stream) {
  const std::int64_t elements = conv.n * conv.x.n;
  switch (dtype) {
    case Dtype::f32: return run<float>(dgrad<float>, conv, dy, filter, dx, elements, stream);
    case Dtype::f16: return run<__half>(dgrad<__half>, conv, dy, filter, dx, elements, stream);
    case Dtype::bf16:
      return run<__nv_bfloat16>(dgrad<__nv_bfloat16>, conv, dy, filter, dx, elements, stream);
    default: return int(cudaErrorInvalidValue);
  }
}

int conv2d_wgrad_plain(Dtype dtype, const Conv2d& conv, const void* x, const void* dy,
                       void* dfilter, CUstream_st* stream) {
  const std::int64_t elements = conv.k * conv.filter.n;
  switch (dtype) {
    case Dtype::f32: return run<float>(wgrad<float>, conv, x, dy, dfilter, elements, stream);
    case Dtype::f16: return run<__half>(wgrad<__half>, conv, x, dy, dfilter, elements, stream);
    case Dtype::bf16:
      return run<__nv_bfloat16>(wgrad<__nv_bfloat16>, conv, x, dy, dfilter, elements, stream);
    default: return int(cudaErrorInvalidValue);
  }
}

}  // namespace gpucheck
