#pragma once

#include <cstddef>
#include <vector>

namespace gpucheck {

using Offsets = std::vector<std::ptrdiff_t>;

/// A matrix whose element (row, column) stands at data[rows[row] + columns[column]]: any stride,
/// and a convolution's patches without a copy of them.
struct GatheredMatrix {
  const double* data;
  Offsets rows, columns;
};

/// Where element (row, column) of a result goes: at [rows[row] + columns[column]].
struct Destination {
  Offsets rows, columns;
  double* values;
  double* magnitudes;  ///< Null: not wanted.
};

/// values = a * b and magnitudes = |a| * |b| in float64, each sum in the order of the depth, on
/// `threads` threads; the result does not depend on their number.
void product(const GatheredMatrix& a, const GatheredMatrix& b, const Destination& c, int threads);

/// Offsets 0, stride, 2 stride, ...
Offsets strided(std::ptrdiff_t count, std::ptrdiff_t stride);

}  // namespace gpucheck
