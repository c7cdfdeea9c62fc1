#include "kernels/conv2d/problem.hpp"

namespace gpucheck {

Conv2d conv2d_of(const Case& c) {
  Conv2d conv{.n = c["n"],
              .c = c["c"],
              .h = c["h"],
              .w = c["w"],
              .k = c["k"],
              .r = c["r"],
              .s = c["s"],
              .pad = c["pad"],
              .stride = c["stride"],
              .dilation = c["dilation"],
              .groups = c["groups"]};
  const auto strides = c.layout == Layout::nchw ? nchw : nhwc;
  conv.x = strides(conv.h, conv.w, conv.c);
  conv.filter = strides(conv.r, conv.s, conv.group_c());
  conv.y = strides(conv.out_h(), conv.out_w(), conv.k);
  return conv;
}

}  // namespace gpucheck
