#pragma once

#include <vector>

#include "gpucheck/finding.hpp"
#include "verify/report/text/style.hpp"

namespace gpucheck {

/// The findings, root causes first: title, evidence, and commands that can be pasted. Below `least`
/// they are left out.
std::string findings_text(const std::vector<Finding>& findings, Severity least, const Style& style);

/// The finding that explains the others, or the first error; null where none is an error.
const Finding* main_cause(const std::vector<Finding>& findings);

}  // namespace gpucheck
