#pragma once

#include <string>

#include "verify/numerics/compare.hpp"
#include "verify/workload/network.hpp"

namespace gpucheck {

/// Compares what a tensor holds with what the workload's table says; a value that gives a reduced
/// precision away is named in the pattern.
Compared check(const Expectation& expectation, const Values& held);

/// The losses of a network of one rank that runs in float64 from its initial values on, never
/// corrected by a device.
Values free_running_losses(const Network& network);

}  // namespace gpucheck
