#include "verify/worker/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/json.hpp"

namespace gpucheck {
namespace {

constexpr double start_seconds =
    30;  // cuInit alone takes 6.5 s without persistence mode; see design of deadlines.
constexpr double others_ready_seconds = 10;
constexpr int hangs_in_a_row = 2;

/// The units of one worker process, and that process.
struct Group {
  std::vector<const Unit*> units;
  std::unique_ptr<Process> process;
  bool ready = false;
  int failed_starts = 0;
  int hangs = 0;
  std::string given_up;  ///< Why its other units are not tried.
};

std::string last_line(const std::string& output) {
  const std::size_t end = output.find_last_not_of(" \n\r\t");
  if (end == std::string::npos) return "";
  const std::size_t begin = output.find_last_of('\n', end);
  return output.substr(begin == std::string::npos ? 0 : begin + 1,
                       std::min<std::size_t>(end - begin, 300));
}

std::string reason_of(const ChildEnd& end) {
  const std::string said = last_line(end.output);
  return (end.problem.empty() ? "its worker was lost: " : "its worker ") + end.text() +
         (said.empty() ? "" : " (its last words: " + said + ")");
}

// A hang in a test ought not to take as long as one on a busy machine.
double deadline_of(const Unit& unit) {
  const char* hook = std::getenv("GPUCHECK_TEST_DEADLINE");
  const double seconds = hook == nullptr ? 0 : std::strtod(hook, nullptr);
  return seconds > 0 ? seconds : unit.deadline_seconds;
}

class Schedule {
 public:
  Schedule(const ScheduleOptions& options, const Sink& sink) : options_(options), sink_(sink) {}

  void add(const Unit& unit) {
    const auto found = std::ranges::find(groups_, unit.group,
                                         [](const Group& g) { return g.units.front()->group; });
    Group& group = found == groups_.end() ? groups_.emplace_back() : *found;
    group.units.push_back(&unit);
  }

  void run() {
    for (Group& group : groups_) {
      if (!exclusive(group)) start(group);
    }
    for (Group& group : groups_) {
      for (const Unit* unit : group.units) run_unit_of(group, *unit);
      if (group.process) group.process->close_input();
      if (exclusive(group)) group.process.reset();
    }
  }

 private:
  // A GPU in exclusive mode takes one context at a time.
  bool exclusive(const Group& group) const {
    const auto device = std::ranges::find_if(
        options_.devices, [&](const Device& d) { return d.index == group.units.front()->device; });
    return device != options_.devices.end() && device->compute_mode == "exclusive_process";
  }

  void start(Group& group) {
    group.ready = false;
    group.process =
        std::make_unique<Process>(ChildOptions{.arguments = {options_.task}}, Input::lines);
    const WorkerSetup setup = {options_.devices, options_.seed, group.units.front()->device};
    group.process->send(json_text(setup_json(setup)));
  }

  void wait_until_ready(Group& group, Clock::time_point until) {
    while (group.process && !group.ready) {
      const auto record = group.process->next_record(until);
      if (!record) return;
      group.ready = parse_json(*record)->contains("ready");
    }
  }

  // Another worker that opens its libraries would disturb the clock.
  void quiet() {
    const auto until = std::min(after(others_ready_seconds), options_.until);
    for (Group& group : groups_) wait_until_ready(group, until);
  }

  std::string stopped() const {
    if (interrupted()) return "interrupted before it was done";
    if (Clock::now() >= options_.until)
      return "the time limit of the run (--timeout) was reached before it was done";
    return "";
  }

  void run_unit_of(Group& group, const Unit& unit) {
    if (options_.starting) options_.starting(unit);
    std::set<std::string> missing(unit.cases.begin(), unit.cases.end());
    std::string problem = stopped();
    if (problem.empty()) problem = group.given_up;
    Outcome outcome = Outcome::not_run;
    if (problem.empty()) {
      problem = attempt(group, unit, missing);
      const std::string why = stopped();
      outcome = why.empty() ? Outcome::error : Outcome::not_run;
      if (!why.empty()) problem = why;
    }
    // Every result was in, and then it crashed: whoever wrote out of bounds is in this unit, so it
    // does not pass.
    if (outcome == Outcome::error && missing.empty() && lost_) missing.insert(unit.cases.back());
    for (const std::string& id : unit.cases) {
      if (missing.contains(id))
        sink_.result(result_without_numbers(unit, id, outcome, problem, options_.seed));
    }
  }

  /// Runs the unit; what is left of `missing` has no result, because of what is returned.
  std::string attempt(Group& group, const Unit& unit, std::set<std::string>& missing) {
    lost_ = false;
    if (!group.process || group.process->ended()) start(group);
    wait_until_ready(group, std::min(after(start_seconds), options_.until));
    if (!group.ready)
      return lost(group, start_seconds, ++group.failed_starts, "its worker cannot be started");
    group.failed_starts = 0;
    if (unit.timed) quiet();

    const double seconds = deadline_of(unit);
    const auto until = std::min(after(seconds), options_.until);
    group.process->send(json_text(unit_json(unit)));
    bool restart = false;
    std::string unreadable;
    while (auto record = group.process->next_record(until)) {
      try {
        const Json json = Json::parse(*record);
        if (json.contains("done")) {
          group.hangs = 0;
          // An error of a device can be sticky: it would spoil every case that follows in the same
          // process.
          if (restart) group.process.reset();
          return "its worker ended the unit without a result for it" + unreadable;
        }
        restart = take(json, unit, missing) || restart;
      } catch (const std::exception& error) {
        unreadable = fmt::format(" (a record of it was unreadable: {})", error.what());
      }
    }
    const bool hung = !group.process->ended();
    return lost(group, seconds, hung ? ++group.hangs : 0, "its worker hung") + unreadable;
  }

  /// Passes a record on; true where its case met an error on a device.
  bool take(const Json& json, const Unit& unit, std::set<std::string>& missing) {
    if (const auto found = json.find("measurement"); found != json.end()) {
      sink_.measurement(found->get<Measurement>());
      return false;
    }
    if (const auto found = json.find("snapshot"); found != json.end()) {
      for (const Sample& sample : snapshot_from_json(*found).samples) {
        if (sink_.sample) sink_.sample(sample);
      }
      return false;
    }
    const auto result = json.at("case").get<CaseResult>();
    missing.erase(result.id);
    sink_.result(result);
    return result.outcome == Outcome::error && unit.device;
  }

  std::string lost(Group& group, double seconds, int times, std::string_view what) {
    lost_ = true;
    if (!stopped().empty()) {
      group.process->stop();
    } else {
      group.process->expire(seconds);
    }
    std::string reason = reason_of(group.process->end());
    group.process.reset();
    if (times >= hangs_in_a_row)
      group.given_up = fmt::format("not tried: {} {} times in a row", what, times);
    return reason;
  }

  const ScheduleOptions& options_;
  const Sink& sink_;
  std::vector<Group> groups_;
  bool lost_ = false;  ///< The last unit took its worker with it.
};

}  // namespace

void run_units(const std::vector<Unit>& units, const ScheduleOptions& options, const Sink& sink) {
  Schedule schedule(options, sink);
  for (const Unit& unit : units) schedule.add(unit);
  schedule.run();
}

}  // namespace gpucheck
