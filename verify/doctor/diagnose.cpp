#include "verify/doctor/diagnose.hpp"

#include <algorithm>

namespace gpucheck {
namespace {

struct Made {
  Finding finding;
  Layer layer;
};

// Whether an error in `cause` explains a failure in `effect`.
bool explains(Layer cause, Layer effect) {
  if (effect == Layer::library_files || effect == Layer::device_state ||
      cause == Layer::device_state)
    return false;
  if (cause == Layer::library_files) return effect == Layer::library_calls;
  return cause < effect;  // In the order of the enumeration.
}

void mark_root_causes(std::vector<Made>& made) {
  for (Made& effect : made) {
    const bool explained = std::ranges::any_of(made, [&](const Made& cause) {
      return cause.finding.severity == Severity::error && explains(cause.layer, effect.layer);
    });
    effect.finding.root_cause = effect.finding.severity == Severity::error && !explained;
  }
}

}  // namespace

std::vector<Finding> diagnose(const Snapshot& snapshot) {
  std::vector<Made> made;
  for (const RuleRow& row : all_rules()) {
    const bool chain_broken = std::ranges::any_of(made, [](const Made& m) {
      return m.finding.severity == Severity::error && m.layer <= Layer::unexplained;
    });
    if (row.layer == Layer::unexplained && chain_broken) continue;
    for (Finding& finding : row.rule(snapshot)) {
      finding.id = row.id;
      finding.catalogue = row.catalogue;
      made.push_back({std::move(finding), row.layer});
    }
  }
  mark_root_causes(made);
  std::vector<Finding> findings;
  for (Made& each : made) findings.push_back(std::move(each.finding));
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    if (a.root_cause != b.root_cause) return a.root_cause;
    return a.severity > b.severity;
  });
  return findings;
}

const Finding* what_stops(const Snapshot& snapshot, const std::vector<Finding>& findings, int gpu) {
  const bool kernel_ran = std::ranges::any_of(snapshot.calls, [&](const CallProbe& call) {
    return call.api == "kernelLaunch" && call.device == gpu && call.code == 0;
  });
  if (kernel_ran) return nullptr;
  for (const Finding& finding : findings) {
    const auto row = std::ranges::find(all_rules(), finding.id, &RuleRow::id);
    if (finding.root_cause && !finding.sick_device && row != all_rules().end() &&
        row->layer <= Layer::unexplained)
      return &finding;
  }
  return nullptr;
}

}  // namespace gpucheck
