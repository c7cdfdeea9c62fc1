#pragma once

#include <span>

#include "cli/options.hpp"

namespace gpucheck {

/// A subcommand: its options and what it does; the exit code is returned.
struct Command {
  const char* name;
  const char* summary;
  const char* examples;
  bool simulates;  ///< --simulate runs it on the simulated GPU.
  void (*add_options)(CLI::App& app, Options& options);
  int (*run)(const Options& options);
};

int check(const Options& options);

// One file each, named after the command.
extern const Command doctor_command, explain_command, list_command, verify_command;

}  // namespace gpucheck
