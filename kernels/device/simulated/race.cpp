#include "kernels/device/simulated/race.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/patterns.hpp"
#include "kernels/device/simulated/symbolize.hpp"

namespace gpucheck::simt {
namespace {

/// Who touched a byte, and when: 16 bytes, since there are two of them for every byte that kernels
/// touch.
struct Trace {
  std::uint32_t block;
  std::int32_t caller;        ///< Distance from an address in this program.
  std::uint16_t barriers;     ///< Passed by the block, modulo 65536.
  std::uint16_t collectives;  ///< Passed by the thread, modulo 65536.
  std::uint16_t thread;
  bool valid : 1, atomic : 1;
  bool several_threads : 1, several_blocks : 1;  ///< Further readers, unordered with this one.
};

struct Cell {
  Trace write, read;
};

constexpr std::size_t page_bytes = 4096;

struct Page {
  std::uint64_t grid = 0;  ///< In which the cells were written; others are void.
  std::array<Cell, page_bytes> cells{};
};

std::unordered_map<std::uintptr_t, std::unique_ptr<Page>>& pages() {
  static std::unordered_map<std::uintptr_t, std::unique_ptr<Page>> pages;
  return pages;
}

std::uint64_t current_grid = 0;

Cell& cell_of(std::uintptr_t address) {
  static std::uintptr_t last_number = 0;
  static Page* last = nullptr;
  const std::uintptr_t number = address / page_bytes;
  if (!last || last_number != number) {
    std::unique_ptr<Page>& page = pages()[number];
    if (!page) page = std::make_unique<Page>();
    last = page.get();
    last_number = number;
  }
  if (last->grid != current_grid) *last = Page{.grid = current_grid, .cells = {}};
  return last->cells[address % page_bytes];
}

std::intptr_t origin() { return reinterpret_cast<std::intptr_t>(&note_access); }

bool same_warp(const Trace& a, const Trace& b) { return a.thread / 32 == b.thread / 32; }

bool ordered(const Trace& before, const Trace& now) {
  if (!before.valid) return true;
  if (before.several_blocks || before.block != now.block) return false;
  if (!before.several_threads && before.thread == now.thread) return true;
  if (before.barriers != now.barriers) return true;
  return !before.several_threads && same_warp(before, now) && before.collectives != now.collectives;
}

std::string triple(std::uint64_t number, dim3 size) {
  return "(" + std::to_string(number % size.x) + "," + std::to_string(number / size.x % size.y) +
         "," + std::to_string(number / size.x / size.y) + ")";
}

std::string text(const char* what, const Trace& trace) {
  return std::string(what) + " by block " + triple(trace.block, gridDim) + " thread " +
         triple(trace.thread, blockDim) + " at " +
         source_of(reinterpret_cast<const void*>(origin() + trace.caller));
}

const char* name(Access access) {
  return access == Access::read ? "read" : access == Access::write ? "write" : "atomic";
}

void require_ordered(const Trace& before, const char* earlier, const Trace& now, Access access) {
  if (ordered(before, now) || (before.atomic && now.atomic)) return;
  record_misuse("data race: " + text(name(access), now) + " conflicts with the " +
                text(earlier, before));
  // GCC holds its hooks for functions that do not throw, so this thread cannot be unwound. It gives
  // way and is never resumed.
  give_way();
}

void remember_read(Cell& cell, Trace now) {
  if (!ordered(cell.read, now)) {
    now.several_blocks = cell.read.several_blocks || cell.read.block != now.block;
    now.several_threads = true;
  }
  cell.read = now;
}

}  // namespace

void note_access(const void* address, std::size_t bytes, Access access, const void* caller) {
  const Block& b = block();
  if (!b.running || b.fibers->owns(address)) return;
  count_access(address, bytes, caller);
  const Trace now{.block = std::uint32_t(b.number),
                  .caller = std::int32_t(reinterpret_cast<std::intptr_t>(caller) - 1 - origin()),
                  .barriers = std::uint16_t(b.barriers),
                  .collectives = std::uint16_t(b.running->collectives),
                  .thread = std::uint16_t(b.running->number),
                  .valid = true,
                  .atomic = access == Access::atomic,
                  .several_threads = false,
                  .several_blocks = false};
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  for (std::uintptr_t i = first; i < first + bytes; ++i) {
    Cell& cell = cell_of(i);
    require_ordered(cell.write, cell.write.atomic ? "atomic" : "write", now, access);
    if (access == Access::read) {
      remember_read(cell, now);
    } else {
      require_ordered(cell.read, "read", now, access);
      cell.write = now;
    }
  }
}

void begin_race_check() {
  ++current_grid;
  // Shadow is 32 times the memory: give back what piles up over many grids.
  if (pages().size() > 4096) pages().clear();
}

void forget_accesses(const void* begin, std::size_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  for (std::uintptr_t i = first; i < first + bytes; ++i) cell_of(i) = {};
}

}  // namespace gpucheck::simt
