#pragma once

#include <cstddef>
#include <string_view>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Where an implementation runs: memory, stream and clock of the host or of a GPU, as a table of
/// functions. Every function throws on failure (require.hpp).
struct Place {
  std::string_view name;  ///< "cpu" or "gpu".
  void* (*allocate)(std::size_t bytes);
  void (*release)(void*);  ///< Never throws.
  void (*copy_in)(void* destination, const void* host_source, std::size_t bytes);
  void (*copy_out)(void* host_destination, const void* source, std::size_t bytes);
  void (*fill)(void* destination, int byte, std::size_t bytes);
  CUstream_st* (*stream)();  ///< The stream all work of this place is enqueued on; null on the CPU.
  void (*synchronize)();     ///< Waits for it and reports what it left behind.
  /// Seconds per call of `launch`, from `repeats` calls between one pair of time stamps.
  double (*seconds)(const Launch& launch, int repeats);
  /// From here on nothing but these functions may touch the bytes; AddressSanitizer reports who
  /// does, also in a kernel on the simulated GPU. Nothing elsewhere. `permit` ends it and must come
  /// before `release`.
  void (*forbid)(void* begin, std::size_t bytes);
  void (*permit)(void* begin, std::size_t bytes);
};

/// The host.
const Place& cpu_place();

/// Makes GPU `index` current in this process and returns its place; null in a build without device
/// code.
const Place* gpu_place(int index);

}  // namespace gpucheck
