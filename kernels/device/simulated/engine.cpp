#include "kernels/device/simulated/engine.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <span>

#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/patterns.hpp"
#include "kernels/device/simulated/race.hpp"
#include "kernels/device/simulated/store_watch.hpp"
#include "kernels/device/simulated/watchdog.hpp"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace gpucheck::simt {

Block& block() {
  static Block block;
  return block;
}

unsigned multiprocessor() { return block().multiprocessor; }

void give_way() {
  Thread& self = *block().running;
  switch_fiber((*block().fibers)[self.fiber], block().scheduler);
  threadIdx = self.index;
}

void record_misuse(const std::string& what) {
  block().misuse = text(*block().running) + ": " + what;
}

namespace {

/// Unwinds a thread that must not go on.
struct Abandoned {};

}  // namespace

void misuse(const std::string& what) {
  record_misuse(what);
  throw Abandoned{};
}

namespace {

constexpr unsigned max_threads = 1024;

// Whether it came to its end.
bool run_thread() {
  try {
    threadIdx = block().running->index;
    (*block().body)();
    note_exit(*block().running);
    return true;
  } catch (const Abandoned&) {
    return false;
  }
}

// A fiber runs one thread after another, so that a kernel without barriers stays on one warm stack.
void fiber_main() {
  Block& b = block();
  enter_fiber(b.scheduler);
  for (;;) {
    if (run_thread()) b.idle_fibers.push_back(b.running->fiber);
    switch_fiber((*b.fibers)[b.running->fiber], b.scheduler);
  }
}

void resume(Thread& thread) {
  Block& b = block();
  if (thread.state == State::unstarted) {
    thread.fiber = b.idle_fibers.back();
    b.idle_fibers.pop_back();
    thread.state = State::ready;
  }
  b.running = &thread;
  ++b.slices;
  switch_fiber(b.scheduler, (*b.fibers)[thread.fiber]);
  b.running = nullptr;
}

void lay_out_threads() {
  Block& b = block();
  const dim3 size = b.grid->threads;
  const unsigned count = size.x * size.y * size.z;
  b.threads.assign(count, {});
  b.warps.assign((count + 31) / 32, {});
  for (unsigned i = 0; i < count; ++i) {
    b.threads[i].number = i;
    b.threads[i].index = {i % size.x, i / size.x % size.y, i / (size.x * size.y)};
    b.warps[i / 32].existing |= 1u << i % 32;
  }
  b.exited = b.arrived = 0;
  b.barriers = 0;
  b.holding = 0;
}

void give_turns(std::span<const unsigned> turns) {
  Block& b = block();
  for (const unsigned turn : turns) {
    Thread& thread = b.threads[turn];
    if (thread.state == State::unstarted || thread.state == State::ready) resume(thread);
    if (!b.misuse.empty()) return;
  }
}

// Turn after turn, until all threads have exited or one did what it must not. Threads of a wrong
// lane go first and together: to watch the stores of each alone would take a minute for a network.
void take_turns(std::vector<unsigned>& turns, std::minstd_rand& random) {
  Block& b = block();
  const auto is_wrong = [&](unsigned turn) { return b.wrong_lane == turn % 32; };
  while (b.exited < b.threads.size()) {
    const std::uint64_t before = b.progress;
    if (settings().order == Order::random) std::shuffle(turns.begin(), turns.end(), random);
    const auto healthy = std::ranges::stable_partition(turns, is_wrong).begin();
    {
      const WrongStores wrong(healthy != turns.begin());
      give_turns({turns.begin(), healthy});
    }
    if (b.misuse.empty()) give_turns({healthy, turns.end()});
    if (!b.misuse.empty()) return;
    if (b.progress == before) {
      b.misuse = deadlock();
      return;
    }
  }
}

void run_block(std::vector<unsigned>& turns, std::minstd_rand& random) {
  lay_out_threads();
  begin_shared();
  const WrongStores wrong(block().wrong_multiprocessor == block().multiprocessor);
  take_turns(turns, random);
  close_patterns();
}

void place(std::uint64_t number) {
  Block& b = block();
  const dim3 size = b.grid->blocks;
  b.number = number;
  b.multiprocessor = unsigned(number % settings().multiprocessors);
  blockIdx = {unsigned(number % size.x), unsigned(number / size.x % size.y),
              unsigned(number / size.x / size.y)};
}

void prepare_fibers() {
  Block& b = block();
  if (!b.fibers) b.fibers = std::make_unique<FiberPool>(max_threads);
  b.idle_fibers.clear();
  for (std::size_t i = max_threads; i-- > 0;) {
    b.fibers->prepare(i, fiber_main);
    b.idle_fibers.push_back(i);
  }
}

// Every number below `count` once: up, down, or scattered by a step that shares no factor with it.
std::uint64_t scattered(std::uint64_t i, std::uint64_t count) {
  if (settings().order == Order::forward) return i;
  if (settings().order == Order::reverse) return count - 1 - i;
  std::minstd_rand random{std::minstd_rand::result_type(settings().seed)};
  std::uint64_t step = random() % count | 1;
  while (std::gcd(step, count) != 1) step += 2;
  return std::uint64_t((static_cast<unsigned __int128>(i) * step + random()) % count);
}

}  // namespace

std::string run_grid(const Grid& grid, const std::function<void()>& body) {
  static std::mutex one_grid_at_a_time;
  const std::lock_guard lock(one_grid_at_a_time);
  Block& b = block();
  b.grid = &grid;
  b.body = &body;
  b.misuse.clear();
  const unsigned number = settings().simulation.number;
  b.wrong_lane = sick(grid.device, Sickness::wrong_lane) ? std::optional(number) : std::nullopt;
  b.wrong_multiprocessor =
      sick(grid.device, Sickness::wrong_sm) ? std::optional(number) : std::nullopt;
  blockDim = grid.threads;
  gridDim = grid.blocks;
  if (!b.fibers) prepare_fibers();
  const Watchdog watchdog;
  begin_race_check();

  std::minstd_rand random{std::minstd_rand::result_type(settings().seed)};
  std::vector<unsigned> turns(grid.threads.x * grid.threads.y * grid.threads.z);
  std::iota(turns.begin(), turns.end(), 0u);
  if (settings().order == Order::reverse) std::reverse(turns.begin(), turns.end());
  const std::uint64_t blocks = std::uint64_t{grid.blocks.x} * grid.blocks.y * grid.blocks.z;
  for (std::uint64_t i = 0; i < blocks && b.misuse.empty(); ++i) {
    place(scattered(i, blocks));
    run_block(turns, random);
  }
  end_shared();
  if (!b.misuse.empty()) prepare_fibers();  // The abandoned ones still hold their threads.
  return b.misuse;
}

}  // namespace gpucheck::simt
