#include "kernels/conv2d/problem.hpp"
#include "kernels/conv2d/vendor.hpp"
#include "kernels/device/vendor_limits.hpp"

namespace gpucheck {

std::string cudnn_conv2d_unavailable(const Device& device, const Case& c) {
  if (std::string reason = vendor_limit("cuDNN", device, c.dtype); !reason.empty()) return reason;
  if (c.dtype == Dtype::f64)
    return "cuDNN has no NHWC convolution in f64, and gpucheck asks for none";
  const Conv2d conv = conv2d_of(c);
  return size_limit(
      "cuDNN", {conv.n * conv.c * conv.h * conv.w, conv.n * conv.k * conv.out_h() * conv.out_w(),
                conv.k * conv.group_c() * conv.r * conv.s});
}

}  // namespace gpucheck
