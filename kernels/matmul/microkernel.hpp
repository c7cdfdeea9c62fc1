#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace gpucheck {

/// The innermost loops of the float64 product: c[rows][columns] += a[depth][rows]^T *
/// b[depth][columns], all dense.
struct Microkernel {
  std::string_view instructions;  ///< "avx512f", "avx2" or "portable".
  int rows, columns;
  void (*multiply)(const double* a, const double* b, std::ptrdiff_t depth, double* c);
};

/// Those that this processor can run, the fastest first.
std::span<const Microkernel> microkernels();

inline const Microkernel& fastest_microkernel() { return microkernels().front(); }

}  // namespace gpucheck
