#include "kernels/device/simulated/fiber.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

#include "kernels/device/sanitizer.hpp"

// swapcontext makes a system call each time, which is five times slower end to end; it serves where
// this assembly does not run. GPUCHECK_UCONTEXT chooses it on x86-64 too.
#if defined(__x86_64__) && !defined(GPUCHECK_UCONTEXT)
#define GPUCHECK_OWN_SWITCH 1
#else
#include <ucontext.h>
#endif

namespace gpucheck::simt {

#if defined(GPUCHECK_OWN_SWITCH)

extern "C" void gpucheck_switch_stack(void** save, void* load);

// System V: only rbx, rbp and r12..r15 survive a call, so only these are saved.
asm(R"(
.text
.type gpucheck_switch_stack, @function
gpucheck_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size gpucheck_switch_stack, . - gpucheck_switch_stack
)");

namespace {

void jump(Fiber& from, Fiber& to) { gpucheck_switch_stack(&from.position, to.position); }

void enter_at(Fiber& fiber, void (*entry)()) {
  // Return address of `entry` (none), `entry` for the first `ret`, six registers; rsp is 8 mod 16
  // in `entry`.
  void** top = reinterpret_cast<void**>(fiber.stack + fiber.stack_bytes) - 8;
  for (int i = 0; i < 6; ++i) top[i] = nullptr;
  top[6] = reinterpret_cast<void*>(entry);
  top[7] = nullptr;
  fiber.position = top;
}

void forget_position(Fiber&) {}

}  // namespace

#else

namespace {

ucontext_t* context(Fiber& fiber) {
  if (!fiber.position) fiber.position = new ucontext_t;
  return static_cast<ucontext_t*>(fiber.position);
}

void jump(Fiber& from, Fiber& to) { swapcontext(context(from), context(to)); }

void enter_at(Fiber& fiber, void (*entry)()) {
  ucontext_t* into = context(fiber);
  getcontext(into);
  into->uc_stack = {.ss_sp = fiber.stack, .ss_flags = 0, .ss_size = fiber.stack_bytes};
  into->uc_link = nullptr;
  makecontext(into, entry, 0);
}

void forget_position(Fiber& fiber) { delete static_cast<ucontext_t*>(fiber.position); }

}  // namespace

#endif

namespace {

// Unoptimised code under AddressSanitizer needs several times the stack; untouched pages cost
// nothing.
constexpr std::size_t stack_bytes = (address_sanitizer ? 1024 : 128) * 1024;

// The flow that was left tells its stack's bounds here: the only way to learn those of main().
void arrive(void* fake_stack, Fiber& left) {
  const void* stack = left.stack;
  finish_switch(fake_stack, &stack, &left.stack_bytes);
  left.stack = static_cast<char*>(const_cast<void*>(stack));
}

}  // namespace

void switch_fiber(Fiber& from, Fiber& to) {
  start_switch(&from.fake_stack, to.stack, to.stack_bytes);
  jump(from, to);
  arrive(from.fake_stack, to);
}

void enter_fiber(Fiber& from) { arrive(nullptr, from); }

FiberPool::FiberPool(std::size_t count) : fibers_(count) {
  const std::size_t page = std::size_t(sysconf(_SC_PAGESIZE));
  const std::size_t stride = stack_bytes + page;
  region_bytes_ = count * stride;
  void* region = mmap(nullptr, region_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (region == MAP_FAILED) throw std::bad_alloc();
  region_ = static_cast<char*>(region);
  for (std::size_t i = 0; i < count; ++i) {
    mprotect(region_ + i * stride, page,
             PROT_NONE);  // An overflow faults instead of spoiling the next stack.
    fibers_[i].stack = region_ + i * stride + page;
    fibers_[i].stack_bytes = stack_bytes;
  }
}

FiberPool::~FiberPool() {
  unpoison(region_, region_bytes_);
  for (Fiber& fiber : fibers_) forget_position(fiber);
  munmap(region_, region_bytes_);
}

Fiber& FiberPool::prepare(std::size_t number, void (*entry)()) {
  Fiber& fiber = fibers_[number];
  unpoison(
      fiber.stack,
      fiber.stack_bytes);  // A fiber abandoned in the middle leaves its frames' red zones behind.
  fiber.fake_stack = nullptr;
  enter_at(fiber, entry);
  return fiber;
}

}  // namespace gpucheck::simt
