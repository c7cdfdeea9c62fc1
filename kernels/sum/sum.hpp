#pragma once

// C++17: included by sum.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Bytes of workspace that sum_plain needs.
std::size_t sum_workspace_bytes(Dtype dtype, std::int64_t elements);

/// *sum = sum of x, formed and stored in f32 (f64 for f64), in the same order every time; returns a
/// cudaError_t.
int sum_plain(Dtype dtype, const void* x, void* sum, std::int64_t elements, void* workspace,
              CUstream_st* stream);

}  // namespace gpucheck
