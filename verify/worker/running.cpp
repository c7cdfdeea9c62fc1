#include "verify/worker/running.hpp"

#include <signal.h>

#include <array>
#include <atomic>

#include "verify/worker/child.hpp"

namespace gpucheck {
namespace {

// A signal handler may use lock-free atomics and nothing more, hence no vector and no mutex.
std::array<std::atomic<pid_t>, 256> children;
std::atomic<bool> stop = false;
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

}  // namespace

Running::Running(pid_t child) noexcept : slot_(-1) {
  for (std::size_t i = 0; i < children.size() && slot_ < 0; ++i) {
    pid_t empty = 0;
    if (children[i].compare_exchange_strong(empty, child)) slot_ = static_cast<int>(i);
  }
  if (stop) kill(-child, SIGKILL);
}

Running::~Running() {
  if (slot_ >= 0) children[slot_] = 0;
}

void interrupt_children() noexcept {
  stop = true;
  for (const auto& entry : children) {
    if (const pid_t child = entry; child > 0) kill(-child, SIGKILL);
  }
}

bool interrupted() noexcept { return stop; }

}  // namespace gpucheck
