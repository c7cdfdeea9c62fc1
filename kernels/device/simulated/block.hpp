#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kernels/device/simulated/collectives.hpp"
#include "kernels/device/simulated/engine.hpp"
#include "kernels/device/simulated/fiber.hpp"

namespace gpucheck::simt {

// The state of the block that is running; there is one at a time, so there is one.

enum class State { unstarted, ready, at_barrier, in_collective, exited };

/// A CUDA thread of the running block.
struct Thread {
  State state = State::unstarted;
  uint3 index{};
  unsigned number = 0;            ///< Within the block; lane number % 32 of warp number / 32.
  std::size_t fiber = 0;          ///< Valid once started.
  Where where;                    ///< Of the barrier or collective it waits in.
  Collective kind{};              ///< The collective,
  unsigned mask = 0;              ///< the lanes it waits for,
  unsigned source = 0;            ///< the lane it reads,
  std::uint64_t value = 0;        ///< what it brought, then what it gets.
  std::uint32_t collectives = 0;  ///< How many it has passed: orders accesses within a warp.
};

struct Warp {
  unsigned existing = 0;  ///< Lanes that the block has threads for.
  unsigned exited = 0;
  unsigned waiting = 0;  ///< Lanes in a collective.
};

/// A shared array of the running block; kept for the next block of the grid.
struct SharedArray {
  const void* key;
  void* memory;
  std::size_t bytes;
  bool given;  ///< To the running block.
};

struct Block {
  const Grid* grid = nullptr;
  const std::function<void()>* body = nullptr;
  std::uint64_t number = 0;                                  ///< blockIdx as one number.
  std::optional<unsigned> wrong_lane, wrong_multiprocessor;  ///< Sick ones, if any.
  unsigned multiprocessor = 0;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  Thread* running = nullptr;  ///< Null while the scheduler runs.
  unsigned exited = 0;

  unsigned arrived = 0;  ///< At the barrier,
  int holding = 0;       ///< with a predicate that holds.
  Where barrier_where;
  const Thread* first_at_barrier = nullptr;
  std::uint32_t barriers = 0;  ///< Passed so far.

  std::vector<SharedArray> shared;
  std::size_t static_bytes = 0;
  std::string misuse;
  std::uint64_t slices = 0;    ///< Grows whenever a thread is given its turn.
  std::uint64_t progress = 0;  ///< Grows whenever a thread stops waiting or exits.

  Fiber scheduler;
  std::unique_ptr<FiberPool> fibers;
  std::vector<std::size_t> idle_fibers;
};

Block& block();

/// Notes what the running thread did wrong. Once it gives way, the scheduler abandons the block.
void record_misuse(const std::string& what);

/// Lets the scheduler choose another thread.
void give_way();

/// "block (0,0,0) thread (5,0,0)".
std::string text(const Thread& thread);

void note_exit(Thread& thread);

/// Why no thread of the block can go on, said of the first that waits.
std::string deadlock();

/// Before a block: none of its shared arrays are given. After a grid: they are freed.
void begin_shared();
void end_shared();

}  // namespace gpucheck::simt
