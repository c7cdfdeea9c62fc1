#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GPUCHECK_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define GPUCHECK_ASAN 1
#endif

#if defined(GPUCHECK_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

/// A function that may touch what is poisoned.
#define GPUCHECK_NO_ASAN __attribute__((no_sanitize("address")))

namespace gpucheck {

// What AddressSanitizer must be told; nothing where it is absent.

#if defined(GPUCHECK_ASAN)

inline constexpr bool address_sanitizer = true;

inline void poison(const void* begin, std::size_t bytes) {
  __asan_poison_memory_region(begin, bytes);
}
inline void unpoison(const void* begin, std::size_t bytes) {
  __asan_unpoison_memory_region(begin, bytes);
}
inline void start_switch(void** save, const void* stack, std::size_t bytes) {
  __sanitizer_start_switch_fiber(save, stack, bytes);
}
inline void finish_switch(void* saved, const void** stack, std::size_t* bytes) {
  __sanitizer_finish_switch_fiber(saved, stack, bytes);
}

#else

inline constexpr bool address_sanitizer = false;

inline void poison(const void*, std::size_t) {}
inline void unpoison(const void*, std::size_t) {}
inline void start_switch(void**, const void*, std::size_t) {}
inline void finish_switch(void*, const void**, std::size_t*) {}

#endif

}  // namespace gpucheck
