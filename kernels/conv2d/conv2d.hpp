#pragma once

// C++17: included by conv2d.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Element strides of a four-dimensional tensor, whatever its order in memory. A filter [k, r, s,
/// c] is one with n = k, h = r, w = s.
struct ImageStrides {
  std::int64_t n, h, w, c;
};

struct ImageIndex {
  std::int64_t n, h, w, c;
};

constexpr ImageStrides nhwc(std::int64_t h, std::int64_t w, std::int64_t c) {
  return {h * w * c, w * c, c, 1};
}

constexpr ImageStrides nchw(std::int64_t h, std::int64_t w, std::int64_t c) {
  return {c * h * w, w, 1, h * w};
}

/// Element of a dense tensor with `h`, `w`, `c` as sizes that stands at `offset`.
constexpr ImageIndex at_offset(std::int64_t offset, ImageStrides strides, std::int64_t h,
                               std::int64_t w, std::int64_t c) {
  return {offset / strides.n, offset / strides.h % h, offset / strides.w % w,
          offset / strides.c % c};
}

constexpr std::int64_t offset_of(ImageIndex at, ImageStrides strides) {
  return at.n * strides.n + at.h * strides.h + at.w * strides.w + at.c * strides.c;
}

/// x [n, h, w, c], filter [k, r, s, c / groups], y [n, out_h, out_w, k].
struct Conv2d {
  std::int64_t n, c, h, w, k, r, s, pad, stride, dilation, groups;
  ImageStrides x, filter, y;

  constexpr std::int64_t group_c() const { return c / groups; }
  constexpr std::int64_t group_k() const { return k / groups; }
  constexpr std::int64_t out_h() const { return out(h, r); }
  constexpr std::int64_t out_w() const { return out(w, s); }

  /// Where output `out` meets tap `tap` of the filter, on either axis; may lie in the padding.
  constexpr std::int64_t input_of(std::int64_t out, std::int64_t tap) const {
    return out * stride - pad + tap * dilation;
  }

  /// Which of `outputs` outputs meets input `in` at `tap`, or -1.
  constexpr std::int64_t output_of(std::int64_t in, std::int64_t tap, std::int64_t outputs) const {
    const std::int64_t scaled = in + pad - tap * dilation;
    return scaled < 0 || scaled % stride != 0 || scaled / stride >= outputs ? -1 : scaled / stride;
  }

 private:
  constexpr std::int64_t out(std::int64_t in, std::int64_t taps) const {
    return (in + 2 * pad - (taps - 1) * dilation - 1) / stride + 1;
  }
};

/// y from x and filter, dx from dy and filter, dfilter from x and dy; sums in f32, the outputs of
/// the inputs' dtype. They return a cudaError_t.
int conv2d_fprop_plain(Dtype dtype, const Conv2d& conv, const void* x, const void* filter, void* y,
                       CUstream_st* stream);
int conv2d_dgrad_plain(Dtype dtype, const Conv2d& conv, const void* dy, const void* filter,
                       void* dx, CUstream_st* stream);
int conv2d_wgrad_plain(Dtype dtype, const Conv2d& conv, const void* x, const void* dy,
                       void* dfilter, CUstream_st* stream);

}  // namespace gpucheck
