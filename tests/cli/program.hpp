#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gpucheck {

/// What a program printed and how it ended.
struct Ran {
  int code = -1;  ///< Exit code, or 128 + signal as a shell says it.
  std::string out, err;
  double seconds = 0;
};

/// How to run a program of bin/.
struct Call {
  std::vector<std::string> arguments;
  std::string program = "gpucheck";
  std::vector<std::pair<std::string, std::string>> environment;
  bool empty_environment = false;
  std::string out_to;          ///< A path for stdout instead of a pipe: /dev/full.
  bool close_out = false;      ///< The reader of stdout goes away at once.
  double interrupt_after = 0;  ///< Seconds until SIGINT; 0: never.
  int interrupt_signal = 2;
};

/// Runs it to its end; killed after GPUCHECK_TEST_SECONDS, which no test expects.
Ran run_program(const Call& call);

/// Whether gpucheck-simulated stands beside gpucheck: a build without the CUDA headers has none.
bool has_simulator();

/// Lines of a text.
std::vector<std::string> lines_of(const std::string& text);

/// A file of this test that does not exist yet, in a directory of its own.
std::string fresh_path(const std::string& name);

std::string file_text(const std::string& path);

}  // namespace gpucheck
