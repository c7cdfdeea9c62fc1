#pragma once

#include "verify/report/json_reader.hpp"
#include "verify/workload/plan.hpp"

namespace gpucheck {

// What the parent and a case worker say to each other, one JSON object a line. To the worker on its
// stdin: first
// {"devices": ..., "seed": ..., "device": ...}, then a unit at a time; the end of stdin is the end
// of its work. From it on the record descriptor: {"ready": true}, then for each unit {"case": ...}
// and {"measurement": ...} and at last
// {"done": id}.

/// The first line a worker reads.
struct WorkerSetup {
  std::vector<Device> devices;
  std::uint64_t seed = 1;
  std::optional<int> device;  ///< The GPU it will use: opened before it says that it is ready.
};

Json setup_json(const WorkerSetup& setup);
WorkerSetup setup_from_json(const Json& json);

Json unit_json(const Unit& unit);
Unit unit_from_json(const Json& json);

}  // namespace gpucheck
