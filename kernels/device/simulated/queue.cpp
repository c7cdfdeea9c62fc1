#include "kernels/device/simulated/queue.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>

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

void run_kernel(const Grid& grid, const std::function<void()>& body) {
  const KernelAccess access;
  const std::string wrong = run_grid(grid, body);
  if (wrong.empty()) return;
  misuse_text() = wrong;
  std::fprintf(stderr, "simulated GPU: %s\n", wrong.c_str());
  sticky_error() = cudaErrorLaunchFailure;
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

cudaError_t enqueue_grid(const Grid& grid, cudaStream_t, std::function<void()> body) {
  return call("cudaLaunchKernel", [&] {
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
    clocks()[work.device] +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return sticky_error();
}

bool queue_empty() { return queue().empty(); }

double device_seconds(int device) { return clocks()[device]; }

const std::string& last_misuse() { return misuse_text(); }

}  // namespace gpucheck::simt
