#pragma once

// C++17: included by relu.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// y = x <= 0 ? 0 : x, so that a NaN stays one; returns a cudaError_t.
int relu_plain(Dtype dtype, const void* x, void* y, std::int64_t elements, CUstream_st* stream);

/// dx = y <= 0 ? 0 : dy, so that a NaN of y lets the gradient through; returns a cudaError_t.
int relu_grad_plain(Dtype dtype, const void* y, const void* dy, void* dx, std::int64_t elements,
                    CUstream_st* stream);

}  // namespace gpucheck
