#pragma once

#include <chrono>
#include <mutex>

#include "cli/options.hpp"
#include "verify/report/output_file.hpp"
#include "verify/report/text/style.hpp"
#include "verify/report/verdict.hpp"
#include "verify/worker/process.hpp"

namespace gpucheck {

/// Text to a terminal, a file or a pipe; a reader that has gone away is no error, a full disk is.
class Screen {
 public:
  Screen(int descriptor, const std::string& color);
  void print(std::string_view text);
  bool failed() const { return failed_; }
  Style style;

 private:
  int descriptor_;
  bool failed_ = false;
};

/// One run: what it is to write and where, what it has found so far, and how it ends.
class Session {
 public:
  /// Opens all output files, so that a path that cannot be written is known before any work.
  explicit Session(const Options& options);

  /// A block of the screen as soon as it is known; nothing with --quiet and --nagios.
  void print(std::string_view text);
  /// Adds a record to the report and to the file beside it. Safe from several threads.
  void add(const CaseResult& result);
  void add(const Measurement& measurement);
  void note(std::string_view key, const std::string& json);
  /// The one line of progress, on a terminal only.
  void progress(std::string_view text);
  void phase(std::string name, double seconds);

  /// An output file; throws UsageError where it cannot be written.
  OutputFile create(const std::string& path, const char* option) const;
  /// A failure is said on standard error, and the exit code becomes 70.
  void write(OutputFile& file, std::string_view text);

  Clock::time_point until() const { return until_; }
  double seconds() const;

  /// Prints the last line, writes all files and returns the exit code.
  int finish(const std::string& verdict);

  const Options& options;
  Report report;
  Screen screen;

 private:
  int exit_code() const;

  Clock::time_point start_ = Clock::now();
  Clock::time_point until_;
  std::optional<OutputFile> json_, junit_, prometheus_;
  std::optional<RunningLog> log_;
  std::mutex mutex_;
  bool progress_shown_ = false;
  bool write_failed_ = false;
};

/// "gpucheck: <text>" on standard error, in one line.
void complain(std::string_view text);

}  // namespace gpucheck
