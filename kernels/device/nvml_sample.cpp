#include "kernels/device/nvml_sample.hpp"

namespace gpucheck {

std::optional<NvmlDevice> nvml_device(const Nvml& nvml, const Device& device) {
  NvmlDevice handle = nullptr;
  if (!device.pci.empty() && nvml.device_by_pci(device.pci.c_str(), &handle) == NvmlStatus::success)
    return handle;
  if (!device.uuid.empty() &&
      nvml.device_by_uuid(device.uuid.c_str(), &handle) == NvmlStatus::success)
    return handle;
  return std::nullopt;
}

std::optional<Sample> nvml_sample(const Nvml& nvml, const Device& device) {
  const std::optional<NvmlDevice> handle = nvml_device(nvml, device);
  if (!handle) return std::nullopt;
  Sample sample{.device = device.index};
  unsigned number = 0;
  unsigned long long mask = 0;
  if (nvml.clock(*handle, NvmlClock::sm, &number) == NvmlStatus::success)
    sample.sm_clock_mhz = number;
  if (nvml.power(*handle, &number) == NvmlStatus::success) sample.power_w = number / 1000.0;
  if (nvml.temperature(*handle, NvmlSensor::gpu, &number) == NvmlStatus::success)
    sample.temperature_c = number;
  if (nvml.events_reasons(*handle, &mask) == NvmlStatus::success) sample.events_reasons = mask;
  const bool silent =
      !sample.sm_clock_mhz && !sample.power_w && !sample.temperature_c && !sample.events_reasons;
  return silent ? std::nullopt : std::optional(sample);
}

}  // namespace gpucheck
