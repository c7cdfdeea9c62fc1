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
  EXPECT_TRUE(same_call(d.init, &cuInit));
  EXPECT_TRUE(same_call(d.driver_version, &cuDriverGetVersion));
  EXPECT_TRUE(same_call(d.device_count, &cuDeviceGetCount));
  EXPECT_TRUE(same_call(d.device, &cuDeviceGet));
  EXPECT_TRUE(same_call(d.device_name, &cuDeviceGetName));
  EXPECT_TRUE(same_call(d.device_attribute, &cuDeviceGetAttribute));
  EXPECT_TRUE(same_call(d.device_uuid, &cuDeviceGetUuid));
  EXPECT_TRUE(same_call(d.device_pci_bus_id, &cuDeviceGetPCIBusId));
  EXPECT_TRUE(same_call(d.device_total_memory, &cuDeviceTotalMem));
  EXPECT_TRUE(same_call(d.error_name, &cuGetErrorName));
  EXPECT_TRUE(same_call(d.error_string, &cuGetErrorString));
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
  EXPECT_TRUE(same_call(n.error_string, &nvrtcGetErrorString));
  EXPECT_TRUE(same_call(n.version, &nvrtcVersion));
  EXPECT_TRUE(same_call(n.supported_arch_count, &nvrtcGetNumSupportedArchs));
  EXPECT_TRUE(same_call(n.supported_archs, &nvrtcGetSupportedArchs));
  EXPECT_TRUE(same_call(n.create_program, &nvrtcCreateProgram));
  EXPECT_TRUE(same_call(n.destroy_program, &nvrtcDestroyProgram));
  EXPECT_TRUE(same_call(n.compile_program, &nvrtcCompileProgram));
  EXPECT_TRUE(same_call(n.ptx_size, &nvrtcGetPTXSize));
  EXPECT_TRUE(same_call(n.ptx, &nvrtcGetPTX));
  EXPECT_TRUE(same_call(n.log_size, &nvrtcGetProgramLogSize));
  EXPECT_TRUE(same_call(n.log, &nvrtcGetProgramLog));
}

}  // namespace
}  // namespace gpucheck

#else

TEST(DriverPin, MatchesTheVendorsHeader) {
  GTEST_SKIP() << "cuda.h and nvrtc.h are not on the include path";
}

#endif
