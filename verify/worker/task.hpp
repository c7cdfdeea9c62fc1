#pragma once

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

}  // namespace gpucheck
