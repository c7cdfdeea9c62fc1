#pragma once

#include <optional>

#include "gpucheck/snapshot.hpp"
#include "kernels/device/nvml.hpp"

namespace gpucheck {

/// NVML's handle of a CUDA device, found by its PCI address or its UUID: the two number devices
/// differently.
std::optional<NvmlDevice> nvml_device(const Nvml& nvml, const Device& device);

/// What an initialised NVML tells about a device right now; empty where it tells nothing.
std::optional<Sample> nvml_sample(const Nvml& nvml, const Device& device);

}  // namespace gpucheck
