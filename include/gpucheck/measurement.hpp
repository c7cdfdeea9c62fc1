#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gpucheck/op.hpp"
#include "gpucheck/outcome.hpp"

namespace gpucheck {

/// How long one case took, on outputs that were verified in the same run.
struct Measurement {
  std::string id;
  Provider provider = Provider::reference;
  std::optional<int> device;  ///< Empty: the CPU.
  double median_seconds = 0;
  double interval_low_seconds = 0;  ///< Order statistics around the median.
  double interval_high_seconds = 0;
  int samples = 0;
  Work work;
  Outcome verified = Outcome::not_run;
  std::uint64_t checked = 0;
  std::uint64_t wrong = 0;
};

}  // namespace gpucheck
