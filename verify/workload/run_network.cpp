#include "verify/workload/run_network.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "verify/numerics/attempt.hpp"
#include "verify/workload/all_reduce.hpp"
#include "verify/workload/expectation.hpp"
#include "verify/workload/replica.hpp"

namespace gpucheck {
namespace {

// The tensors of E take 6 MiB; contexts and workspaces of the libraries the rest.
constexpr std::uint64_t network_bytes = 64 << 20;

CaseResult blank(const NetworkRun& run, const std::string& id) {
  CaseResult result{.id = id,
                    .op = "workload/" + run.network.name,
                    .provider = run.flavour.provider,
                    .implementation = std::string(run.flavour.name),
                    .dtype = Dtype::f32};
  std::vector<int> gpus;
  for (const Device* device : run.devices)
    if (device != nullptr) gpus.push_back(device->index);
  if (!gpus.empty()) result.device = gpus.front();
  result.repro = repro_line(id, gpus, run.seed);
  return result;
}

/// The replicas of a run and what connects them.
class Training {
 public:
  explicit Training(const NetworkRun& run) : run_(run) {
    for (std::size_t rank = 0; rank < run.devices.size(); ++rank)
      replicas_.push_back(
          std::make_unique<Replica>(run.network, run.flavour, run.devices[rank], int(rank)));
    if (replicas_.size() > 1) communicators_.emplace(replicas_);
  }

  void step(std::size_t number, CaseResult& result) {
    const TrainingStep& step = run_.network.steps[number];
    StepRecord record{.plant_faults = number == 0};
    for (const OpStep& op : step.ops) {
      if (op.c.op == all_reduce_mean) {
        communicators_->average(op, record);
      } else {
        for (const auto& replica : replicas_) replica->run(op, record);
      }
    }
    for (const Expectation& expectation : step.expected)
      for (const auto& replica : replicas_)
        if (expectation.rank < 0 || expectation.rank == replica->rank())
          merge(record.compared, check(expectation, replica->seen(expectation.tensor)),
                expectation.tensor);
    result.seconds = record.seconds;
    if (run_.flavour.provider != Provider::reference)
      result.by_reference.assign(record.by_reference.begin(), record.by_reference.end());
    conclude(result, record.compared, record.self_test);
    if (record.trespass.empty()) return;
    result.outcome = Outcome::failed;
    result.reason =
        result.reason.empty() ? record.trespass : record.trespass + "; " + result.reason;
  }

  double loss() const { return replicas_[0]->seen(run_.network.loss)[0] * run_.network.loss_scale; }

 private:
  const NetworkRun& run_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::optional<Communicators> communicators_;
};

/// The same for every flavour that a worker runs.
const Values& reference_losses(const Network& network) {
  static std::map<std::string, Values> by_name;
  Values& losses = by_name[network.name];
  if (losses.size() != network.steps.size()) losses = free_running_losses(network);
  return losses;
}

std::string loss_note(const Values& losses, const Values& free_running) {
  const double reference = free_running[losses.size() - 1];
  if (losses.size() == free_running.size())
    return fmt::format("loss {:#.5g} -> {:#.5g}, reference {:#.5g}", losses.front(), losses.back(),
                       reference);
  return fmt::format("loss {:#.5g}, reference {:#.5g}", losses.back(), reference);
}

}  // namespace

std::vector<std::string> step_ids(const std::string& id, const Network& network) {
  std::vector<std::string> ids;
  for (std::size_t number = 1; number <= network.steps.size(); ++number)
    ids.push_back(fmt::format("{}/step{}", id, number));
  return ids;
}

void run_network(const NetworkRun& run, const std::function<void(const CaseResult&)>& sink) {
  std::optional<Training> training;
  Values free_running, losses;
  std::string stopped;
  const std::vector<std::string> ids = step_ids(run.id, run.network);
  for (std::size_t number = 0; number < ids.size(); ++number) {
    CaseResult result = blank(run, ids[number]);
    if (!stopped.empty()) {
      result.reason = stopped;
      sink(result);
      continue;
    }
    attempt(result, {network_bytes, run.devices.front()}, [&] {
      if (!training) {
        if (!run.network.loss.empty()) free_running = reference_losses(run.network);
        training.emplace(run);
      }
      training->step(number, result);
      if (run.network.loss.empty()) return;
      losses.push_back(training->loss());
      result.note = loss_note(losses, free_running);
    });
    if (result.outcome == Outcome::error || result.outcome == Outcome::not_run)
      stopped = fmt::format("step {} did not end: {}", number + 1, result.reason);
    sink(result);
    if (ids[number] == run.last_step) return;
  }
}

}  // namespace gpucheck
