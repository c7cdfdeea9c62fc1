#pragma once

// C++17: included by sgd.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

struct SgdSettings {
  double lr, momentum, weight_decay;
};

/// velocity = momentum velocity + (g + weight_decay w), then w = w - lr velocity, all in `dtype`
/// (f32 or f64); returns a cudaError_t.
int sgd_plain(Dtype dtype, void* w, void* velocity, const void* g, std::int64_t elements,
              const SgdSettings& settings, CUstream_st* stream);

}  // namespace gpucheck
