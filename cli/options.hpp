#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gpucheck {

/// What the user asked for cannot be done as written: one line, exit code 64.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line, as texts; parse_options() turns what has a meaning of its own into values.
struct Options {
  std::vector<std::string> arguments;  ///< All of them, for the report.

  std::vector<std::string>
      devices;  ///< Index, UUID, PCI address or cpu; empty: all GPUs and the CPU.
  std::string json, junit, prometheus;
  std::optional<double> timeout_seconds;
  std::string color = "auto";
  bool quiet = false, verbose = false, nagios = false;
  std::optional<int> no_gpu_exit;
  std::string simulate;

  std::vector<std::string> only, ops, dtypes, providers;
  std::uint64_t seed = 1;
  int repeat = 1;

  std::string from, save;
  std::vector<std::string> python, libraries;
  bool no_redact = false;
  std::vector<std::string> words;  ///< What `explain` is asked, or `list` is to show.

  /// Texts of the values above before they are checked.
  struct Raw {
    std::string devices, timeout, no_gpu_exit, seed, repeat, ops, dtypes, providers;
  } raw;
};

/// Options of every command that makes a report.
void add_common_options(CLI::App& app, Options& options);

/// Checks and converts the raw texts; throws UsageError naming the value and what is allowed.
void parse_options(Options& options);

/// The nearest of the allowed words, or empty where none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& allowed);

/// `; did you mean "verify"?`, or empty.
std::string suggestion(const std::string& word, const std::vector<std::string>& allowed);

/// Items of a list with commas.
std::vector<std::string> split(const std::string& text);

/// Throws UsageError unless it is healthy or a sickness with its value, with ",gpus=N" or without.
void require_sickness(const std::string& text);

}  // namespace gpucheck
