#pragma once

#include <cstddef>
#include <string>

namespace gpucheck::simt {

/// Whether kernels of this build call note_access.
#if defined(GPUCHECK_RACE)
inline constexpr bool race_hooks = true;
#else
inline constexpr bool race_hooks = false;
#endif

enum class Access { read, write, atomic };

/// One memory access of the running thread, from the hooks that -fsanitize=thread puts into
/// kernels. Ends the grid when it conflicts with an earlier one that no barrier (or, within a warp,
/// no collective) separates from it.
///
/// Shuffles and votes count as warp barriers, which hardware does not promise for memory. Order
/// that atomics and
/// __threadfence would give between blocks is not known here: such a kernel would be reported.
void note_access(const void* address, std::size_t bytes, Access access, const void* caller);

/// Before a grid: what earlier grids accessed is ordered.
void begin_race_check();

/// A shared array that a block has just been given; its earlier accesses were another array's.
void forget_accesses(const void* begin, std::size_t bytes);

}  // namespace gpucheck::simt
