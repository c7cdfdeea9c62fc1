#include "gpucheck/op.hpp"

#include "kernels/device/build.hpp"
#include "kernels/device/cpu_module.hpp"
#include "kernels/device/require.hpp"
#include "kernels/matmul/problem.hpp"
#include "kernels/matmul/vendor.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {

std::vector<Expected> matmul_reference(MatmulLayout, const Case&, const std::vector<Values>&);

namespace {

template <MatmulLayout layout>
std::vector<Tensor> tensors(const Case& c) {
  const auto m = c["m"], n = c["n"], k = c["k"];
  const bool a_by_depth = layout == MatmulLayout::nt, b_by_depth = layout != MatmulLayout::tn;
  using Dims = std::vector<std::int64_t>;
  return {{"a", c.dtype, a_by_depth ? Dims{k, m} : Dims{m, k}, Role::input},
          {"b", c.dtype, b_by_depth ? Dims{k, n} : Dims{n, k}, Role::input},
          {"c", c.output, {m, n}, Role::output}};
}

// A 16-bit output would hide the sum's error behind its own rounding, so real 16-bit inputs give an
// f32 output.
Dtype output_of(Dtype dtype, Inputs inputs) {
  const bool half = dtype == Dtype::f16 || dtype == Dtype::bf16;
  return half && inputs == Inputs::real ? Dtype::f32 : dtype;
}

// Around the tile (32) on every side, primes, a vector, and one that needs several tiles each way.
constexpr MatmulShape shapes[] = {{1, 1, 1},      {13, 13, 13},   {32, 32, 32}, {31, 33, 31},
                                  {33, 31, 65},   {1, 127, 64},   {128, 1, 97}, {40, 200, 96},
                                  {64, 129, 257}, {256, 256, 256}};

template <MatmulLayout layout>
std::vector<Case> cases() {
  constexpr std::string_view names[] = {"matmul_tn", "matmul_nn", "matmul_nt"};
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const auto& [m, n, k] : shapes)
      for (const Inputs inputs : {Inputs::exact, Inputs::real})
        all.push_back({.op = names[int(layout)],
                       .dtype = dtype,
                       .accumulator = dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32,
                       .output = output_of(dtype, inputs),
                       .shape = {{"m", m}, {"n", n}, {"k", k}},
                       .inputs = inputs});
  return all;
}

std::int64_t terms(const Case& c) { return c["k"]; }

template <MatmulLayout layout>
std::vector<Expected> reference(const Case& c, const std::vector<Values>& tensors) {
  return matmul_reference(layout, c, tensors);
}

Work work(const Case& c) {
  const double m = double(c["m"]), n = double(c["n"]), k = double(c["k"]);
  return {.flops = 2 * m * n * k,
          .bytes = (m * k + k * n) * double(bytes(c.dtype)) + m * n * double(bytes(c.output))};
}

template <MatmulLayout layout>
Launch prepare_plain(const Case& c, const Buffers& buffers) {
  return [input = c.dtype, output = c.output, shape = matmul_shape(c),
          t = buffers.tensors](CUstream_st* stream) {
    require_cuda(matmul_plain(layout, input, output, shape, t[0], t[1], t[2], stream));
  };
}

template <MatmulLayout layout>
Op row(std::string_view name, std::string_view formula) {
  return {.name = name,
          .formula = formula,
          .tensors = tensors<layout>,
          .shape_text = joined_shape,
          .cases = cases<layout>,
          .fill = nullptr,
          .terms = terms,
          .reference = reference<layout>,
          .work = work,
          .implementations = {
              {"plain", Provider::kernel, available_anywhere, device_only<prepare_plain<layout>>()},
              {"onednn", Provider::cpu, onednn_unavailable, prepare_onednn},
              {"openblas", Provider::cpu, openblas_unavailable, prepare_openblas},
              {"cublas", Provider::vendor, cublas_matmul_unavailable,
               device_only<prepare_cublas_matmul<layout>>()},
              {"cublasLt", Provider::vendor, cublaslt_matmul_unavailable,
               device_only<prepare_cublaslt_matmul<layout>>()},
              {"cudnn", Provider::vendor, cudnn_matmul_unavailable,
               device_only<prepare_cudnn_matmul<layout>>()}}};
}

}  // namespace

const Op& matmul_tn_op() {
  static const Op op = row<MatmulLayout::tn>("matmul_tn", "c[m,n] = sum over k of a[m,k] b[n,k]");
  return op;
}

const Op& matmul_nn_op() {
  static const Op op = row<MatmulLayout::nn>("matmul_nn", "c[m,n] = sum over k of a[m,k] b[k,n]");
  return op;
}

const Op& matmul_nt_op() {
  static const Op op = row<MatmulLayout::nt>("matmul_nt", "c[m,n] = sum over k of a[k,m] b[k,n]");
  return op;
}

}  // namespace gpucheck
