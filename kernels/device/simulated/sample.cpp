#include "kernels/device/gpu_sample.hpp"
#include "kernels/device/simulated/engine.hpp"

namespace gpucheck {

std::optional<Sample> gpu_sample(const Device& device) {
  constexpr double clock_mhz = 1500;
  constexpr std::uint64_t hw_slowdown = 0x8;  // nvml.h: nvmlClocksEventReasonHwSlowdown.
  const bool slow = simt::sick(device.index, Sickness::slow_clock);
  return Sample{.device = device.index,
                .under_load = false,
                .sm_clock_mhz = slow ? clock_mhz / simt::settings().simulation.factor : clock_mhz,
                .power_w = std::nullopt,  // Nothing here draws power or grows warm.
                .temperature_c = std::nullopt,
                .events_reasons = slow ? hw_slowdown : 0};
}

}  // namespace gpucheck
