#pragma once

#include <string>

namespace gpucheck {

/// A bug as people write them, each in a kernel of its own.
enum class Planted {
  no_barrier_after_load,
  no_barrier_before_next_tile,
  no_barrier_in_tree,
  no_warp_barrier,
  plain_add_from_many_blocks,
  dynamic_shared_off_by_one,
  shared_row_overrun,
  tail_overrun,
  shuffle_loop_stops_early,
};

enum class Version { healthy, buggy };

/// What one run of a planted kernel came to.
struct PlantedRun {
  std::string report;  ///< Misuse, "" if none.
  bool right = false;  ///< Whether the results were.
};

/// Runs the kernel on memory of the host of exactly its size.
PlantedRun run_planted(Planted bug, Version version);

/// Line in planted_kernels.cpp of the bug's first access, and of the one it conflicts with (0:
/// none).
struct PlantedLines {
  unsigned first;
  unsigned second;
};
PlantedLines lines(Planted bug);

/// Copies 128 floats with 32 consecutive lanes `stride` elements apart, through device memory.
std::string run_strided_copy(int stride);

/// Lane l reads element [l][0] of a shared tile whose rows have 32 or (padded) 33 elements.
std::string run_column_read(bool padded);

}  // namespace gpucheck
