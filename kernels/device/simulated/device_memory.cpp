#include "kernels/device/simulated/device_memory.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "kernels/device/sanitizer.hpp"

namespace gpucheck::simt {
namespace {

struct Allocation {
  int device;
  std::size_t bytes;
  std::uint64_t number;  ///< Grows with time.
  Backing backing;
  std::vector<std::pair<char*, std::size_t>> forbidden;
};

// By first byte.
std::map<char*, Allocation>& allocations() {
  static std::map<char*, Allocation> allocations;
  return allocations;
}

std::map<char*, Allocation>::iterator find(const void* address) {
  auto after = allocations().upper_bound(static_cast<char*>(const_cast<void*>(address)));
  if (after == allocations().begin()) return allocations().end();
  const auto found = std::prev(after);
  const auto offset = std::size_t(static_cast<const char*>(address) - found->first);
  return offset < found->second.bytes || offset == 0 ? found : allocations().end();
}

void open_all(const void* address) {
  if (const auto found = find(address); found != allocations().end())
    unpoison(found->first, found->second.bytes);
}

void close(const void* address) {
  if (const auto found = find(address); found != allocations().end())
    poison(found->first, found->second.bytes);
}

}  // namespace

void* allocate_device_memory(int device, std::size_t bytes, Backing backing) {
  static std::uint64_t number = 0;
  if (bytes > free_device_memory(device)) return nullptr;
  void* memory = nullptr;
  if (backing == Backing::heap) {
    if (posix_memalign(&memory, 256, bytes)) return nullptr;
  } else {
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
  }
  allocations()[static_cast<char*>(memory)] = {device, bytes, number++, backing, {}};
  poison(memory, bytes);
  return memory;
}

bool is_watchable(const void* address) {
  const auto found = find(address);
  return found != allocations().end() && found->second.backing == Backing::pages;
}

bool release_device_memory(void* memory) {
  const auto found = allocations().find(static_cast<char*>(memory));
  if (found == allocations().end()) return false;
  const Allocation allocation = found->second;
  unpoison(memory, allocation.bytes);
  allocations().erase(found);
  if (allocation.backing == Backing::heap)
    std::free(memory);
  else
    munmap(memory, allocation.bytes);
  return true;
}

std::size_t free_device_memory(int device) {
  std::size_t used = 0;
  for (const auto& [begin, allocation] : allocations())
    if (allocation.device == device) used += allocation.bytes;
  return device_memory_bytes - used;
}

bool is_device_memory(const void* address, std::size_t bytes) {
  const auto found = find(address);
  return found != allocations().end() &&
         std::size_t(static_cast<const char*>(address) - found->first) + bytes <=
             found->second.bytes;
}

int device_of(const void* address) {
  const auto found = find(address);
  return found == allocations().end() ? -1 : found->second.device;
}

void forbid_device_memory(void* begin, std::size_t bytes) {
  if (const auto found = find(begin); found != allocations().end())
    found->second.forbidden.emplace_back(static_cast<char*>(begin), bytes);
}

void permit_device_memory(void* begin, std::size_t bytes) {
  const std::pair range(static_cast<char*>(begin), bytes);
  if (const auto found = find(begin); found != allocations().end())
    std::erase(found->second.forbidden, range);
}

void each_allocation(int device, const std::function<void(char* begin, std::size_t bytes)>& visit) {
  std::map<std::uint64_t, std::pair<char*, std::size_t>> in_order;
  for (const auto& [begin, allocation] : allocations())
    if (allocation.device == device) in_order[allocation.number] = {begin, allocation.bytes};
  for (const auto& [number, range] : in_order) visit(range.first, range.second);
}

KernelAccess::KernelAccess() {
  if constexpr (address_sanitizer)
    for (const auto& [begin, allocation] : allocations()) {
      unpoison(begin, allocation.bytes);
      for (const auto& [from, bytes] : allocation.forbidden) poison(from, bytes);
    }
}

KernelAccess::~KernelAccess() {
  if constexpr (address_sanitizer)
    for (const auto& [begin, allocation] : allocations()) poison(begin, allocation.bytes);
}

void copy_memory(void* destination, const void* source, std::size_t bytes) {
  open_all(destination);
  open_all(source);
  std::memmove(destination, source, bytes);
  close(destination);
  close(source);
}

void fill_memory(void* destination, int byte, std::size_t bytes) {
  open_all(destination);
  std::memset(destination, byte, bytes);
  close(destination);
}

}  // namespace gpucheck::simt
