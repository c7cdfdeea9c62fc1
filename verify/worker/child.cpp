#include "verify/worker/child.hpp"

#include <fmt/format.h>
#include <string.h>

#include "verify/worker/process.hpp"

namespace gpucheck {

bool ChildEnd::ok() const {
  return exit_code == 0 && problem.empty() && !timed_out && !interrupted;
}

std::string ChildEnd::text() const {
  std::string text;
  if (interrupted) {
    text = "interrupted";
  } else if (!problem.empty()) {
    text = problem;
  } else if (timed_out) {
    text = fmt::format("exceeded its deadline of {:g} s", deadline_seconds);
  } else if (signal) {
    const char* name = sigabbrev_np(*signal);
    text = name != nullptr ? fmt::format("killed by SIG{}", name)
                           : fmt::format("killed by signal {}", *signal);
  } else if (exit_code) {
    text = fmt::format("exited with code {}", *exit_code);
  } else {
    text = "ended unseen";
  }
  if (unkillable)
    text += " and could not be killed (it is in an uninterruptible sleep, and was left behind)";
  if (garbage > 0)
    text += fmt::format(", after {} unreadable record{}", garbage, garbage == 1 ? "" : "s");
  return text;
}

ChildResult run_child(const ChildOptions& options) {
  ChildResult result;
  Process process(options);
  const auto deadline = after(options.deadline_seconds);
  while (auto record = process.next_record(deadline)) result.records.push_back(std::move(*record));
  process.expire(options.deadline_seconds);
  // What it said between the last look and its end.
  while (auto record = process.next_record(deadline)) result.records.push_back(std::move(*record));
  result.end = process.end();
  return result;
}

}  // namespace gpucheck
