#include "kernels/threads.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace gpucheck {

int processors() { return int(std::clamp(std::thread::hardware_concurrency(), 1u, 64u)); }

void run_on_threads(int count, const std::function<void()>& work) {
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto guarded = [&] {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  try {
    while (int(others.size()) + 1 < count) others.emplace_back(guarded);
  } catch (const std::system_error&) {
    // A limit on processes: those that started, and this one, do the work.
  }
  guarded();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace gpucheck
