#pragma once

#include <cstddef>

namespace gpucheck::simt {

/// The running block's shared array of that key: a heap block of exactly these bytes, so that
/// AddressSanitizer sees its end, filled with 0xFF (NaN) when the block first asks.
void* shared_array(const void* key, std::size_t bytes);

/// The running block's dynamic shared memory.
void* dynamic_shared();

}  // namespace gpucheck::simt

/// Static shared memory: SHARED_ARRAY(float, tile, [16][17]);
#define SHARED_ARRAY(T, name, dims) \
  using name##_type = T dims;       \
  static const char name##_key = 0; \
  name##_type& name =               \
      *static_cast<name##_type*>(gpucheck::simt::shared_array(&name##_key, sizeof(name##_type)))

/// Dynamic shared memory: DYNAMIC_SHARED(float, rows);
#define DYNAMIC_SHARED(T, name) T* const name = static_cast<T*>(gpucheck::simt::dynamic_shared())
