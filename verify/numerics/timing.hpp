#pragma once

#include <vector>

#include "kernels/device/place.hpp"

namespace gpucheck {

/// Seconds per call: the median of batches and the order statistics around it.
struct Timing {
  double median_seconds = 0;
  double low_seconds = 0;
  double high_seconds = 0;
  int samples = 0;
};

/// Median and its 95 % interval by order statistics, which assumes nothing about the distribution;
/// with fewer than six samples no interval reaches 95 % and it is their whole range.
Timing summary(std::vector<double> samples);

/// Times a launch that has run before, for about `budget_seconds` and at least three batches.
Timing time_launch(const Place& place, const Launch& launch, double budget_seconds);

}  // namespace gpucheck
