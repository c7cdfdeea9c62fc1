#pragma once

#include <functional>

#include "kernels/device/simulated/engine.hpp"

struct CUstream_st {
  int device;
};

/// The simulated GPU's clock when the event was reached.
struct CUevent_st {
  bool recorded = false;
  bool pending = false;
  double seconds = 0;
};

namespace gpucheck::simt {

// Work in issue order. It runs only when the host waits for it, so that a host that forgets to wait
// sees old data.

/// Enqueues a kernel, on the current device; the status is that of the launch.
cudaError_t enqueue_grid(Grid grid, cudaStream_t stream, std::function<void()> body);

/// Enqueues host work that stands for something the device does, and returns at once.
void enqueue(std::function<void()> work);

/// Runs what is enqueued, up to `at_most` pieces, and returns the error it left, if any.
cudaError_t drain(std::size_t at_most = ~std::size_t{0});

bool queue_empty();

/// Clock of the device: the time its work took on this machine, longer with a slow clock.
double device_seconds(int device);

/// The misuse that a kernel was last ended for; "" where there was none.
const std::string& last_misuse();

}  // namespace gpucheck::simt
