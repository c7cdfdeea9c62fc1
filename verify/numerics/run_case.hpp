#pragma once

#include <optional>

#include "gpucheck/report.hpp"
#include "kernels/device/place.hpp"
#include "verify/numerics/problem.hpp"

namespace gpucheck {

struct RunOptions {
  const Device* device = nullptr;  ///< Null: the CPU.
  bool timed = false;              ///< Time it once the numbers are right.
  Problems* problems = nullptr;    ///< Where problems are kept from case to case; null: nowhere.
};

struct CaseRun {
  CaseResult result;
  std::optional<Measurement> measurement;
  std::optional<Sample> sample;  ///< The GPU's clocks while it was timed.
};

/// Fills, runs, compares and, where asked, times one case. The one place where CudaError,
/// LibraryError and NotRun end: they become the outcome.
CaseRun run_case(const Op& op, const Implementation& implementation, const Case& c,
                 const Place& place, const RunOptions& options);

}  // namespace gpucheck
