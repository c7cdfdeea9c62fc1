#include <chrono>
#include <cstdlib>
#include <cstring>
#include <new>

#include "kernels/device/place.hpp"
#include "kernels/device/sanitizer.hpp"

namespace gpucheck {
namespace {

void* allocate(std::size_t bytes) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, bytes ? bytes : 1)) throw std::bad_alloc();
  return memory;
}

void copy(void* destination, const void* source, std::size_t bytes) {
  if (bytes) std::memcpy(destination, source, bytes);
}

void fill(void* destination, int byte, std::size_t bytes) {
  if (bytes) std::memset(destination, byte, bytes);
}

CUstream_st* no_stream() { return nullptr; }

double seconds(const Launch& launch, int repeats) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repeats; ++i) launch(nullptr);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats;
}

void forbid(void* begin, std::size_t bytes) { poison(begin, bytes); }

void permit(void* begin, std::size_t bytes) { unpoison(begin, bytes); }

}  // namespace

const Place& cpu_place() {
  static constexpr Place place{.name = "cpu",
                               .allocate = allocate,
                               .release = std::free,
                               .copy_in = copy,
                               .copy_out = copy,
                               .fill = fill,
                               .stream = no_stream,
                               .synchronize = [] {},
                               .seconds = seconds,
                               .forbid = forbid,
                               .permit = permit};
  return place;
}

}  // namespace gpucheck
