#pragma once

#include <string>

#include "gpucheck/report.hpp"

namespace gpucheck {

/// JUnit XML: one test suite per device, one test case per case; findings that are errors are a
/// suite of their own.
std::string junit_text(const Report& report);

/// Prometheus text format, for node_exporter's textfile collector.
std::string prometheus_text(const Report& report);

/// One line in the words of Nagios plugins: OK, WARNING, CRITICAL or UNKNOWN, and why. `verdict` is
/// the verdict line.
std::string nagios_line(int exit_code, const std::string& verdict);

/// 0 -> 0, 3 -> 1, 1 and 2 -> 2, everything else 3.
int nagios_code(int exit_code);

/// Valid UTF-8 of at least the valid parts of `text`; what is not is replaced.
std::string utf8_text(std::string_view text);

}  // namespace gpucheck
