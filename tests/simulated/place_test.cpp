#include "kernels/device/place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernels/bias/bias.hpp"
#include "kernels/device/buffer.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

class EveryPlace : public testing::TestWithParam<const char*> {
 protected:
  const Place& place() { return GetParam() == std::string("cpu") ? cpu_place() : *gpu_place(0); }
};

INSTANTIATE_TEST_SUITE_P(Place, EveryPlace, testing::Values("cpu", "gpu"));

TEST_P(EveryPlace, CopiesInAndOutAndPoisons) {
  Buffer buffer(place(), 3 * sizeof(float));
  std::vector<float> host(3);
  buffer.copy_out(host.data());
  for (const float value : host) EXPECT_TRUE(std::isnan(value));
  const std::vector<float> numbers{1, 2, 3};
  buffer.copy_in(numbers.data());
  buffer.copy_out(host.data());
  EXPECT_EQ(host, numbers);
  EXPECT_EQ(buffer.damage(), "");
}

TEST_P(EveryPlace, GuardBytesTellWhoWroteBeforeAndAfter) {
  Buffer buffer(place(), 13);
  const auto start = static_cast<std::byte*>(buffer.data());
  // The place's own functions may write there; a kernel could not under AddressSanitizer.
  place().permit(start - 256, 256);
  place().permit(start + 13, 256);
  place().fill(start - 3, 0, 2);
  place().fill(start + 13 + 7, 0, 4);
  EXPECT_EQ(buffer.damage(),
            "2 bytes written before its start, the nearest 2 bytes ahead of it; "
            "4 bytes written after its end, the nearest 7 bytes behind it");
}

TEST(GpuPlace, TimesLaunchesOnItsStream) {
  const Place& place = *gpu_place(0);
  Buffer x(place, 4096), b(place, 4096), y(place, 4096);
  int calls = 0;
  const double seconds = place.seconds(
      [&](CUstream_st* stream) {
        ++calls;
        require_cuda(bias_plain(Dtype::f32, x.data(), b.data(), y.data(), 1, 1024, stream));
      },
      3);
  EXPECT_EQ(calls, 3);
  EXPECT_GT(seconds, 0);
  EXPECT_LT(seconds, 1);
}

TEST(GpuPlace, FailureCarriesCodeAndCallSite) {
  try {
    gpu_place(7);
    FAIL() << "there is no device 7";
  } catch (const CudaError& error) {
    EXPECT_EQ(error.code(), 101);
    EXPECT_THAT(error.what(), testing::HasSubstr("cudaErrorInvalidDevice"));
    EXPECT_THAT(error.what(), testing::HasSubstr("gpu_place.cpp:"));
  }
}

}  // namespace
}  // namespace gpucheck
