#include "verify/report/verdict.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace gpucheck {
namespace {

using Key = std::pair<std::string, std::optional<int>>;

}  // namespace

Verdict verdict(const Evidence& evidence) {
  std::map<Key, const CaseResult*> seen;
  for (const CaseResult& result : evidence.results) {
    const CaseResult*& slot = seen[{result.id, result.device}];
    // A case that was ever wrong stays wrong, whatever a repetition says.
    if (slot == nullptr || !is_wrong(*slot)) slot = &result;
  }

  Verdict v{.not_applicable = evidence.plan.not_applicable};
  int passed_on_gpu = 0;
  for (const Unit& unit : evidence.plan.units) {
    for (const std::string& id : unit.cases) {
      ++v.asked;
      const auto found = seen.find({id, unit.device});
      if (found == seen.end()) {
        v.not_run.push_back({id, unit.device, "no result was recorded"});
        continue;
      }
      const CaseResult& result = *found->second;
      if (result.outcome == Outcome::not_run || result.outcome == Outcome::not_applicable) {
        v.not_run.push_back({id, unit.device, result.reason});
        continue;
      }
      ++v.ran;
      if (result.outcome != Outcome::passed) continue;
      ++v.passed;
      if (unit.device) ++passed_on_gpu;
    }
  }

  const auto errors = [&](bool sick_device) {
    return std::ranges::any_of(evidence.findings, [&](const Finding& f) {
      return f.severity == Severity::error && f.sick_device == sick_device;
    });
  };
  const bool set_up_error = errors(false);
  const bool enough = evidence.gpu_asked ? passed_on_gpu > 0 && !set_up_error : v.passed > 0;
  // Of all results, also of one that nobody asked for: wrong numbers are wrong numbers.
  const bool any_wrong = std::ranges::any_of(evidence.results, is_wrong);
  if (any_wrong || errors(true)) {
    v.status = Status::failed;
    v.exit_code = 1;
  } else if (v.not_run.empty() && enough) {
    v.status = Status::passed;
    v.exit_code = 0;
  } else {
    v.status = Status::not_verified;
    v.exit_code = 2;
  }
  return v;
}

}  // namespace gpucheck
