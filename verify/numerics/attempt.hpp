#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/report.hpp"

namespace gpucheck {

/// Memory an attempt needs, and whose it is (null: the CPU's).
struct Needs {
  std::uint64_t bytes = 0;
  const Device* device = nullptr;
};

/// Runs `work`. The one place where CudaError, LibraryError, NotRun and std::bad_alloc end: they
/// become the outcome and the reason of `result`. Out of memory is not_run where the device has too
/// little free, and an error where it claims plenty.
void attempt(CaseResult& result, const Needs& needs, const std::function<void()>& work);

/// The command line that reruns only this case on these GPUs (none: on the CPU), simulated ones
/// the same way sick.
std::string repro_line(std::string_view id, const std::vector<int>& gpus, std::uint64_t seed);

}  // namespace gpucheck
