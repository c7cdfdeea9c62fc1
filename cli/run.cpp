#include "cli/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>

#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/json.hpp"
#include "verify/report/text/findings.hpp"
#include "verify/report/text/screen.hpp"
#include "verify/worker/schedule.hpp"

namespace gpucheck {
namespace {

bool cpu_asked(const Options& o) {
  return o.devices.empty() || std::ranges::count(o.devices, "cpu") > 0;
}

bool gpu_asked(const Options& o) {
  return o.devices.empty() ||
         std::ranges::any_of(o.devices, [](const std::string& item) { return item != "cpu"; });
}

bool names(const std::string& item, const Device& device) {
  return item == std::to_string(device.index) || item == device.uuid ||
         (!device.pci.empty() && item == device.pci);
}

std::string known_devices(const std::vector<Device>& devices) {
  std::string list;
  for (const Device& d : devices) list += fmt::format("{} ({}), ", d.index, d.name);
  return list + "cpu";
}

/// The GPUs to use. Where there is none at all, the diagnosis of that is the answer, and not a
/// complaint about a number.
std::vector<int> chosen_gpus(const Options& o, const std::vector<Device>& devices) {
  std::vector<int> chosen;
  for (const Device& d : devices) {
    const bool asked =
        std::ranges::any_of(o.devices, [&](const std::string& item) { return names(item, d); });
    if (o.devices.empty() || asked) chosen.push_back(d.index);
  }
  for (const std::string& item : o.devices) {
    const bool known = item == "cpu" || std::ranges::any_of(devices, [&](const Device& d) {
                         return names(item, d);
                       });
    if (!known && !devices.empty()) {
      throw UsageError(fmt::format("--device: there is no device \"{}\" here; there are {}", item,
                                   known_devices(devices)));
    }
  }
  return chosen;
}

Selection selection_of(const Options& o) {
  return {.only = o.only,
          .ops = o.ops,
          .dtypes = o.dtypes,
          .providers = o.providers,
          .cpu = false,
          .devices = {},
          .seed = o.seed};
}

void append(Plan& plan, Plan&& more) {
  std::ranges::move(more.units, std::back_inserter(plan.units));
  std::ranges::move(more.not_applicable, std::back_inserter(plan.not_applicable));
}

class Runner {
 public:
  Runner(Session& session, Planner planner) : session_(session), planner_(planner) {}

  void run() {
    const Options& o = session_.options;
    Plan cpu_plan;
    if (cpu_asked(o)) {
      Selection selection = selection_of(o);
      selection.cpu = true;
      cpu_plan = planner_({}, selection);
    }
    // The probe mostly waits for the driver, so the CPU has time for its share of the work.
    auto cpu = std::async(std::launch::async, [&] { compute("cpu", cpu_plan, {}); });
    try {
      if (gpu_asked(o)) look();
    } catch (...) {
      interrupt_children();
      throw;
    }
    cpu.get();
    // Those alone: a workload on several GPUs is planned on all that are given.
    std::vector<Device> devices = cuda_devices(session_.report.snapshot);
    std::erase_if(devices,
                  [&](const Device& d) { return std::ranges::count(gpus_, d.index) == 0; });
    Selection selection = selection_of(o);
    selection.devices = gpus_;
    Plan gpu_plan;
    if (!gpus_.empty()) gpu_plan = planner_(devices, selection);
    compute("gpu", runnable(gpu_plan), devices);
    append(cpu_plan, std::move(gpu_plan));
    judge(cpu_plan);
    session_.phase("total", session_.seconds());
  }

 private:
  bool over() const { return interrupted() || Clock::now() >= session_.until(); }

  void look() {
    const auto start = Clock::now();
    Report& report = session_.report;
    report.snapshot = probe({.root = "",
                             .python = session_.options.python,
                             .libraries = session_.options.libraries,
                             .until = session_.until()});
    report.findings = diagnose(report.snapshot);
    session_.phase("probe", std::chrono::duration<double>(Clock::now() - start).count());
    session_.note("snapshot", json_text(snapshot_json(report.snapshot)));
    session_.note("findings", json_text(report.findings));
    session_.print(machine_screen(report, session_.screen.style));
    gpus_ = chosen_gpus(session_.options, cuda_devices(report.snapshot));
  }

  /// Without the units of GPUs that can run nothing: those are not run, for the reason that the
  /// doctor has found.
  Plan runnable(const Plan& plan) {
    const Report& report = session_.report;
    Plan some;
    for (const Unit& unit : plan.units) {
      const Finding* why = nullptr;
      for (const int gpu : unit.gpus())
        if (why == nullptr) why = what_stops(report.snapshot, report.findings, gpu);
      if (why == nullptr) some.units.push_back(unit);
      for (const std::string& id : unit.cases)
        if (why != nullptr)
          session_.add(result_without_numbers(unit, id, Outcome::not_run, why->title,
                                              session_.options.seed));
    }
    return some;
  }

  void compute(const char* phase, const Plan& plan, const std::vector<Device>& devices) {
    if (plan.units.empty()) return;
    const auto start = Clock::now();
    std::size_t done = 0;
    const ScheduleOptions options = {
        .devices = devices,
        .seed = session_.options.seed,
        .until = session_.until(),
        .starting = [&](const Unit& unit) {
          session_.progress(fmt::format(
              "{} of {}  {}", ++done,
              plan.units.size() * static_cast<std::size_t>(session_.options.repeat), unit.id));
        }};
    const Sink sink = {.result = [&](const CaseResult& r) { session_.add(r); },
                       .measurement = [&](const Measurement& m) { session_.add(m); },
                       .sample = [&](const Sample& sample) { samples_.push_back(sample); }};
    for (int i = 0; i < session_.options.repeat && (i == 0 || !over()); ++i)
      run_units(plan.units, options, sink);
    session_.phase(phase, std::chrono::duration<double>(Clock::now() - start).count());
  }

  void judge(const Plan& plan) {
    Report& report = session_.report;
    if (!samples_.empty()) {
      // Clocks under load can tell of a fault that no number shows.
      std::ranges::move(samples_, std::back_inserter(report.snapshot.samples));
      tell_new_findings(diagnose(report.snapshot));
    }
    report.verdict = verdict({plan, report.cases, report.findings, gpu_asked(session_.options)});
    if (interrupted()) {
      report.verdict.exit_code = 130;
      if (report.verdict.status == Status::passed) report.verdict.status = Status::not_verified;
    }
  }

  void tell_new_findings(std::vector<Finding> findings) {
    std::vector<Finding> fresh;
    const auto known = [&](const Finding& f) {
      return std::ranges::any_of(session_.report.findings, [&](const Finding& old) {
        return old.id == f.id && old.device == f.device;
      });
    };
    std::ranges::copy_if(findings, std::back_inserter(fresh), std::not_fn(known));
    const std::string text = findings_text(fresh, Severity::warning, session_.screen.style);
    if (!text.empty()) session_.print(text + "\n");
    session_.report.findings = std::move(findings);
  }

  Session& session_;
  Planner planner_;
  std::vector<int> gpus_;
  std::vector<Sample> samples_;  ///< Of GPUs only, so only while the probe is long over.
};

}  // namespace

void run(Session& session, Planner planner) { Runner(session, planner).run(); }

}  // namespace gpucheck
