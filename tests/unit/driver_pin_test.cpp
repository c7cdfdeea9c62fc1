#include <gtest/gtest.h>

#include "kernels/device/driver.hpp"
#include "kernels/device/nvrtc.hpp"
#include "tests/unit/pin.hpp"

#if __has_include(<cuda.h>) && __has_include(<nvrtc.h>)

#include <cuda.h>
#include <nvrtc.h>

namespace gpucheck {
namespace {

TEST(DriverPin, CallsMatchTheVendorsHeader) {
  const Driver d{};
  EXPECT_TRUE(same_call<decltype(&cuInit)>(d.init));
  EXPECT_TRUE(same_call<decltype(&cuDriverGetVersion)>(d.driver_version));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGetCount)>(d.device_count));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGet)>(d.device));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGetName)>(d.device_name));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGetAttribute)>(d.device_attribute));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGetUuid)>(d.device_uuid));
  EXPECT_TRUE(same_call<decltype(&cuDeviceGetPCIBusId)>(d.device_pci_bus_id));
  EXPECT_TRUE(same_call<decltype(&cuDeviceTotalMem)>(d.device_total_memory));
  EXPECT_TRUE(same_call<decltype(&cuGetErrorName)>(d.error_name));
  EXPECT_TRUE(same_call<decltype(&cuGetErrorString)>(d.error_string));
}

TEST(DriverPin, NumbersMatchTheVendorsHeader) {
  EXPECT_EQ(int(DriverAttribute::multiprocessor_count), CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  EXPECT_EQ(int(DriverAttribute::kernel_time_limit), CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT);
  EXPECT_EQ(int(DriverAttribute::integrated), CU_DEVICE_ATTRIBUTE_INTEGRATED);
  EXPECT_EQ(int(DriverAttribute::compute_mode), CU_DEVICE_ATTRIBUTE_COMPUTE_MODE);
  EXPECT_EQ(int(DriverAttribute::ecc_enabled), CU_DEVICE_ATTRIBUTE_ECC_ENABLED);
  EXPECT_EQ(int(DriverAttribute::pci_bus), CU_DEVICE_ATTRIBUTE_PCI_BUS_ID);
  EXPECT_EQ(int(DriverAttribute::pci_device), CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID);
  EXPECT_EQ(int(DriverAttribute::pci_domain), CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID);
  EXPECT_EQ(int(DriverAttribute::cc_major), CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
  EXPECT_EQ(int(DriverAttribute::cc_minor), CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  EXPECT_EQ(sizeof(DriverUuid), sizeof(CUuuid));
}

TEST(NvrtcPin, CallsMatchTheVendorsHeader) {
  const Nvrtc n{};
  EXPECT_TRUE(same_call<decltype(&nvrtcGetErrorString)>(n.error_string));
  EXPECT_TRUE(same_call<decltype(&nvrtcVersion)>(n.version));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetNumSupportedArchs)>(n.supported_arch_count));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetSupportedArchs)>(n.supported_archs));
  EXPECT_TRUE(same_call<decltype(&nvrtcCreateProgram)>(n.create_program));
  EXPECT_TRUE(same_call<decltype(&nvrtcDestroyProgram)>(n.destroy_program));
  EXPECT_TRUE(same_call<decltype(&nvrtcCompileProgram)>(n.compile_program));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetPTXSize)>(n.ptx_size));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetPTX)>(n.ptx));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetProgramLogSize)>(n.log_size));
  EXPECT_TRUE(same_call<decltype(&nvrtcGetProgramLog)>(n.log));
}

}  // namespace
}  // namespace gpucheck

#else

TEST(DriverPin, MatchesTheVendorsHeader) {
  GTEST_SKIP() << "cuda.h and nvrtc.h are not on the include path";
}

#endif
