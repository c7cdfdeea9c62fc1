#include "kernels/device/simulated/store_watch.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <vector>

#include "kernels/device/sanitizer.hpp"
#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/device_memory.hpp"

namespace gpucheck::simt {
namespace {

constexpr std::size_t page_bytes = 4096;

struct Copy {
  unsigned char* original;
  std::vector<unsigned char> bytes;
};

std::vector<Copy>& copies() {
  static std::vector<Copy> copies;
  return copies;
}

struct sigaction previous_action;

GPUCHECK_NO_ASAN void copy_bytes(unsigned char* to, const unsigned char* from, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = from[i];
}

void keep(unsigned char* original, std::size_t bytes) {
  Copy& copy = copies().emplace_back(Copy{original, std::vector<unsigned char>(bytes)});
  copy_bytes(copy.bytes.data(), original, bytes);
}

// A store of a kernel to a protected page; it is synchronous and in no library, so that it may
// allocate.
void on_fault(int, siginfo_t* info, void*) {
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const auto page = reinterpret_cast<unsigned char*>(address / page_bytes * page_bytes);
  if (!is_watchable(page)) {
    sigaction(SIGSEGV, &previous_action,
              nullptr);  // Not ours: the same fault comes again, to whom it belongs.
    return;
  }
  keep(page, page_bytes);
  mprotect(page, page_bytes, PROT_READ | PROT_WRITE);
}

// Bit 6 of a half word is the highest of a bf16 mantissa, and the one above it bit 22 of an f32:
// high enough to matter in any type, and no exponent that overflows.
GPUCHECK_NO_ASAN void spoil(unsigned char* now, const unsigned char* before, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += 2)
    if (now[i] != before[i] || (i + 1 < bytes && now[i + 1] != before[i + 1])) now[i] ^= 1u << 6;
}

// Shared arrays the block first asked for meanwhile; they held 0xFF then.
void keep_new_arrays() {
  for (const SharedArray& array : block().shared) {
    const auto memory = static_cast<unsigned char*>(array.memory);
    const bool known = std::ranges::find(copies(), memory, &Copy::original) != copies().end();
    if (array.given && !known)
      copies().push_back({memory, std::vector<unsigned char>(array.bytes, 0xFF)});
  }
}

void protect(int protection) {
  each_allocation(0, [&](char* begin, std::size_t bytes) {
    if (is_watchable(begin))
      mprotect(begin, (bytes + page_bytes - 1) / page_bytes * page_bytes, protection);
  });
}

}  // namespace

WrongStores::WrongStores(bool active) : active_(active) {
  if (!active_) return;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, &previous_action);
  for (const SharedArray& array : block().shared)
    if (array.given) keep(static_cast<unsigned char*>(array.memory), array.bytes);
  protect(PROT_READ);
}

WrongStores::~WrongStores() {
  if (!active_) return;
  protect(PROT_READ | PROT_WRITE);
  sigaction(SIGSEGV, &previous_action, nullptr);
  keep_new_arrays();
  for (const Copy& copy : copies()) spoil(copy.original, copy.bytes.data(), copy.bytes.size());
  copies().clear();
}

}  // namespace gpucheck::simt
