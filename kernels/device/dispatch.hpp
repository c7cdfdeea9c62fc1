#pragma once

// C++17: included by kernel files.

#include "kernels/device/launch.hpp"

namespace gpucheck {

/// Calls run(T{}, Sum{}) with the element type and the type its sums are formed in; what it
/// returns, or cudaErrorInvalidValue for a dtype that has no arithmetic here.
template <class Run>
int with_types(Dtype dtype, Run run) {
  switch (dtype) {
    case Dtype::f64: return run(double{}, double{});
    case Dtype::f32: return run(float{}, float{});
    case Dtype::f16: return run(__half{}, float{});
    case Dtype::bf16: return run(__nv_bfloat16{}, float{});
    case Dtype::s32: break;
  }
  return int(cudaErrorInvalidValue);
}

/// The same for ops that keep their state in the type they compute in.
template <class Run>
int with_type(Dtype dtype, Run run) {
  if (dtype == Dtype::f64) return run(double{});
  if (dtype == Dtype::f32) return run(float{});
  return int(cudaErrorInvalidValue);
}

}  // namespace gpucheck
