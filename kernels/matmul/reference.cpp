#include "gpucheck/op.hpp"
#include "kernels/matmul/problem.hpp"
#include "kernels/matmul/product.hpp"
#include "kernels/ops.hpp"
#include "kernels/threads.hpp"

namespace gpucheck {

std::vector<Expected> matmul_reference(MatmulLayout layout, const Case& c,
                                       const std::vector<Values>& tensors) {
  const MatmulShape shape = matmul_shape(c);
  const MatrixStrides stride_a = strides_of_a(layout, shape),
                      stride_b = strides_of_b(layout, shape);
  Expected expected{.values = Values(shape.m * shape.n)};
  // Exact data rounds nothing, so that no magnitude is asked for.
  if (c.inputs == Inputs::real) expected.magnitudes.resize(expected.values.size());
  // One rounding for each term: of the sum where the product is fused into it or exact, else of the
  // product, and the first sum is one with nothing. In f64 this reference rounds as often as what
  // it judges. `rounded_errors` has room for the second order of k roundings, k * u, too.
  expected.roundings = double(shape.k) * (c.accumulator == Dtype::f64 ? 2 : 1) * rounded_errors;
  product({tensors[0].data(), strided(shape.m, stride_a.row), strided(shape.k, stride_a.column)},
          {tensors[1].data(), strided(shape.k, stride_b.row), strided(shape.n, stride_b.column)},
          {strided(shape.m, shape.n), strided(shape.n, 1), expected.values.data(),
           expected.magnitudes.empty() ? nullptr : expected.magnitudes.data()},
          processors());
  return {std::move(expected)};
}

}  // namespace gpucheck
