#pragma once

// C++17: included by mse.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Bytes of workspace that mse_plain needs.
std::size_t mse_workspace_bytes(Dtype dtype, std::int64_t elements);

/// *loss = mean of (out - target)^2 in f32 (f64 for f64), grad = 2 (out - target) / elements;
/// returns a cudaError_t.
int mse_plain(Dtype dtype, const void* out, const void* target, void* loss, void* grad,
              std::int64_t elements, void* workspace, CUstream_st* stream);

}  // namespace gpucheck
