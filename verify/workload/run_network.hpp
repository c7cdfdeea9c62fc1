#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gpucheck/report.hpp"
#include "verify/workload/flavour.hpp"
#include "verify/workload/network.hpp"

namespace gpucheck {

/// A network, who computes it and where.
struct NetworkRun {
  std::string id;  ///< workload/E/kernel/f32
  const Network& network;
  const Flavour& flavour;
  std::vector<const Device*> devices;  ///< One per rank; null: the CPU.
  std::uint64_t seed = 1;
  std::string last_step;  ///< Id of the record to stop after; empty: all steps.
};

/// Trains step by step and gives one record for each: workload/E/kernel/f32/step3. Every output of
/// every op is compared with its float64 reference, then the step with the workload's table.
void run_network(const NetworkRun& run, const std::function<void(const CaseResult&)>& sink);

/// Ids of the records run_network gives.
std::vector<std::string> step_ids(const std::string& id, const Network& network);

}  // namespace gpucheck
