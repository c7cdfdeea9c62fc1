#pragma once

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Output extent of pooling: windows that start inside the padded input and fit into it.
constexpr std::int64_t pooled(std::int64_t extent, std::int64_t window, std::int64_t stride,
                              std::int64_t pad) {
  return (extent + 2 * pad - window) / stride + 1;
}

/// Sizes of a max_pool case, and where an element lies in memory.
struct PoolShape {
  std::int64_t n, c, h, w, window, stride, pad, out_h, out_w;
  Layout layout;

  explicit PoolShape(const Case& of)
      : n(of["n"]),
        c(of["c"]),
        h(of["h"]),
        w(of["w"]),
        window(of["window"]),
        stride(of["stride"]),
        pad(of["pad"]),
        out_h(pooled(h, window, stride, pad)),
        out_w(pooled(w, window, stride, pad)),
        layout(of.layout) {}

  std::size_t input(std::int64_t image, std::int64_t channel, std::int64_t row,
                    std::int64_t column) const {
    return offset(image, channel, row, column, h, w);
  }
  std::size_t output(std::int64_t image, std::int64_t channel, std::int64_t row,
                     std::int64_t column) const {
    return offset(image, channel, row, column, out_h, out_w);
  }

 private:
  std::size_t offset(std::int64_t image, std::int64_t channel, std::int64_t row,
                     std::int64_t column, std::int64_t height, std::int64_t width) const {
    return std::size_t(layout == Layout::nhwc
                           ? ((image * height + row) * width + column) * c + channel
                           : ((image * c + channel) * height + row) * width + column);
  }
};

/// y of every window, and in `first` the memory offset of its first maximum in row-major scan
/// order.
struct Pooled {
  Values y;
  std::vector<std::size_t> first;
};
Pooled max_pool(const PoolShape& shape, const Values& x);

}  // namespace gpucheck
