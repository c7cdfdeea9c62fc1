#include "kernels/device/simulated/shared.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "kernels/device/simulated/block.hpp"
#include "kernels/device/simulated/race.hpp"

namespace gpucheck::simt {
namespace {

constexpr std::size_t max_static_bytes = 48 * 1024;
const char dynamic_key = 0;

SharedArray& array_of(const void* key, std::size_t bytes) {
  for (SharedArray& array : block().shared)
    if (array.key == key && array.bytes == bytes) return array;
  void* memory = nullptr;
  if (posix_memalign(&memory, 128, bytes ? bytes : 1)) throw std::bad_alloc();
  return block().shared.emplace_back(SharedArray{key, memory, bytes, false});
}

void* give(SharedArray& array) {
  if (!array.given) {
    std::memset(array.memory, 0xFF, array.bytes);
    if constexpr (race_hooks) forget_accesses(array.memory, array.bytes);
  }
  array.given = true;
  return array.memory;
}

}  // namespace

void* shared_array(const void* key, std::size_t bytes) {
  SharedArray& array = array_of(key, bytes);
  if (!array.given) block().static_bytes += bytes;
  if (block().static_bytes > max_static_bytes)
    misuse("more than 48 KiB of static shared memory: " + std::to_string(block().static_bytes) +
           " bytes");
  return give(array);
}

void* dynamic_shared() { return give(array_of(&dynamic_key, block().grid->dynamic_bytes)); }

void begin_shared() {
  for (SharedArray& array : block().shared) array.given = false;
  block().static_bytes = 0;
}

void end_shared() {
  for (SharedArray& array : block().shared) std::free(array.memory);
  block().shared.clear();
}

}  // namespace gpucheck::simt
