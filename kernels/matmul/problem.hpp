#pragma once

#include "gpucheck/op.hpp"
#include "kernels/matmul/matmul.hpp"

namespace gpucheck {

/// The layout that the last two letters of a matmul op name.
inline MatmulLayout matmul_layout(const Case& c) {
  if (c.op == "matmul_tn") return MatmulLayout::tn;
  return c.op == "matmul_nn" ? MatmulLayout::nn : MatmulLayout::nt;
}

inline MatmulShape matmul_shape(const Case& c) { return {c["m"], c["n"], c["k"]}; }

}  // namespace gpucheck
