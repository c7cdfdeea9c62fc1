#pragma once

#include <functional>

namespace gpucheck {

/// Number of threads that references use: one per processor.
int processors();

/// Runs `work` on `count` threads at once, the caller's among them, and waits for all. `work` takes
/// its share from a counter of its own; where no more threads can be had, fewer do it all. Rethrows
/// the first exception.
void run_on_threads(int count, const std::function<void()>& work);

}  // namespace gpucheck
