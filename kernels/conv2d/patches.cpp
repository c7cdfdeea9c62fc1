#include "kernels/conv2d/patches.hpp"

namespace gpucheck {

PaddedImage padded_input(const Conv2d& conv, const Values& x) {
  const std::int64_t h = conv.h + 2 * conv.pad, w = conv.w + 2 * conv.pad;
  PaddedImage image{
      .data = Values(conv.n * h * w * conv.c), .strides = nhwc(h, w, conv.c), .origin = 0};
  for (std::int64_t n = 0; n < conv.n; ++n)
    for (std::int64_t y = 0; y < conv.h; ++y)
      for (std::int64_t z = 0; z < conv.w; ++z) {
        double* const pixel =
            &image.data[offset_of({n, y + conv.pad, z + conv.pad, 0}, image.strides)];
        const double* const source = &x[offset_of({n, y, z, 0}, conv.x)];
        for (std::int64_t c = 0; c < conv.c; ++c) pixel[c] = source[c * conv.x.c];
      }
  return image;
}

namespace {

// Input h meets at tap r what stands at (h + pad - r * dilation) among the spread outputs; this is
// the smallest and the number of such places.
struct Reach {
  std::int64_t low, count;
};

Reach reach(const Conv2d& conv, std::int64_t in, std::int64_t taps) {
  const std::int64_t low = conv.pad - (taps - 1) * conv.dilation;
  return {low, in - 1 + conv.pad - low + 1};
}

}  // namespace

PaddedImage spread_gradient(const Conv2d& conv, const Values& dy) {
  const Reach rows = reach(conv, conv.h, conv.r), columns = reach(conv, conv.w, conv.s);
  PaddedImage image{.data = Values(conv.n * rows.count * columns.count * conv.k),
                    .strides = nhwc(rows.count, columns.count, conv.k),
                    .origin = 0};
  image.origin = offset_of({0, conv.pad - rows.low, conv.pad - columns.low, 0}, image.strides);
  for (std::int64_t n = 0; n < conv.n; ++n)
    for (std::int64_t out_h = 0; out_h < conv.out_h(); ++out_h)
      for (std::int64_t out_w = 0; out_w < conv.out_w(); ++out_w) {
        const std::int64_t y = out_h * conv.stride - rows.low,
                           z = out_w * conv.stride - columns.low;
        if (y < 0 || y >= rows.count || z < 0 || z >= columns.count)
          continue;  // Met by padding only.
        double* const pixel = &image.data[offset_of({n, y, z, 0}, image.strides)];
        const double* const source = &dy[offset_of({n, out_h, out_w, 0}, conv.y)];
        for (std::int64_t k = 0; k < conv.k; ++k) pixel[k] = source[k * conv.y.c];
      }
  return image;
}

}  // namespace gpucheck
