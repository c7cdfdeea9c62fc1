#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <vector>

#include "verify/worker/spawn.hpp"
#include "verify/worker/task.hpp"

namespace gpucheck {
namespace {

const Task* find_task(std::string_view name, std::span<const Task> extra) {
  for (const std::span<const Task> rows : {extra, probe_tasks(), case_tasks()}) {
    const auto found = std::ranges::find(rows, name, &Task::name);
    if (found != rows.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

std::optional<int> run_task(int argc, char** argv, std::span<const Task> extra) {
  if (argc < 3 || std::string_view(argv[1]) != "--worker") return std::nullopt;
  // Started by hand, to see what a task says: its records go to the screen.
  if (fcntl(record_descriptor, F_GETFD) < 0) dup2(STDOUT_FILENO, record_descriptor);
  const Task* task = find_task(argv[2], extra);
  if (task == nullptr) {
    std::fprintf(stderr, "gpucheck --worker: no task is called \"%s\"\n", argv[2]);
    return 64;
  }
  try {
    return task->run(std::vector<std::string>(argv + 3, argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 70;
  }
}

}  // namespace gpucheck
