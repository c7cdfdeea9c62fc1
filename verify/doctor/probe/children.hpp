#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gpucheck/snapshot.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/probe/root.hpp"
#include "verify/worker/process.hpp"

namespace gpucheck {

using Variables = std::vector<std::pair<std::string, std::optional<std::string>>>;
using Job = std::function<Snapshot()>;

/// How long a child may take: its own deadline, and a time that it shares with others.
struct Allowance {
  double seconds = 0;
  Clock::time_point until = Clock::time_point::max();
};

/// Starts the children of one run of probe(), all with the same surroundings. None outlives the
/// run's limit; what that cuts short is left "not probed", since it proves no hang.
class Children {
 public:
  Children(const Root& root, const ProbeOptions& options);

  /// Time for several children together, from now on.
  Allowance shared(double seconds) const;

  Job job(std::vector<std::string> arguments, Allowance allowance, Variables more = {},
          std::string variant = "") const;
  /// Opens one name; how the child ended is part of the answer.
  Job library(const std::string& name) const;
  bool out_of_time() const { return Clock::now() >= until_; }

 private:
  Variables variables_;
  double longest_ = 3600;
  Clock::time_point until_;
};

/// Runs all at the same time and adds what they found, in the order of the jobs.
void run_all(const std::vector<Job>& jobs, Snapshot& snapshot);

}  // namespace gpucheck
