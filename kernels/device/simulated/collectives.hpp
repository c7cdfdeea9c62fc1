#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/device/simulated/engine.hpp"

namespace gpucheck::simt {

enum class Collective { sync, shuffle, ballot };

/// Waits until all lanes of `mask` are here, and returns the value lane `source` brought (ballot:
/// of all, one bit each).
std::uint64_t collective(Collective kind, unsigned mask, std::uint64_t value, unsigned source,
                         const Where& at);

/// Waits until all threads of the block are here, and returns in how many `predicate` holds.
int barrier(bool predicate, const Where& at);

unsigned lane();

/// Bits of a value of at most 8 bytes, and back.
template <class T>
std::uint64_t to_bits(const T& value) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8, "shuffles move at most 8 bytes");
  std::uint64_t bits = 0;
  std::memcpy(&bits, static_cast<const void*>(&value), sizeof(T));
  return bits;
}

template <class T>
T from_bits(std::uint64_t bits) {
  T value;
  std::memcpy(static_cast<void*>(&value), &bits, sizeof(T));
  return value;
}

template <class T>
T exchange(unsigned mask, const T& value, unsigned source, const Where& at) {
  return from_bits<T>(collective(Collective::shuffle, mask, to_bits(value), source, at));
}

}  // namespace gpucheck::simt

inline void __syncthreads(gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  gpucheck::simt::barrier(false, at);
}
inline int __syncthreads_count(int predicate,
                               gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return gpucheck::simt::barrier(predicate != 0, at);
}
inline int __syncthreads_or(int predicate,
                            gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return gpucheck::simt::barrier(predicate != 0, at) > 0;
}
inline int __syncthreads_and(int predicate,
                             gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return gpucheck::simt::barrier(predicate == 0, at) == 0;
}

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  gpucheck::simt::collective(gpucheck::simt::Collective::sync, mask, 0, 0, at);
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return unsigned(
      gpucheck::simt::collective(gpucheck::simt::Collective::ballot, mask, predicate != 0, 0, at));
}
inline int __any_sync(unsigned mask, int predicate,
                      gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return __ballot_sync(mask, predicate, at) != 0;
}
inline int __all_sync(unsigned mask, int predicate,
                      gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  return __ballot_sync(mask, predicate == 0, at) == 0;
}

// A source outside the segment of `width` lanes means the lane's own value, as in the CUDA C++
// Programming Guide, B.22.
template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32,
              gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  const unsigned lane = gpucheck::simt::lane(), segment = unsigned(width) - 1;
  return gpucheck::simt::exchange(mask, value, (lane & ~segment) | (unsigned(source) & segment),
                                  at);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  const unsigned lane = gpucheck::simt::lane(), segment = unsigned(width) - 1;
  return gpucheck::simt::exchange(mask, value, (lane & segment) >= delta ? lane - delta : lane, at);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  const unsigned lane = gpucheck::simt::lane(), segment = unsigned(width) - 1;
  return gpucheck::simt::exchange(mask, value,
                                  (lane & segment) + delta <= segment ? lane + delta : lane, at);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32,
                  gpucheck::simt::Where at = gpucheck::simt::Where::current()) {
  const unsigned lane = gpucheck::simt::lane(), segment = unsigned(width) - 1;
  const unsigned source = lane ^ unsigned(lanes);
  return gpucheck::simt::exchange(mask, value, source <= (lane | segment) ? source : lane, at);
}
