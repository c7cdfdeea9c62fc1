#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "verify/worker/running.hpp"
#include "verify/worker/spawn.hpp"

namespace gpucheck {

using Clock = std::chrono::steady_clock;

/// The time `seconds` from now.
Clock::time_point after(double seconds);

/// A running child, watched by the thread that started it. Its destructor kills it.
class Process {
 public:
  explicit Process(const ChildOptions& options, Input input = Input::none);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Writes one line to its stdin; false when it does not read any more.
  bool send(std::string_view line);
  /// Ends its stdin, which asks a worker to leave; it is not waited for.
  void close_input() { child_.input.close(); }
  /// The next record; empty when the child has ended and has no more, or at `until`.
  std::optional<std::string> next_record(Clock::time_point until);
  bool ended() const { return ended_; }
  /// Kills it because `deadline_seconds` are over.
  void expire(double deadline_seconds);
  /// Kills it for no fault of its own; nothing happens if it has ended.
  void stop();
  /// How it ended; valid once ended().
  const ChildEnd& end() const { return end_; }

 private:
  void read_records();
  void read_output();
  void keep(std::string line);
  bool exited() const;
  void watch(Clock::time_point until);
  void kill_and_reap();
  void reap();

  Spawned child_;
  std::unique_ptr<Running> entry_;
  Clock::time_point start_ = Clock::now();
  std::deque<std::string> records_;
  std::string partial_;
  std::size_t record_bytes_ = 0;
  bool ended_ = false;
  ChildEnd end_;
};

}  // namespace gpucheck
