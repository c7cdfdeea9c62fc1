#pragma once

// C++17: included by adam.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

struct AdamSettings {
  double lr, beta1, beta2, eps, step;  ///< step counts from 1.
};

/// m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, p -= lr/(1-b1^step) m / (sqrt(v)/sqrt(1-b2^step) +
/// eps), all in `dtype` (f32 or f64); returns a cudaError_t.
int adam_plain(Dtype dtype, void* p, void* m, void* v, const void* g, std::int64_t elements,
               const AdamSettings& settings, CUstream_st* stream);

}  // namespace gpucheck
