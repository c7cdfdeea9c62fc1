#pragma once

#include "gpucheck/report.hpp"
#include "verify/report/text/style.hpp"

namespace gpucheck {

/// One line for each workload and measured case, and for each implementation of it.
std::string workload_table(const Report& report, const Style& style);

/// One line for each op and implementation of it, over all dtypes and shapes.
std::string op_table(const Report& report, const Style& style);

/// Every case that is wrong or ended in an error, with its first mismatches and the command that
/// repeats it; then what did not run, gathered by reason.
std::string troubles_text(const Report& report, const Style& style);

}  // namespace gpucheck
