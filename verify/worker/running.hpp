#pragma once

#include <sys/types.h>

namespace gpucheck {

/// Enters a child into the list that interrupt_children() walks, until the object dies. A child
/// that is entered after the interrupt is killed at once.
class Running {
 public:
  explicit Running(pid_t child) noexcept;
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  int slot_;
};

}  // namespace gpucheck
