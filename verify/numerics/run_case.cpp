#include "verify/numerics/run_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "kernels/convert.hpp"
#include "kernels/device/gpu_sample.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/attempt.hpp"
#include "verify/numerics/judge.hpp"
#include "verify/numerics/placed_tensor.hpp"
#include "verify/numerics/timing.hpp"

namespace gpucheck {
namespace {

constexpr int runs = 3;
constexpr double timing_budget_seconds = 0.03;

/// The tensors of one problem in the memory of a place, and an implementation made ready on them.
class Bench {
 public:
  Bench(const Implementation& implementation, const Case& c, const Place& place,
        const Problem& problem)
      : place_(place), problem_(problem), workspaces_(place) {
    Buffers buffers;
    for (const Tensor& tensor : problem.tensors) {
      tensors_.push_back(std::make_unique<PlacedTensor>(place, tensor));
      buffers.tensors.push_back(tensors_.back()->data());
    }
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      if (problem.tensors[i].role == Role::input) tensors_[i]->write(problem.values[i]);
    buffers.workspace = [this](std::size_t bytes) { return workspaces_.allocate(bytes); };
    launch_ = implementation.prepare(c, buffers);
  }

  const Launch& launch() const { return launch_; }

  /// One call on poisoned outputs; seconds until it had ended.
  double run() {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (problem_.tensors[i].role == Role::output) tensors_[i]->poison();
      if (problem_.tensors[i].role == Role::inout) tensors_[i]->write(problem_.values[i]);
    }
    place_.synchronize();
    const auto start = std::chrono::steady_clock::now();
    launch_(place_.stream());
    place_.synchronize();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  /// Elements of all tensors that are not inputs, in order.
  std::vector<Elements> outputs() const {
    std::vector<Elements> all;
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      if (problem_.tensors[i].role != Role::input) all.push_back(tensors_[i]->read());
    return all;
  }

  /// What was written that must not be: guard bytes, or an input.
  std::string trespass() const {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (std::string overrun = tensors_[i]->overrun(); !overrun.empty()) return overrun;
      if (problem_.tensors[i].role != Role::input) continue;
      const Elements seen = tensors_[i]->read();
      Elements written(seen.size());
      from_f64(problem_.tensors[i].dtype, problem_.values[i].data(), problem_.values[i].size(),
               written.data());
      if (seen != written) return fmt::format("input {} was changed", problem_.tensors[i].name);
    }
    return "";
  }

 private:
  const Place& place_;
  const Problem& problem_;
  std::vector<std::unique_ptr<PlacedTensor>> tensors_;
  Workspaces workspaces_;
  Launch launch_;
};

CaseResult blank(const Op& op, const Implementation& implementation, const Case& c,
                 const Device* device) {
  CaseResult result{.id = case_id(op, implementation, c),
                    .op = std::string(op.name),
                    .provider = implementation.provider,
                    .implementation = std::string(implementation.name),
                    .dtype = c.dtype,
                    .inputs = c.inputs};
  std::vector<int> gpus;
  if (device != nullptr) gpus.push_back(device->index), result.device = device->index;
  result.repro = repro_line(result.id, gpus, c.seed);
  return result;
}

/// Runs and compares; whether the numbers are right and something was able to show it.
void verify(CaseRun& run, Bench& bench, const Call& call) {
  CaseResult& result = run.result;
  std::vector<Elements> first;
  for (int number = 0; number < runs; ++number) {
    const double seconds = bench.run();
    const std::vector<Elements> outputs = bench.outputs();
    if (number > 0 && outputs == first) continue;
    const Compared compared = compare_outputs(call, outputs);
    if (number == 0) {
      result.seconds = seconds;
      first = outputs;
    } else {
      result.note = "not deterministic: equal inputs gave different bits";
    }
    const bool right = compared.numbers.wrong == 0;
    conclude(result, compared, right ? test_checker(call, outputs) : SelfTest{});
    if (result.outcome != Outcome::passed) break;
  }
  if (const std::string trespass = bench.trespass(); !trespass.empty()) {
    result.outcome = Outcome::failed;
    result.reason = result.reason.empty() ? trespass : trespass + "; " + result.reason;
  }
}

Measurement measured(const CaseResult& result, const Timing& timing, const Work& work) {
  return {.id = result.id,
          .provider = result.provider,
          .device = result.device,
          .median_seconds = timing.median_seconds,
          .interval_low_seconds = timing.low_seconds,
          .interval_high_seconds = timing.high_seconds,
          .samples = timing.samples,
          .work = work,
          .verified = result.outcome,
          .checked = result.numbers.checked,
          .wrong = result.numbers.wrong};
}

/// Clocks and power while the device works: calls are enqueued, and it is asked before they end.
std::optional<Sample> sample_under_load(const Place& place, const Launch& launch,
                                        const Device& device, int calls) {
  for (int i = 0; i < calls; ++i) launch(place.stream());
  std::optional<Sample> sample = gpu_sample(device);
  place.synchronize();
  if (sample) sample->under_load = true;
  return sample;
}

}  // namespace

CaseRun run_case(const Op& op, const Implementation& implementation, const Case& c,
                 const Place& place, const RunOptions& options) {
  CaseRun run{.result = blank(op, implementation, c, options.device)};
  attempt(run.result, {size_bytes(op.tensors(c)), options.device}, [&] {
    if (implementation.prepare == nullptr) throw NotRun("this build has no device code");
    Problems own;
    const auto problem = (options.problems != nullptr ? *options.problems : own).get(op, c);
    Bench bench(implementation, c, place, *problem);
    const int cc = options.device != nullptr ? options.device->cc : 0;
    verify(run, bench, {c, problem->tensors, problem->expected, implementation.provider, cc});
    if (!options.timed || run.result.outcome != Outcome::passed) return;
    const Timing timing = time_launch(place, bench.launch(), timing_budget_seconds);
    run.measurement = measured(run.result, timing, op.work(c));
    if (options.device == nullptr) return;
    const int calls = int(std::clamp(timing_budget_seconds / timing.median_seconds, 1.0, 1000.0));
    run.sample = sample_under_load(place, bench.launch(), *options.device, calls);
  });
  return run;
}

}  // namespace gpucheck
