#pragma once

#include <ctime>

namespace gpucheck::simt {

/// While it lives, ends the running grid as misuse when one thread computes for
/// settings().patience_seconds without reaching a barrier, a collective or its end: it waits for
/// another thread, which does not run meanwhile.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  timer_t timer_{};
  bool armed_ = false;
};

}  // namespace gpucheck::simt
