#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gpucheck {

/// A unit of work that runs in a child: `gpucheck --worker NAME ARGUMENTS`.
struct Task {
  std::string_view name;
  int (*run)(std::span<const std::string> arguments);
};

/// The doctor's probes; the rows that run cases are case_tasks().
std::span<const Task> probe_tasks();
std::span<const Task> case_tasks();

/// Runs the task and returns its exit code where argv is `gpucheck --worker NAME ARGUMENTS`; empty
/// where it is not. A program that starts children calls this first in main; `extra` are rows of
/// its own.
std::optional<int> run_task(int argc, char** argv, std::span<const Task> extra = {});

}  // namespace gpucheck
