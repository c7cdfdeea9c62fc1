#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// nvml.h, nvmlClocksEventReason*.
constexpr std::uint64_t hardware_slowdown = 0x8, software_thermal = 0x20, hardware_thermal = 0x40,
                        power_brake = 0x80;

}  // namespace

Findings throttled_under_load(const Snapshot& s) {
  Findings all;
  for (const Sample& sample : s.samples) {
    const std::uint64_t reasons = sample.events_reasons.value_or(0);
    if (!sample.under_load ||
        (reasons & (hardware_slowdown | hardware_thermal | power_brake | software_thermal)) == 0) {
      continue;
    }
    if (std::ranges::any_of(all, [&](const Finding& f) { return f.device == sample.device; }))
      continue;
    Texts evidence = {
        fmt::format("GPU {} under load: clock event reasons 0x{:x}", sample.device, reasons)};
    if (sample.sm_clock_mhz)
      evidence.push_back(fmt::format("SM clock {:.0f} MHz", *sample.sm_clock_mhz));
    if (sample.temperature_c)
      evidence.push_back(fmt::format("{:.0f} degrees C", *sample.temperature_c));
    if (sample.power_w) evidence.push_back(fmt::format("{:.0f} W", *sample.power_w));
    const bool by_hardware = (reasons & (hardware_slowdown | hardware_thermal | power_brake)) != 0;
    const bool brake = (reasons & power_brake) != 0;
    Texts fix = {
        brake ? "Check power supply and power cables (the external power brake is on)"
              : "Check fans, air flow and dust; nvidia-smi -q -d TEMPERATURE shows the limits"};
    Findings made = by_hardware
                        ? sick(error("The GPU's hardware slows it down under load", evidence, fix),
                               sample.device)
                        : warning("The GPU slows down under load because it is hot", evidence, fix);
    made.front().device = sample.device;
    all.push_back(std::move(made.front()));
  }
  return all;
}

Findings narrow_pcie_link(const Snapshot& s) {
  Findings all;
  for (const Device& device : s.devices) {
    const PcieLink& link = device.pcie;
    if (!link.width || !link.max_width || !link.gen || !link.max_gen) continue;
    // An idle GPU lowers its link's speed, never its width.
    const bool slow = link.under_load == true && *link.gen < *link.max_gen;
    const bool narrow = *link.width < *link.max_width;
    if (!slow && !narrow) continue;
    Findings made =
        warning(fmt::format("{} is connected by PCIe {} x{}; it can do {} x{}", gpu_text(device),
                            *link.gen, *link.width, *link.max_gen, *link.max_width),
                {"Transfers to and from the GPU are slower than they could be"},
                {"Seat the board again; check the riser, the slot (many are x8 by design) and the "
                 "BIOS settings"});
    made.front().device = cuda_index(device);
    all.push_back(std::move(made.front()));
  }
  return all;
}

Findings slow_start(const Snapshot& s) {
  constexpr double slow_seconds = 2;
  const CallProbe* init = call(s, "cuInit");
  if (init == nullptr || init->code != 0 || init->seconds < slow_seconds || on_wsl(s)) return {};
  const bool off =
      std::ranges::any_of(s.devices, [](const Device& d) { return d.persistence == false; });
  if (!off) return {};
  // https://docs.nvidia.com/deploy/driver-persistence/
  return found(Severity::info,
               "Each program start waits for the GPU to be initialised (persistence mode is off)",
               {fmt::format("cuInit took {:.1f} s", init->seconds)},
               {as_root(s, "systemctl enable --now nvidia-persistenced") + on_host(s)});
}

}  // namespace gpucheck
