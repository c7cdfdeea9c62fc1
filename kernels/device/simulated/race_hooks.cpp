// What a compiler with -fsanitize=thread calls at every access to memory. It is linked without
// libtsan, which is ten times slower, knows no barriers, and (in clang 16) misses races between
// fibers.

#if defined(GPUCHECK_RACE)

#include <cstring>

#include "kernels/device/simulated/atomics.hpp"
#include "kernels/device/simulated/race.hpp"

using gpucheck::simt::Access;
using gpucheck::simt::note_access;

// No macro can be used here, so each size is spelled out.
extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}

void __tsan_read1(void* p) { note_access(p, 1, Access::read, __builtin_return_address(0)); }
void __tsan_read2(void* p) { note_access(p, 2, Access::read, __builtin_return_address(0)); }
void __tsan_read4(void* p) { note_access(p, 4, Access::read, __builtin_return_address(0)); }
void __tsan_read8(void* p) { note_access(p, 8, Access::read, __builtin_return_address(0)); }
void __tsan_read16(void* p) { note_access(p, 16, Access::read, __builtin_return_address(0)); }
void __tsan_write1(void* p) { note_access(p, 1, Access::write, __builtin_return_address(0)); }
void __tsan_write2(void* p) { note_access(p, 2, Access::write, __builtin_return_address(0)); }
void __tsan_write4(void* p) { note_access(p, 4, Access::write, __builtin_return_address(0)); }
void __tsan_write8(void* p) { note_access(p, 8, Access::write, __builtin_return_address(0)); }
void __tsan_write16(void* p) { note_access(p, 16, Access::write, __builtin_return_address(0)); }

void __tsan_read_range(void* p, unsigned long n) {
  note_access(p, n, Access::read, __builtin_return_address(0));
}
void __tsan_write_range(void* p, unsigned long n) {
  note_access(p, n, Access::write, __builtin_return_address(0));
}

void* __tsan_memcpy(void* to, const void* from, unsigned long n) {
  note_access(from, n, Access::read, __builtin_return_address(0));
  note_access(to, n, Access::write, __builtin_return_address(0));
  return std::memcpy(to, from, n);
}
void* __tsan_memmove(void* to, const void* from, unsigned long n) {
  note_access(from, n, Access::read, __builtin_return_address(0));
  note_access(to, n, Access::write, __builtin_return_address(0));
  return std::memmove(to, from, n);
}
void* __tsan_memset(void* to, int byte, unsigned long n) {
  note_access(to, n, Access::write, __builtin_return_address(0));
  return std::memset(to, byte, n);
}

// The unaligned and volatile ones are the same to us.
void __tsan_unaligned_read2(void*) __attribute__((alias("__tsan_read2")));
void __tsan_unaligned_read4(void*) __attribute__((alias("__tsan_read4")));
void __tsan_unaligned_read8(void*) __attribute__((alias("__tsan_read8")));
void __tsan_unaligned_read16(void*) __attribute__((alias("__tsan_read16")));
void __tsan_unaligned_write2(void*) __attribute__((alias("__tsan_write2")));
void __tsan_unaligned_write4(void*) __attribute__((alias("__tsan_write4")));
void __tsan_unaligned_write8(void*) __attribute__((alias("__tsan_write8")));
void __tsan_unaligned_write16(void*) __attribute__((alias("__tsan_write16")));
void __tsan_volatile_read1(void*) __attribute__((alias("__tsan_read1")));
void __tsan_volatile_read2(void*) __attribute__((alias("__tsan_read2")));
void __tsan_volatile_read4(void*) __attribute__((alias("__tsan_read4")));
void __tsan_volatile_read8(void*) __attribute__((alias("__tsan_read8")));
void __tsan_volatile_read16(void*) __attribute__((alias("__tsan_read16")));
void __tsan_volatile_write1(void*) __attribute__((alias("__tsan_write1")));
void __tsan_volatile_write2(void*) __attribute__((alias("__tsan_write2")));
void __tsan_volatile_write4(void*) __attribute__((alias("__tsan_write4")));
void __tsan_volatile_write8(void*) __attribute__((alias("__tsan_write8")));
void __tsan_volatile_write16(void*) __attribute__((alias("__tsan_write16")));
}

namespace gpucheck::simt {

void atomic_access(const void* address, std::size_t bytes) {
  note_access(address, bytes, Access::atomic, __builtin_return_address(0));
}

}  // namespace gpucheck::simt

#endif
