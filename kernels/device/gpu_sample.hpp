#pragma once

#include <optional>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

/// Clock, power, temperature and clock event reasons of a device right now; empty where nothing can
/// tell (no NVML). gpucheck asks NVML, gpucheck-simulated its stand-in.
std::optional<Sample> gpu_sample(const Device& device);

}  // namespace gpucheck
