#pragma once

#include <cstddef>
#include <cstdint>

namespace gpucheck {

/// A number of U[0, 1) that depends on its place alone, so that inputs are the same for any order
/// of filling. (The output function of SplitMix64; Steele, Lea, Flood, OOPSLA 2014.)
inline double uniform(std::uint64_t seed, std::size_t tensor, std::size_t element) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15u + tensor * 0xd1342543de82ef95u + element;
  for (int round = 0; round < 2; ++round) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
  }
  return double(z >> 11) * 0x1p-53;
}

/// A number of U[low, high).
inline double uniform(std::uint64_t seed, std::size_t tensor, std::size_t element, double low,
                      double high) {
  return low + (high - low) * uniform(seed, tensor, element);
}

}  // namespace gpucheck
