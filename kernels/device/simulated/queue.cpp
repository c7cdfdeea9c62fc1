#include "kernels/device/simulated/queue.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>

#include "kernels/device/simulated/bit_flips.hpp"
#include "kernels/device/simulated/device_memory.hpp"
#include "kernels/device/simulated/function_attributes.hpp"
#include "kernels/device/simulated/runtime.hpp"

namespace gpucheck::simt {
namespace {

struct Work {
  int device;
  std::function<void()> run;
};

std::deque<Work>& queue() {
  static std::deque<Work> queue;
  return queue;
}

std::map<int, double>& clocks() {
  static std::map<int, double> clocks;
  return clocks;
}

std::string& misuse_text() {
  static std::string text;
  return text;
}

// Until the case's deadline, which is what a hanging GPU runs into too.
void hang() {
  for (;;) pause();
}

void run_kernel(const Grid& grid, const std::function<void()>& body) {
  if (sick(grid.device, Sickness::hang)) hang();
  if (sick(grid.device, Sickness::launch_failure)) {
    sticky_error() = cudaError_t(settings().simulation.code);
    return;
  }
  const KernelAccess access;
  const std::string wrong = run_grid(grid, body);
  if (sick(grid.device, Sickness::bit_flip)) flip_bits(grid.device, settings().simulation);
  if (wrong.empty()) return;
  misuse_text() = wrong;
  std::fprintf(stderr, "simulated GPU: %s\n", wrong.c_str());
  sticky_error() = cudaErrorLaunchFailure;
}

}  // namespace

namespace {

// Whether the code is one that the launch returns; the others are left behind by the kernel, for
// good. Of those that a kernel runs into, driver_types.h says that the process must be ended.
bool refuses_launch(int code) {
  return code < cudaErrorIllegalAddress || code == cudaErrorLaunchOutOfResources ||
         code == cudaErrorCooperativeLaunchTooLarge || code >= cudaErrorNotPermitted;
}

}  // namespace

cudaError_t launch_error(const Grid& grid) {
  const auto [x, y, z] = std::array{grid.threads.x, grid.threads.y, grid.threads.z};
  const auto [bx, by, bz] = std::array{grid.blocks.x, grid.blocks.y, grid.blocks.z};
  // CUDA C++ Programming Guide, table "Technical Specifications per Compute Capability".
  const bool threads = x >= 1 && y >= 1 && z >= 1 && x <= 1024 && y <= 1024 && z <= 64 &&
                       std::uint64_t{x} * y * z <= 1024;
  const bool blocks =
      bx >= 1 && by >= 1 && bz >= 1 && bx <= 0x7fffffffu && by <= 65535 && bz <= 65535;
  if (!threads || !blocks) return cudaErrorInvalidConfiguration;
  return grid.dynamic_bytes > max_dynamic_shared(grid.kernel) ? cudaErrorInvalidValue : cudaSuccess;
}

cudaError_t enqueue_grid(Grid grid, cudaStream_t, std::function<void()> body) {
  return call("cudaLaunchKernel", [&] {
    grid.device = current_device();
    const int code = settings().simulation.code;
    if (sick(grid.device, Sickness::launch_failure) && refuses_launch(code))
      return cudaError_t(code);
    const cudaError_t refused = launch_error(grid);
    if (refused == cudaSuccess) enqueue([grid, body = std::move(body)] { run_kernel(grid, body); });
    return refused;
  });
}

void enqueue(std::function<void()> work) { queue().push_back({current_device(), std::move(work)}); }

cudaError_t drain(std::size_t at_most) {
  for (; !queue().empty() && at_most > 0; --at_most) {
    const Work work = std::move(queue().front());
    queue().pop_front();
    if (sticky_error() != cudaSuccess) continue;
    const auto start = std::chrono::steady_clock::now();
    work.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    clocks()[work.device] +=
        took.count() * (sick(work.device, Sickness::slow_clock) ? settings().simulation.factor : 1);
  }
  return sticky_error();
}

bool queue_empty() { return queue().empty(); }

double device_seconds(int device) { return clocks()[device]; }

const std::string& last_misuse() { return misuse_text(); }

}  // namespace gpucheck::simt
