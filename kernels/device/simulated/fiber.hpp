#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace gpucheck::simt {

/// A flow of control with a stack of its own. One that is suspended goes on where it stopped.
struct Fiber {
  void* position = nullptr;  ///< Stack pointer while suspended (ucontext: the context).
  char* stack =
      nullptr;  ///< Lowest byte; null for the flow that main() runs in, until it is known.
  std::size_t stack_bytes = 0;
  void* fake_stack = nullptr;  ///< AddressSanitizer's.
};

/// Suspends `from`, which must be the running one, and lets `to` go on.
void switch_fiber(Fiber& from, Fiber& to);

/// The first act of a fiber that `from` has switched to.
void enter_fiber(Fiber& from);

/// Fibers with stacks in one region, each stack above a page that must not be touched.
class FiberPool {
 public:
  explicit FiberPool(std::size_t count);
  ~FiberPool();
  FiberPool(const FiberPool&) = delete;
  FiberPool& operator=(const FiberPool&) = delete;

  /// A fiber that will run `entry`, which must never return.
  Fiber& prepare(std::size_t number, void (*entry)());
  Fiber& operator[](std::size_t number) { return fibers_[number]; }
  bool owns(const void* address) const {
    return address >= region_ && address < region_ + region_bytes_;
  }

 private:
  char* region_ = nullptr;
  std::size_t region_bytes_ = 0;
  std::vector<Fiber> fibers_;
};

}  // namespace gpucheck::simt
