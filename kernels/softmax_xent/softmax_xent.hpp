#pragma once

// C++17: included by softmax_xent.cu.

#include <cstdint>

#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// loss[row] = log(sum of exp(logits[row])) - logits[row][labels[row]], in f32 (f64 for f64). A
/// label that is no class gives NaN. Returns a cudaError_t.
int softmax_xent_plain(Dtype dtype, const void* logits, const std::int32_t* labels, void* loss,
                       std::int64_t rows, std::int64_t classes, CUstream_st* stream);

/// dlogits[row] = (softmax(logits[row]) - one-hot(labels[row])) / rows. A label that is no class
/// gives a row of NaN. Returns a cudaError_t.
int softmax_xent_grad_plain(Dtype dtype, const void* logits, const std::int32_t* labels,
                            void* dlogits, std::int64_t rows, std::int64_t classes,
                            CUstream_st* stream);

}  // namespace gpucheck
