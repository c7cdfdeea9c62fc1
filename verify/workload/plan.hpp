#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gpucheck/report.hpp"

namespace gpucheck {

/// What one worker does in one go: a case, or a workload with its steps.
struct Unit {
  std::string id;             ///< A case id, or workload/E/kernel/f32.
  std::optional<int> device;  ///< Empty: the CPU.
  std::vector<int> peers;     ///< Further GPUs of a workload on several, by rank.
  std::string
      group;  ///< Units of one group share a worker process: "cpu", "gpu0/kernel", "gpu0/cudnn".
  std::vector<std::string> cases;  ///< Ids of the case records it must produce.
  double deadline_seconds = 30;
  bool timed = false;

  /// The GPUs it runs on, by rank; none: the CPU.
  std::vector<int> gpus() const;
};

/// Everything asked, decided before anything runs.
struct Plan {
  std::vector<Unit> units;
  std::vector<Omission> not_applicable;
};

/// What the user narrowed the run to; empty fields: everything.
struct Selection {
  std::vector<std::string> only;  ///< Globs over case ids.
  std::vector<std::string> ops, dtypes, providers;
  bool cpu = true;
  std::vector<int> devices;  ///< Indices of devices to use.
  std::uint64_t seed = 1;
};

/// The run_check workloads, throughput and self-test of plain `gpucheck`.
Plan plan_workloads(const std::vector<Device>& devices, const Selection& selection);

/// Every op x implementation x dtype x shape of `gpucheck verify`.
Plan plan_verify(const std::vector<Device>& devices, const Selection& selection);

/// Records of a unit as they are made.
struct Sink {
  std::function<void(const CaseResult&)> result;
  std::function<void(const Measurement&)> measurement;
  std::function<void(const Sample&)> sample;  ///< Clocks under load; may be empty.
};

/// In the worker: runs one unit. `devices` describes the GPUs of this machine.
void run_unit(const Unit& unit, const std::vector<Device>& devices, std::uint64_t seed,
              const Sink& sink);

}  // namespace gpucheck
