#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kernels/device/require.hpp"
#include "verify/numerics/attempt.hpp"
#include "verify/numerics/run_case.hpp"
#include "verify/workload/catalogue.hpp"
#include "verify/workload/checker_test.hpp"
#include "verify/workload/flavour.hpp"
#include "verify/workload/plan.hpp"
#include "verify/workload/run_network.hpp"

namespace gpucheck {
namespace {

const Device* find_device(const std::vector<Device>& devices, int index) {
  const auto found = std::ranges::find(devices, index, &Device::index);
  return found == devices.end() ? nullptr : &*found;
}

/// workload/C/kernel/f32/gpus2, taken apart.
struct WorkloadId {
  char letter = 0;
  const Flavour* flavour = nullptr;
  int ranks = 1;
};

std::optional<WorkloadId> parse(std::string_view id) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= id.size();) {
    const std::size_t end = std::min(id.find('/', start), id.size());
    parts.push_back(id.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() < 4 || parts[0] != "workload" || parts[1].size() != 1) return std::nullopt;
  WorkloadId workload{.letter = parts[1][0], .flavour = find_flavour(parts[2])};
  if (parts.size() == 5 && parts[4].starts_with("gpus"))
    std::from_chars(parts[4].data() + 4, parts[4].data() + parts[4].size(), workload.ranks);
  const bool known = workload.letter >= 'A' && workload.letter <= 'E' &&
                     workload.flavour != nullptr && workload.ranks > 0;
  return known ? std::optional(workload) : std::nullopt;
}

/// The same error for every record the unit owes.
void refuse(const Unit& unit, std::uint64_t seed, const std::string& reason, const Sink& sink) {
  for (const std::string& id : unit.cases)
    sink.result({.id = id,
                 .device = unit.device,
                 .outcome = Outcome::error,
                 .reason = reason,
                 .repro = repro_line(id, unit.gpus(), seed)});
}

void run_workload(const Unit& unit, const WorkloadId& workload, const std::vector<Device>& devices,
                  std::uint64_t seed, const Sink& sink) {
  const Network net = network(workload.letter, workload.ranks);
  std::vector<const Device*> ranks;
  for (const int gpu : unit.gpus()) ranks.push_back(find_device(devices, gpu));
  if (ranks.empty()) ranks = {nullptr};  // The CPU.
  if (int(ranks.size()) != workload.ranks)
    return refuse(unit, seed, "there are fewer devices than ranks", sink);
  const std::string last = unit.cases.empty() ? "" : unit.cases.back();  // Asked in order.
  run_network({unit.id, net, *workload.flavour, ranks, seed, last}, [&](const CaseResult& result) {
    if (std::ranges::find(unit.cases, result.id) != unit.cases.end()) sink.result(result);
  });
}

/// Its place, made current; null where this build has no device code.
const Place* place_for(const Unit& unit) {
  return unit.device ? gpu_place(*unit.device) : &cpu_place();
}

void run_one_case(const Unit& unit, const AskedCase& asked, const Device* device,
                  const Sink& sink) {
  static Problems problems;  // Lives as long as the worker, which is fed one unit after another.
  CaseRun run;
  const Place* place = nullptr;
  attempt(run.result, {.device = device}, [&] {
    place = place_for(unit);
    if (place == nullptr) throw NotRun("this build has no device code");
  });
  if (place == nullptr) {
    const CaseResult why = run.result;
    run.result = {.id = unit.id,
                  .op = std::string(asked.op->name),
                  .provider = asked.implementation->provider,
                  .implementation = std::string(asked.implementation->name),
                  .dtype = asked.c.dtype,
                  .device = unit.device,
                  .inputs = asked.c.inputs,
                  .outcome = why.outcome,
                  .reason = why.reason,
                  .repro = repro_line(unit.id, unit.gpus(), asked.c.seed)};
  } else {
    run = run_case(*asked.op, *asked.implementation, asked.c, *place,
                   {.device = device, .timed = unit.timed, .problems = &problems});
  }
  sink.result(run.result);
  if (run.measurement) sink.measurement(*run.measurement);
  if (run.sample && sink.sample) sink.sample(*run.sample);
}

}  // namespace

void run_unit(const Unit& unit, const std::vector<Device>& devices, std::uint64_t seed,
              const Sink& sink) {
  const Device* device = unit.device ? find_device(devices, *unit.device) : nullptr;
  if (unit.device && device == nullptr) return refuse(unit, seed, "no such device", sink);
  if (unit.id == checker_test_id) return sink.result(run_checker_test(seed));
  if (const auto workload = parse(unit.id))
    return run_workload(unit, *workload, devices, seed, sink);
  std::optional<AskedCase> asked = find_case(unit.id);
  if (!asked) return refuse(unit, seed, "unknown case: " + unit.id, sink);
  asked->c.seed = seed;
  run_one_case(unit, *asked, device, sink);
}

}  // namespace gpucheck
