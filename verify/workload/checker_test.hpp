#pragma once

#include "gpucheck/report.hpp"

namespace gpucheck {

inline constexpr std::string_view checker_test_id = "self-test/compare";

/// Plants faults in right results of every dtype, exact and real; untrusted where one is missed.
CaseResult run_checker_test(std::uint64_t seed);

}  // namespace gpucheck
