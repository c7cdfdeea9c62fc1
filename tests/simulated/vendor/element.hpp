#pragma once

#include <cstddef>

#include "kernels/convert.hpp"
#include "kernels/device/simulated/device_memory.hpp"

namespace gpucheck {

// These libraries stand in for kernels: under a simt::KernelAccess of the program that opens them.

/// Element `index` of an array, as float64.
inline double element(Dtype dtype, const void* elements, std::ptrdiff_t index) {
  double value = 0;
  to_f64(dtype, static_cast<const char*>(elements) + index * std::ptrdiff_t(bytes(dtype)), 1,
         &value);
  return value;
}

inline void set_element(Dtype dtype, void* elements, std::ptrdiff_t index, double value) {
  from_f64(dtype, &value, 1, static_cast<char*>(elements) + index * std::ptrdiff_t(bytes(dtype)));
}

}  // namespace gpucheck
