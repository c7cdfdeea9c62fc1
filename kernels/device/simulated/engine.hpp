#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <source_location>
#include <string>

#include "kernels/device/simulation.hpp"

/// Where the running thread is. Written by the engine only.
extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
inline constexpr int warpSize = 32;

namespace gpucheck::simt {

/// A place in a kernel's source, as the reports name it.
using Where = std::source_location;

/// In which order threads (of a block) and blocks get their turn. A right kernel does not care.
enum class Order { forward, reverse, random };

/// The machine that kernels run on.
struct Settings {
  Order order = Order::forward;
  std::uint64_t seed = 1;        ///< Of the random order.
  unsigned multiprocessors = 4;  ///< Block b runs on multiprocessor b % multiprocessors.
  Simulation simulation;         ///< GPUs, and the sickness of the first.
  /// A thread that computes longer between two barriers waits for what never comes.
  double patience_seconds = 20;
};

/// At first as GPUCHECK_SICKNESS and GPUCHECK_TEST_ORDER (forward, reverse or random[:SEED]) say.
Settings& settings();

/// Why what the environment asks for cannot be simulated; "" where it can.
const std::string& settings_error();

/// Whether `device` suffers from that sickness.
bool sick(int device, Sickness sickness);

struct Grid {
  int device = 0;
  dim3 blocks, threads;
  std::size_t dynamic_bytes = 0;
  const void* kernel = nullptr;  ///< Key of its attributes; null: defaults.
};

/// cudaSuccess, or why no GPU would start this grid.
cudaError_t launch_error(const Grid& grid);

/// Runs all threads of all blocks, `body` once for each. Returns "" or the misuse that ended it:
/// what was done wrong, by which thread, and where in the source.
std::string run_grid(const Grid& grid, const std::function<void()>& body);

/// Ends the running grid with `what` as its misuse, said of the calling thread, which is unwound.
/// Threads that wait are not: objects in kernels must need no destructor.
[[noreturn]] void misuse(const std::string& what);

unsigned multiprocessor();

/// "__syncthreads at kernels/x.cu:12:5".
std::string text(const char* what, const Where& at);

}  // namespace gpucheck::simt
