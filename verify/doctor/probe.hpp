#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

struct ProbeOptions {
  std::string
      root;  ///< Where /proc, /sys, /dev and /etc are; empty: GPUCHECK_ROOT, or the machine.
  std::vector<std::string> python;  ///< More Python prefixes to look at (--python).
  std::vector<std::string>
      libraries;  ///< More directories with libraries (--libraries); they come first.
  /// The limit of the run: what it cuts short is "not probed".
  std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
};

/// Collects the facts about this machine and judges none of them. Everything that can crash or hang
/// happens in children with deadlines; what a failed earlier stage already explains is left "not
/// probed".
Snapshot probe(const ProbeOptions& options = {});

}  // namespace gpucheck
