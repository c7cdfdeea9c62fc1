#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gpucheck/result.hpp"
#include "verify/worker/spawn.hpp"

namespace gpucheck {

/// A file to be written at the end of a run. That it can be is known at the beginning; what stands
/// there is replaced in one step, so that a reader never sees half of it. Pipes and devices
/// (/dev/stdout, /dev/null) are written directly.
class OutputFile {
 public:
  static Result<OutputFile> create(const std::string& path);
  /// Standard output; a reader that has gone away is no error there.
  static OutputFile standard_output();
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = default;
  ~OutputFile();

  /// Writes and puts it in its place; the error says why that was not possible.
  std::optional<Error> finish(std::string_view text);
  /// Something with a name in a directory: not a pipe, not a device.
  bool regular() const { return !beside_.empty(); }
  const std::string& path() const { return path_; }

 private:
  OutputFile(std::string path, std::string beside, Descriptor file);

  std::string path_;
  std::string beside_;  ///< Written to until it is complete; empty for pipes and devices.
  Descriptor file_;
};

/// FILE.jsonl beside a report: one line for each result while the run lasts, so that a killed run
/// leaves a valid prefix.
class RunningLog {
 public:
  static Result<RunningLog> create(const std::string& report_path);

  /// A full disk is not an error here: the report at the end says it.
  void append(std::string_view line);
  /// The report stands: the log is not needed any more.
  void remove();

 private:
  RunningLog(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  Descriptor file_;
};

/// All of it, or errno.
int write_all(int descriptor, std::string_view text);

}  // namespace gpucheck
