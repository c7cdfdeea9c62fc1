#include "kernels/device/simulated/bit_flips.hpp"

#include <random>

#include "kernels/device/sanitizer.hpp"
#include "kernels/device/simulated/device_memory.hpp"

namespace gpucheck::simt {
namespace {

GPUCHECK_NO_ASAN void flip(char* byte, int bit) { *byte = char(*byte ^ (1 << bit)); }

}  // namespace

void flip_bits(int device, const Simulation& simulation) {
  static std::mt19937_64 random;
  // Distance to the next byte that flips, so that a low rate costs nothing per byte.
  std::geometric_distribution<std::uint64_t> distance(simulation.rate);
  std::uint64_t next = simulation.address ? *simulation.address : distance(random);
  each_allocation(device, [&](char* begin, std::size_t bytes) {
    while (next < bytes) {
      // Bit 6 of a byte that was asked for: the highest mantissa bit where it is a number's low or
      // third byte.
      flip(begin + next, simulation.address ? 6 : int(random() % 8));
      next = simulation.address ? ~std::uint64_t{0} : next + 1 + distance(random);
    }
    next -= next == ~std::uint64_t{0} ? 0 : bytes;
  });
}

}  // namespace gpucheck::simt
