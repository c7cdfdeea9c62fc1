#pragma once

#include <cstddef>
#include <type_traits>

// One thread runs at a time and gives way only at barriers and warp collectives, so plain reads and
// writes are atomic. They are kept from the race hooks, which get one atomic access instead.
#if !defined(GPUCHECK_RACE)
#define GPUCHECK_UNINSTRUMENTED
#elif defined(__clang__)
#define GPUCHECK_UNINSTRUMENTED __attribute__((disable_sanitizer_instrumentation))
#else
#define GPUCHECK_UNINSTRUMENTED __attribute__((no_sanitize("thread")))
#endif

namespace gpucheck::simt {

#if defined(GPUCHECK_RACE)
/// Tells the race checker of an atomic access by its caller.
void atomic_access(const void* address, std::size_t bytes);
#else
inline void atomic_access(const void*, std::size_t) {}
#endif

template <class T, class Change>
GPUCHECK_UNINSTRUMENTED inline T atomic(T* address, Change change) {
  atomic_access(address, sizeof(T));
  const T before = *address;
  *address = change(before);
  return before;
}

// The types the hardware has each operation for.
template <class T, class... Allowed>
concept one_of = (std::is_same_v<T, Allowed> || ...);
template <class T>
concept atomic_integer = one_of<T, int, unsigned, unsigned long long>;
template <class T>
concept atomic_number = atomic_integer<T> || one_of<T, float, double>;

}  // namespace gpucheck::simt

template <gpucheck::simt::atomic_number T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return T(old + value); });
}
template <gpucheck::simt::one_of<int, unsigned> T>
T atomicSub(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return T(old - value); });
}
template <gpucheck::simt::atomic_integer T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return value < old ? value : old; });
}
template <gpucheck::simt::atomic_integer T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return value > old ? value : old; });
}
template <gpucheck::simt::atomic_integer T>
T atomicAnd(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return T(old & value); });
}
template <gpucheck::simt::atomic_integer T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return T(old | value); });
}
template <gpucheck::simt::atomic_integer T>
T atomicXor(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return T(old ^ value); });
}
template <gpucheck::simt::one_of<int, unsigned, unsigned long long, float> T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T) { return value; });
}
template <gpucheck::simt::atomic_integer T>
T atomicCAS(T* address, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  return gpucheck::simt::atomic(address, [=](T old) { return old == expected ? value : old; });
}
