#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gpucheck/finding.hpp"

namespace gpucheck {

using Texts = std::vector<std::string>;
using Findings = std::vector<Finding>;

/// One finding without its names, which diagnose() adds.
inline Findings found(Severity severity, std::string title, Texts evidence, Texts fix) {
  return {Finding{.id = {},
                  .catalogue = {},
                  .severity = severity,
                  .title = std::move(title),
                  .evidence = std::move(evidence),
                  .fix = std::move(fix),
                  .device = {}}};
}
inline Findings error(std::string title, Texts evidence, Texts fix) {
  return found(Severity::error, std::move(title), std::move(evidence), std::move(fix));
}
inline Findings warning(std::string title, Texts evidence, Texts fix) {
  return found(Severity::warning, std::move(title), std::move(evidence), std::move(fix));
}
inline Findings info(std::string title, Texts evidence, Texts fix = {}) {
  return found(Severity::info, std::move(title), std::move(evidence), std::move(fix));
}

/// The same findings as of a device that is sick: exit code 1, not 2.
Findings sick(Findings findings, std::optional<int> device = {});

/// What a call did: "cuInit returned 803 (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)", "cuInit was killed
/// by signal 11", "cuInit had not returned after 30 s", "cuInit: not probed, since ..."; for
/// evidence.
std::string said(const CallProbe& call);
/// The same of a call by its name; "cuInit: not probed" where it was not made.
std::string said(const Snapshot& s, std::string_view api);
/// "libcuda.so.1: cannot open shared object file ..." or "libcuda.so.1 -> /usr/lib/...".
std::string said_of_library(const Snapshot& s, std::string_view name);

}  // namespace gpucheck
