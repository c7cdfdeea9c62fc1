#pragma once

// C++17: included by bias_grad.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// db[column] = sum over rows of dy[row][column], formed in f32 (f64 for f64); returns a
/// cudaError_t.
int bias_grad_plain(Dtype dtype, const void* dy, void* db, std::int64_t rows, std::int64_t columns,
                    CUstream_st* stream);

}  // namespace gpucheck
