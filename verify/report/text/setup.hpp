#pragma once

#include "gpucheck/snapshot.hpp"
#include "verify/report/text/style.hpp"

namespace gpucheck {

/// "Set-up" and one line each for driver, runtime and libraries: version and the file it was loaded
/// from.
std::string setup_text(const Snapshot& snapshot, const Style& style);

/// The two lines of run_check for each GPU, and what kind of GPU it is.
std::string devices_text(const Snapshot& snapshot, const Style& style);

/// Every library with all files that could have been opened, and every call that was tried: for
/// --verbose.
std::string probes_text(const Snapshot& snapshot, const Style& style);

}  // namespace gpucheck
