#include "kernels/device/simulated/patterns.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/device_memory.hpp"

namespace gpucheck::simt {
namespace {

constexpr std::size_t sector_bytes = 32;
constexpr std::size_t bank_bytes = 4, banks = 32;

/// Instruction, warp, and how often the warp's lanes had come by it.
using Request = std::tuple<const void*, unsigned, unsigned>;

struct Counting {
  bool on = false;
  Patterns total;
  std::map<std::pair<const void*, unsigned>, unsigned> times;  ///< By instruction and thread.
  std::map<Request, std::set<std::uintptr_t>> sectors;
  std::map<Request, std::set<std::uintptr_t>> words;
};

Counting& counting() {
  static Counting counting;
  return counting;
}

bool in_shared(const void* address) {
  return std::ranges::any_of(block().shared, [&](const SharedArray& array) {
    const auto begin = static_cast<const char*>(array.memory);
    return address >= begin && address < begin + array.bytes;
  });
}

// Lanes that ask for the same word share a pass; different words of one bank do not.
unsigned conflicts(const std::set<std::uintptr_t>& words) {
  unsigned most = 1, asked[banks] = {};
  for (const std::uintptr_t word : words) most = std::max(most, ++asked[word % banks]);
  return most - 1;
}

}  // namespace

void count_patterns(bool on) {
  counting() = {};
  counting().on = on;
}

const Patterns& patterns() { return counting().total; }

void count_access(const void* address, std::size_t bytes, const void* instruction) {
  Counting& c = counting();
  if (!c.on) return;
  const bool shared = in_shared(address);
  if (!shared && !is_device_memory(address, bytes))
    return;  // Parameters and indices are no memory of a GPU.
  const unsigned thread = block().running->number;
  const Request request{instruction, thread / 32, c.times[{instruction, thread}]++};
  const std::size_t unit = shared ? bank_bytes : sector_bytes;
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  auto& units = (shared ? c.words : c.sectors)[request];
  for (std::uintptr_t i = first / unit; i <= (first + bytes - 1) / unit; ++i) units.insert(i);
}

void close_patterns() {
  Counting& c = counting();
  if (!c.on) return;
  for (const auto& [request, sectors] : c.sectors) c.total.global_sectors += sectors.size();
  for (const auto& [request, words] : c.words) c.total.shared_conflicts += conflicts(words);
  c.total.global_requests += c.sectors.size();
  c.total.shared_requests += c.words.size();
  c.times.clear();
  c.sectors.clear();
  c.words.clear();
}

}  // namespace gpucheck::simt
