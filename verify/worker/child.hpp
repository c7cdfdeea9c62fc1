#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gpucheck {

/// How to start `gpucheck --worker <arguments>`.
struct ChildOptions {
  std::vector<std::string> arguments;
  /// Variables to set, or to remove where the value is empty; the rest of the environment is
  /// inherited.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment;
  double deadline_seconds = 30;
};

/// How a child ended and what it had said by then.
struct ChildEnd {
  std::optional<int> exit_code;
  std::optional<int> signal;
  bool timed_out = false;  ///< Killed at its deadline.
  bool unkillable =
      false;  ///< Outlived SIGKILL by a second (uninterruptible sleep) and was left behind.
  bool interrupted = false;  ///< Killed because the run was interrupted.
  std::string
      problem;      ///< Why it could not be started, or was killed for flooding us; usually empty.
  int garbage = 0;  ///< Lines on the record descriptor that were no JSON objects; they are dropped.
  double deadline_seconds = 0;
  double seconds = 0;
  std::string output;  ///< Tail of what it and its libraries printed to stdout and stderr.

  /// It ran to its end and said so with exit code 0.
  bool ok() const;
  /// "killed by SIGSEGV", "exceeded its deadline of 30 s", "exited with code 1": for reasons and
  /// evidence.
  std::string text() const;
};

struct ChildResult {
  ChildEnd end;
  std::vector<std::string> records;  ///< Whole JSON objects, in order; a torn last line is dropped.
};

/// Runs one child to its end, collecting its records. Safe to call from several threads at once.
ChildResult run_child(const ChildOptions& options);

/// In the child: writes one JSON line to the record descriptor.
void write_record(std::string_view json);

/// In the parent, from a signal handler: every running child is killed and run_child returns
/// `interrupted`.
void interrupt_children() noexcept;

/// Whether interrupt_children() was called; nothing is started any more.
bool interrupted() noexcept;

}  // namespace gpucheck
