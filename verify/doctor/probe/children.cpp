#include "verify/doctor/probe/children.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "kernels/device/library_search.hpp"
#include "verify/doctor/probe/piece.hpp"

namespace gpucheck {
namespace {

constexpr double library_seconds = 5;

struct Ended {
  ChildResult result;
  bool cut = false;  ///< It had less time than its own deadline, and used it up.
};

/// Empty where no time is left.
std::optional<Ended> run_within(ChildOptions options, Clock::time_point until) {
  const double left = std::chrono::duration<double>(until - Clock::now()).count();
  if (left <= 0) return std::nullopt;
  // The first of those that share a time has a moment less than all of it.
  const bool short_of_time = left < 0.9 * options.deadline_seconds;
  options.deadline_seconds = std::min(options.deadline_seconds, left);
  Ended ended{.result = run_child(options)};
  ended.cut = short_of_time && ended.result.end.timed_out;
  return ended;
}

Snapshot gathered(const Ended& ended, std::string_view variant = "") {
  return gathered(ended.result, variant, ended.cut ? "not probed, since the time was over" : "");
}

Snapshot opened(const std::string& name, const ChildOptions& options, Clock::time_point until) {
  const auto ended = run_within(options, until);
  if (!ended) return {};
  Snapshot piece = gathered(*ended);
  if (!piece.libraries.empty() || ended->cut) return piece;
  const ChildEnd& end = ended->result.end;
  LibraryProbe probe{.name = name,
                     .opened = {},
                     .error = {},
                     .signal = end.signal,
                     .timed_out = end.timed_out,
                     .version = {},
                     .package = {},
                     .missing_symbols = {},
                     .candidates = {}};
  if (!probe.signal && !probe.timed_out) probe.error = name + ": " + end.text();
  piece.libraries.push_back(std::move(probe));
  return piece;
}

}  // namespace

Children::Children(const Root& root, const ProbeOptions& options) : until_(options.until) {
  if (!root.is_machine()) variables_.emplace_back("GPUCHECK_ROOT", root.directory());
  std::string directories = variable("GPUCHECK_LIBRARIES");
  for (const std::string& each : options.libraries)
    directories = each + (directories.empty() ? "" : ":") + directories;
  if (!directories.empty()) variables_.emplace_back("GPUCHECK_LIBRARIES", directories);
  // Tests of hanging libraries do not wait for half a minute.
  if (const std::string hook = variable("GPUCHECK_TEST_DEADLINE"); !hook.empty())
    longest_ = std::atof(hook.c_str());
}

Allowance Children::shared(double seconds) const {
  seconds = std::min(seconds, longest_);
  return {seconds, after(seconds)};
}

Job Children::job(std::vector<std::string> arguments, Allowance allowance, Variables more,
                  std::string variant) const {
  ChildOptions options{std::move(arguments), variables_, std::min(allowance.seconds, longest_)};
  std::ranges::move(more, std::back_inserter(options.environment));
  return [options = std::move(options), variant = std::move(variant),
          until = std::min(allowance.until, until_)] {
    const auto ended = run_within(options, until);
    return ended ? gathered(*ended, variant) : Snapshot();
  };
}

Job Children::library(const std::string& name) const {
  ChildOptions options{{"probe-library", name}, variables_, std::min(library_seconds, longest_)};
  return
      [options = std::move(options), name, until = until_] { return opened(name, options, until); };
}

void run_all(const std::vector<Job>& jobs, Snapshot& snapshot) {
  std::vector<Snapshot> pieces(jobs.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      threads.emplace_back([&, i] { pieces[i] = jobs[i](); });
  }
  for (Snapshot& piece : pieces) add(snapshot, std::move(piece));
}

}  // namespace gpucheck
