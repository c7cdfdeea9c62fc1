#include "verify/workload/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/ops.hpp"
#include "verify/workload/catalogue.hpp"
#include "verify/workload/checker_test.hpp"
#include "verify/workload/flavour.hpp"
#include "verify/workload/network.hpp"
#include "verify/workload/run_network.hpp"
#include "verify/workload/select.hpp"

namespace gpucheck {
namespace {

constexpr double least_deadline_seconds = 30;
/// What the float64 reference does at the very least per second, on one slow core.
constexpr double slow_flops_per_second = 5e8;
/// A simulated GPU, whose every thread is a fiber, on a busy machine.
constexpr double simulated_flops_per_second = 5e6;

double deadline_seconds(double flops, const Device* device) {
  const bool simulated = device != nullptr && device->simulated;
  return least_deadline_seconds +
         flops / (simulated ? simulated_flops_per_second : slow_flops_per_second);
}

std::string group_of(std::string_view implementation, const Device* device) {
  if (device == nullptr) return "cpu";
  if (implementation == "plain") implementation = "kernel";
  // Both open the same pair of libraries.
  if (implementation == "cublasLt") implementation = "cublas";
  return fmt::format("gpu{}/{}", device->index, implementation);
}

/// Collects units that the selection takes.
class Planner {
 public:
  Planner(const std::vector<Device>& devices, const Selection& selection) : selection_(selection) {
    for (const int index : selection.devices) {
      const auto found = std::ranges::find(devices, index, &Device::index);
      if (found != devices.end()) devices_.push_back(&*found);
    }
  }

  void add_workloads() {
    for (const Flavour& flavour : flavours()) {
      for (const char letter : {'A', 'B', 'C', 'D', 'E'}) {
        if (!flavour.on_gpu && selection_.cpu) add_workload(flavour, network(letter, 1), {nullptr});
        for (const Device* device : devices_)
          if (flavour.on_gpu) add_workload(flavour, network(letter, 1), {device});
      }
    }
    // The averaging is NCCL's, so one flavour shows it.
    if (devices_.size() < 2) return;
    for (const char letter : {'C', 'D'})
      add_workload(flavours().front(), network(letter, int(devices_.size())), devices_);
  }

  void add_throughput() {
    const auto add = [&](const Device* device, Load load) {
      for (const Case& c : throughput_cases(load)) add_case(*find_op(c.op), c, device, true);
    };
    if (selection_.cpu) add(nullptr, Load::small);
    for (const Device* device : devices_)
      add(device, device->simulated ? Load::small : Load::large);
  }

  void add_checker_test() {
    const std::string id(checker_test_id);
    if (!selection_.cpu || !selected_id(selection_, id)) return;
    if (!selected(selection_, {"self-test", "f32", "reference", "compare"})) return;
    plan_.units.push_back({.id = id, .group = "cpu", .cases = {id}});
  }

  void add_ops() {
    for (const Op* op : all_ops())
      for (const Case& c : op->cases()) {
        if (selection_.cpu) add_case(*op, c, nullptr, false);
        for (const Device* device : devices_) add_case(*op, c, device, false);
      }
  }

  Plan take() { return std::move(plan_); }

 private:
  void add_case(const Op& op, const Case& c, const Device* device, bool timed) {
    for (const Implementation& implementation : op.implementations) {
      const bool on_cpu = implementation.provider == Provider::cpu ||
                          implementation.provider == Provider::reference;
      if (on_cpu != (device == nullptr)) continue;
      const std::string id = case_id(op, implementation, c);
      if (!selected_id(selection_, id) ||
          !selected(selection_,
                    {std::string(op.name), std::string(name(c.dtype)),
                     std::string(name(implementation.provider)), std::string(implementation.name)}))
        continue;
      static const Device host;
      const std::string limit = implementation.unavailable(device != nullptr ? *device : host, c);
      if (!limit.empty()) {
        plan_.not_applicable.push_back({id, index_of(device), limit});
        continue;
      }
      plan_.units.push_back({.id = id,
                             .device = index_of(device),
                             .group = group_of(implementation.name, device),
                             .cases = {id},
                             .deadline_seconds = deadline_seconds(op.work(c).flops, device),
                             .timed = timed});
    }
  }

  void add_workload(const Flavour& flavour, const Network& network,
                    const std::vector<const Device*>& devices) {
    const UnitKey key{"workload/" + network.name, "f32", std::string(name(flavour.provider)),
                      std::string(flavour.name)};
    if (!selected(selection_, key)) return;
    std::string id = fmt::format("workload/{}/{}/f32", network.name, flavour.name);
    if (devices.size() > 1) id += fmt::format("/gpus{}", devices.size());
    std::vector<std::string> cases;
    for (std::string& step : step_ids(id, network))
      if (selected_id(selection_, id) || selected_id(selection_, step))
        cases.push_back(std::move(step));
    if (cases.empty()) return;
    const std::string limit = unavailable(flavour, network, devices.front());
    if (!limit.empty()) {
      for (std::string& step : cases)
        plan_.not_applicable.push_back({std::move(step), index_of(devices.front()), limit});
      return;
    }
    std::vector<int> peers;
    for (std::size_t rank = 1; rank < devices.size(); ++rank) peers.push_back(devices[rank]->index);
    double flops = 0;
    for (const TrainingStep& step : network.steps)
      for (const OpStep& op_step : step.ops)
        if (const Op* op = find_op(op_step.c.op)) flops += op->work(op_step.c).flops;
    const std::string_view implementation = flavour.name == "kernel" ? "plain" : flavour.name;
    plan_.units.push_back(
        {.id = std::move(id),
         .device = index_of(devices.front()),
         .peers = std::move(peers),
         .group = devices.size() > 1 ? "gpus" : group_of(implementation, devices.front()),
         .cases = std::move(cases),
         .deadline_seconds = deadline_seconds(flops, devices.front())});
  }

  static std::optional<int> index_of(const Device* device) {
    return device != nullptr ? std::optional(device->index) : std::nullopt;
  }

  const Selection& selection_;
  std::vector<const Device*> devices_;
  Plan plan_;
};

}  // namespace

std::vector<int> Unit::gpus() const {
  if (!device) return {};
  std::vector<int> all = {*device};
  all.insert(all.end(), peers.begin(), peers.end());
  return all;
}

Plan plan_workloads(const std::vector<Device>& devices, const Selection& selection) {
  Planner planner(devices, selection);
  planner.add_workloads();
  planner.add_throughput();
  planner.add_checker_test();
  return planner.take();
}

Plan plan_verify(const std::vector<Device>& devices, const Selection& selection) {
  Planner planner(devices, selection);
  planner.add_workloads();
  planner.add_checker_test();
  planner.add_throughput();
  planner.add_ops();
  return planner.take();
}

}  // namespace gpucheck
