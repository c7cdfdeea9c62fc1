#include "kernels/device/nvml_sample.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace gpucheck {
namespace {

// Two GPUs, the second of which reports no power.
NvmlDevice gpu(std::uintptr_t number) { return reinterpret_cast<NvmlDevice>(number); }

Nvml fake() {
  Nvml nvml{};
  nvml.device_by_pci = [](const char* id, NvmlDevice* device) {
    *device = gpu(1);
    return std::string_view(id) == "0000:3b:00.0" ? NvmlStatus::success : NvmlStatus::not_found;
  };
  nvml.device_by_uuid = [](const char* id, NvmlDevice* device) {
    *device = gpu(2);
    return std::string_view(id) == "GPU-2" ? NvmlStatus::success : NvmlStatus::not_found;
  };
  nvml.clock = [](NvmlDevice device, NvmlClock type, unsigned* mhz) {
    *mhz = (device == gpu(1) ? 1700u : 900u) + (type == NvmlClock::sm ? 5u : 0u);
    return NvmlStatus::success;
  };
  nvml.power = [](NvmlDevice device, unsigned* milliwatts) {
    *milliwatts = 210500;
    return device == gpu(1) ? NvmlStatus::success : NvmlStatus::not_supported;
  };
  nvml.temperature = [](NvmlDevice, NvmlSensor, unsigned* celsius) {
    *celsius = 67;
    return NvmlStatus::success;
  };
  nvml.events_reasons = [](NvmlDevice, unsigned long long* mask) {
    *mask = 4;
    return NvmlStatus::success;
  };
  return nvml;
}

TEST(NvmlSample, ReadsTheDeviceOfThePciAddressInOurUnits) {
  const auto sample = nvml_sample(fake(), {.index = 5, .uuid = "GPU-2", .pci = "0000:3b:00.0"});
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->device, 5);
  EXPECT_EQ(sample->sm_clock_mhz, 1705.0);
  EXPECT_EQ(sample->power_w, 210.5);
  EXPECT_EQ(sample->temperature_c, 67.0);
  EXPECT_EQ(sample->events_reasons, 4u);
}

TEST(NvmlSample, FallsBackToTheUuidAndLeavesOutWhatIsNotTold) {
  const auto sample = nvml_sample(fake(), {.uuid = "GPU-2", .pci = "0000:99:00.0"});
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->sm_clock_mhz, 905.0);
  EXPECT_EQ(sample->power_w, std::nullopt);
}

TEST(NvmlSample, NeverTakesAnotherDevicesNumbers) {
  EXPECT_FALSE(nvml_sample(fake(), {.index = 0}));
  EXPECT_EQ(nvml_sample(fake(), {.index = 1, .uuid = "GPU-9", .pci = "0000:99:00.0"}),
            std::nullopt);
}

TEST(NvmlSample, IsEmptyWhereNothingCanBeRead) {
  Nvml nvml = fake();
  nvml.clock = [](NvmlDevice, NvmlClock, unsigned*) { return NvmlStatus::not_supported; };
  nvml.power = [](NvmlDevice, unsigned*) { return NvmlStatus::not_supported; };
  nvml.temperature = [](NvmlDevice, NvmlSensor, unsigned*) { return NvmlStatus::gpu_is_lost; };
  nvml.events_reasons = [](NvmlDevice, unsigned long long*) { return NvmlStatus::gpu_is_lost; };
  EXPECT_FALSE(nvml_sample(nvml, {.pci = "0000:3b:00.0"}));
}

}  // namespace
}  // namespace gpucheck
