#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gpucheck/result.hpp"

namespace gpucheck {

/// What the simulated GPU 0 is sick with; further devices are healthy, so that a test can tell who
/// is blamed.
enum class Sickness {
  healthy,
  bit_flip,
  wrong_lane,
  wrong_sm,
  launch_failure,
  hang,
  out_of_memory,
  slow_clock
};

/// A sickness as `gpucheck list` and --help show it.
struct SicknessRow {
  Sickness sickness;
  std::string_view name;
  std::string_view value;  ///< What may follow "="; empty: nothing.
  std::string_view meaning;
};

std::span<const SicknessRow> sicknesses();

/// The argument of --simulate, and the value of GPUCHECK_SICKNESS: SICKNESS[=VALUE][,gpus=N].
struct Simulation {
  Sickness sickness = Sickness::healthy;
  double rate = 1e-4;                    ///< bit_flip: flips per byte in use, after each kernel.
  std::optional<std::uint64_t> address;  ///< bit_flip: the byte in use that flips instead.
  unsigned number = 0;                   ///< wrong_lane, wrong_sm.
  int code = 719;                        ///< launch_failure: a cudaError_t.
  double factor = 4;                     ///< slow_clock.
  unsigned gpus = 1;
};

/// One line that names the value and what is allowed, where `text` is not a simulation.
Result<Simulation> parse_simulation(std::string_view text);

}  // namespace gpucheck
