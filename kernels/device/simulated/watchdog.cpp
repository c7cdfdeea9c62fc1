#include "kernels/device/simulated/watchdog.hpp"

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <csignal>

#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/symbolize.hpp"

#ifndef sigev_notify_thread_id  // glibc names the field from 2.41 on.
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace gpucheck::simt {
namespace {

constexpr int ticks = 4;  // In which nothing may have moved.

struct {
  std::uint64_t slices;
  int without_progress;
} seen;

int signal_number() { return SIGRTMIN + 5; }

void* interrupted_at([[maybe_unused]] void* context) {
#if defined(__x86_64__)
  return reinterpret_cast<void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#else
  return nullptr;
#endif
}

void report(const void* place) {
  record_misuse(
      "has computed for " + std::to_string(settings().patience_seconds) + " s at " +
      source_of(place) +
      ": it waits for another thread, but blocks run one after another and threads in turns");
}

// On the stack of the thread that spins: a loop in the kernel's own code, so that leaving it for
// good is safe. It cannot be unwound from here.
void on_tick(int, siginfo_t*, void* context) {
  const Block& b = block();
  if (!b.running || b.slices != seen.slices) {
    seen = {b.slices, 0};
    return;
  }
  if (++seen.without_progress < ticks) return;
  report(interrupted_at(context));
  give_way();
}

}  // namespace

Watchdog::Watchdog() {
  seen = {block().slices, 0};
  struct sigaction action {};
  action.sa_sigaction = on_tick;
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
  sigaction(signal_number(), &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal_number();
  event.sigev_notify_thread_id = pid_t(syscall(SYS_gettid));
  // Time this thread computes, so that a machine under load raises no alarm.
  armed_ = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) == 0;
  if (!armed_) return;
  const long nanoseconds = long(settings().patience_seconds * 1e9 / ticks);
  const timespec period{nanoseconds / 1000000000, nanoseconds % 1000000000};
  const itimerspec schedule{period, period};
  timer_settime(timer_, 0, &schedule, nullptr);
}

Watchdog::~Watchdog() {
  if (armed_) timer_delete(timer_);
}

}  // namespace gpucheck::simt
