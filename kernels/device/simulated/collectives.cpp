#include "kernels/device/simulated/collectives.hpp"

#include <bit>

#include "kernels/device/simulated/block.hpp"

namespace gpucheck::simt {
namespace {

const char* name(Collective kind) {
  switch (kind) {
    case Collective::sync: return "__syncwarp";
    case Collective::shuffle: return "warp shuffle";
    case Collective::ballot: return "warp vote";
  }
  return "";
}

bool same(const Where& a, const Where& b) {
  return a.line() == b.line() && a.column() == b.column() &&
         std::string_view(a.file_name()) == b.file_name();
}

std::string triple(const uint3& v) {
  return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}

Thread* lane_of(const Thread& self, unsigned lane) {
  return &block().threads[self.number / 32 * 32 + lane];
}

std::string waits(const Thread& thread) {
  return "thread " + triple(thread.index) + " waits in " +
         (thread.state == State::at_barrier ? text("__syncthreads", thread.where)
                                            : text(name(thread.kind), thread.where));
}

// Whether all lanes that `self` waits for have come to the same collective.
bool complete(const Thread& self, unsigned lanes) {
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    const Thread& other = *lane_of(self, unsigned(std::countr_zero(rest)));
    if (other.mask != self.mask) return false;
    if (other.kind != self.kind ||
        (self.kind != Collective::sync && !same(other.where, self.where)))
      misuse(text(name(self.kind), self.where) + ", but " + waits(other));
  }
  return true;
}

void hand_out(const Thread& self, unsigned lanes) {
  std::uint64_t brought[32] = {};
  std::uint64_t votes = 0;
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    const unsigned lane = unsigned(std::countr_zero(rest));
    brought[lane] = lane_of(self, lane)->value;
    votes |= (brought[lane] & 1) << lane;
  }
  const unsigned existing = block().warps[self.number / 32].existing;
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    Thread& lane = *lane_of(self, unsigned(std::countr_zero(rest)));
    const bool exists = existing >> lane.source & 1;
    // A lane that the block has no thread for has no value: NaN shows its use.
    lane.value = self.kind == Collective::ballot ? votes : exists ? brought[lane.source] : ~0ull;
    lane.state = State::ready;
    ++lane.collectives;
  }
}

}  // namespace

std::string text(const char* what, const Where& at) {
  return std::string(what) + " at " + at.file_name() + ":" + std::to_string(at.line()) + ":" +
         std::to_string(at.column());
}

std::string text(const Thread& thread) {
  return "block " + triple(blockIdx) + " thread " + triple(thread.index);
}

unsigned lane() { return block().running->number % 32; }

std::uint64_t collective(Collective kind, unsigned mask, std::uint64_t value, unsigned source,
                         const Where& at) {
  Block& b = block();
  Thread& self = *b.running;
  Warp& warp = b.warps[self.number / 32];
  if (!(mask >> lane() & 1)) misuse(text(name(kind), at) + " by a lane outside its own mask");
  if (const unsigned gone = mask & warp.exited)
    misuse(text(name(kind), at) + " waits for lane " + std::to_string(std::countr_zero(gone)) +
           ", which has exited");
  if (kind == Collective::shuffle && (warp.existing >> source & 1) && !(mask >> source & 1))
    misuse(text(name(kind), at) + " reads lane " + std::to_string(source) +
           ", which is not in its mask");
  self.kind = kind, self.mask = mask, self.source = source, self.where = at;
  // What a wrong lane hands over: the bits that WrongStores flips, whatever the type.
  self.value = b.wrong_lane == lane() ? value ^ (1u << 22 | 1u << 6) : value;
  self.state = State::in_collective;
  const unsigned lanes = mask & warp.existing;
  warp.waiting |= 1u << lane();
  if ((warp.waiting & lanes) != lanes || !complete(self, lanes)) {
    give_way();
    return self.value;
  }
  warp.waiting &= ~lanes;
  hand_out(self, lanes);
  ++b.progress;
  return self.value;
}

int barrier(bool predicate, const Where& at) {
  Block& b = block();
  Thread& self = *b.running;
  if (b.exited)
    misuse(text("__syncthreads", at) + " after " + std::to_string(b.exited) +
           " threads of the block have exited");
  if (b.arrived && !same(at, b.barrier_where))
    misuse("divergent barrier: " + text("__syncthreads", at) + ", but " +
           waits(*b.first_at_barrier));
  if (!b.arrived) b.barrier_where = at, b.first_at_barrier = &self;
  self.where = at;
  self.state = State::at_barrier;
  b.holding += predicate;
  if (++b.arrived < b.threads.size()) {
    give_way();
    return int(self.value);
  }
  for (Thread& thread : b.threads) {
    thread.state = State::ready;
    thread.value = std::uint64_t(b.holding);
  }
  b.arrived = 0;
  b.holding = 0;
  ++b.barriers;
  ++b.progress;
  return int(self.value);
}

void note_exit(Thread& thread) {
  Block& b = block();
  Warp& warp = b.warps[thread.number / 32];
  if (b.arrived) misuse("exits, but " + waits(*b.first_at_barrier));
  for (unsigned rest = warp.waiting; rest; rest &= rest - 1) {
    const Thread& other = *lane_of(thread, unsigned(std::countr_zero(rest)));
    if (other.mask >> thread.number % 32 & 1)
      misuse("lane " + std::to_string(thread.number % 32) + " exits, but " + waits(other) +
             " for it");
  }
  warp.exited |= 1u << thread.number % 32;
  thread.state = State::exited;
  ++b.exited;
  ++b.progress;
}

std::string deadlock() {
  const Block& b = block();
  std::string all;
  for (const Thread& thread : b.threads) {
    const bool collective = thread.state == State::in_collective;
    if (!collective && !(thread.state == State::at_barrier && &thread == b.first_at_barrier))
      continue;
    if (collective && thread.number % 32 &&
        lane_of(thread, thread.number % 32 - 1)->state == State::in_collective &&
        same(lane_of(thread, thread.number % 32 - 1)->where, thread.where))
      continue;  // One line for neighbours that wait at the same place.
    all += (all.empty() ? "" : "; ") + waits(thread);
  }
  return "block " + triple(blockIdx) + ": no thread can go on: " + all;
}

}  // namespace gpucheck::simt
