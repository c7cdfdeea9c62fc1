#pragma once

#include <vector>

#include "gpucheck/report.hpp"
#include "verify/workload/plan.hpp"

namespace gpucheck {

/// What a run asked for and what came of it.
struct Evidence {
  const Plan& plan;
  const std::vector<CaseResult>& results;
  const std::vector<Finding>& findings;
  bool gpu_asked = true;  ///< False with --device cpu: the CPU's cases alone decide.
};

/// Whether it shows wrong numbers or a device that failed: what exit code 1 is for.
inline bool is_wrong(const CaseResult& r) {
  return r.outcome == Outcome::failed || r.outcome == Outcome::error ||
         r.outcome == Outcome::untrusted;
}

/// The verdict, a pure function of the evidence. It fails closed: `passed` only if every case that
/// was asked has a passed result, at least one of them on a GPU unless none was asked, and no
/// set-up error stands.
Verdict verdict(const Evidence& evidence);

}  // namespace gpucheck
