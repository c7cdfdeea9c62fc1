#include <iostream>

#include "kernels/device/place.hpp"
#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/json.hpp"
#include "verify/worker/case_protocol.hpp"
#include "verify/worker/child.hpp"
#include "verify/worker/task.hpp"

namespace gpucheck {
namespace {

void warm_up(std::optional<int> device) {
  if (!device) return;
  try {
    gpu_place(*device);
  } catch (const std::exception&) {
    // Every case will meet the same failure, and is the place to report it.
  }
}

int run_cases(std::span<const std::string>) {
  std::string line;
  if (!std::getline(std::cin, line)) return 0;
  const WorkerSetup setup = setup_from_json(Json::parse(line));
  warm_up(setup.device);
  write_record(R"({"ready":true})");
  const Sink sink = {
      .result =
          [](const CaseResult& result) {
            write_record(json_text({{"case", result}}));
          },
      .measurement =
          [](const Measurement& m) {
            write_record(json_text({{"measurement", m}}));
          },
      .sample =
          [](const Sample& sample) {
            Snapshot facts;
            facts.samples = {sample};
            write_record(json_text({{"snapshot", snapshot_json(facts)}}));
          },
  };
  while (std::getline(std::cin, line)) {
    const Unit unit = unit_from_json(Json::parse(line));
    run_unit(unit, setup.devices, setup.seed, sink);
    write_record(json_text({{"done", unit.id}}));
  }
  return 0;
}

constexpr Task rows[] = {{"cases", run_cases}};

}  // namespace

std::span<const Task> case_tasks() { return rows; }

}  // namespace gpucheck
