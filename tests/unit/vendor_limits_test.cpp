#include "kernels/device/vendor_limits.hpp"

#include <gmock/gmock.h>

#include "kernels/matmul/vendor.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

TEST(VendorLimits, Bf16NeedsAmpere) {
  EXPECT_THAT(vendor_limit("cuDNN", {.cc = 75}, Dtype::bf16), HasSubstr("this device has 7.5"));
  EXPECT_EQ(vendor_limit("cuDNN", {.cc = 80}, Dtype::bf16), "");
  EXPECT_EQ(vendor_limit("cuDNN", {.cc = 75}, Dtype::f16), "");
}

TEST(VendorLimits, UnknownCapabilityIsAskedNotExcused) {
  EXPECT_EQ(vendor_limit("cuBLAS", {.cc = 0}, Dtype::bf16), "");
}

TEST(VendorLimits, NumbersBeyond32BitsAreNotPassedOn) {
  EXPECT_EQ(size_limit("cuDNN", {1, 2147483647}), "");
  EXPECT_THAT(size_limit("cuDNN", {2147483648}), HasSubstr("2147483648"));
  const Case c{.op = "matmul_nn", .shape = {{"m", 65536}, {"n", 32768}, {"k", 8}}};
  EXPECT_EQ(cublas_matmul_unavailable({.cc = 90}, c), "");  // Counts rows and columns.
  EXPECT_THAT(cudnn_matmul_unavailable({.cc = 90}, c), HasSubstr("32 bits"));  // Counts elements.
}

}  // namespace
}  // namespace gpucheck
