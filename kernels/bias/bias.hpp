#pragma once

// C++17: included by bias.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// y[row][column] = x[row][column] + b[column], sums in f32 (f64 for f64); returns a cudaError_t.
int bias_plain(Dtype dtype, const void* x, const void* b, void* y, std::int64_t rows,
               std::int64_t columns, CUstream_st* stream);

}  // namespace gpucheck
