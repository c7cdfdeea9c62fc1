#pragma once

#include "gpucheck/report.hpp"
#include "verify/report/text/style.hpp"

namespace gpucheck {

/// gpucheck 0.1.0, what it was built with, and whether it is simulated: the first line of
/// everything.
std::string title_line(const Report& report, const Style& style);

/// The last line: what was verified, or why it was not.
std::string verdict_line(const Report& report, const Style& style);

/// Set-up, devices and findings: what is known before anything is computed.
std::string machine_screen(const Report& report, const Style& style);

/// The results of plain `gpucheck`: a line for each workload; what went wrong; with --verbose the
/// phases.
std::string workload_screen(const Report& report, const Style& style);

/// The results of `gpucheck verify`: a line for each operation.
std::string op_screen(const Report& report, const Style& style);

/// Names and seconds of the phases of the run.
std::string phases_text(const Report& report, const Style& style);

}  // namespace gpucheck
