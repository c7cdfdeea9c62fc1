#include <gtest/gtest.h>

#include <cstddef>

#include "kernels/device/nvml.hpp"

namespace gpucheck {
namespace {

// nvml.h is rarely installed; the numbers are those of NVML 13.3's, compiled on x86_64 Linux.
TEST(NvmlPin, StructuresHaveTheVendorsShape) {
  EXPECT_EQ(sizeof(NvmlPci), 68u);
  EXPECT_EQ(offsetof(NvmlPci, bus_id), 36u);
  EXPECT_EQ(sizeof(NvmlMemory), 24u);
  EXPECT_EQ(sizeof(NvmlProcess), 24u);
  EXPECT_EQ(sizeof(NvmlFabric), 40u);
  EXPECT_EQ(sizeof(NvmlConfidential), 12u);
}

TEST(NvmlPin, VersionWordHoldsSizeAndVersion) {
  EXPECT_EQ(nvml_version_word<NvmlFabric>(3), 0x03000028u);
}

}  // namespace
}  // namespace gpucheck
