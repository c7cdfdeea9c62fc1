#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gpucheck/device.hpp"
#include "gpucheck/dtype.hpp"

struct CUstream_st;

namespace gpucheck {

/// Who computes: float64 on the CPU; oneDNN and OpenBLAS; our kernels on the GPU; cuBLAS and cuDNN.
enum class Provider { reference, cpu, kernel, vendor };

constexpr std::string_view name(Provider provider) {
  switch (provider) {
    case Provider::reference: return "reference";
    case Provider::cpu: return "cpu";
    case Provider::kernel: return "kernel";
    case Provider::vendor: return "vendor";
  }
  return "";
}

/// exact: small integers whose sums are representable in any order; real: U[-1, 1].
enum class Inputs { exact, real };

constexpr std::string_view name(Inputs inputs) {
  return inputs == Inputs::exact ? "exact" : "real";
}

enum class Layout { none, nhwc, nchw };

struct Dimension {
  std::string_view name;
  std::int64_t value;
};

struct Parameter {
  std::string_view name;
  double value;
};

/// One problem an op can be asked to solve: everything that decides its result, and nothing about
/// who solves it.
struct Case {
  std::string_view op;
  Dtype dtype = Dtype::f32;        ///< Of the inputs.
  Dtype accumulator = Dtype::f32;  ///< In which sums are formed.
  Dtype output = Dtype::f32;
  std::vector<Dimension> shape;
  Layout layout = Layout::none;
  std::vector<Parameter> parameters;  ///< Learning rate and the like; empty for most ops.
  Inputs inputs = Inputs::real;
  std::uint64_t seed = 1;

  /// Value of the named dimension; asserts that it exists.
  std::int64_t operator[](std::string_view name) const;
  /// Value of the named parameter; asserts that it exists.
  double parameter(std::string_view name) const;
};

enum class Role { input, output, inout };

/// A tensor of a case, dense, `dims` in memory order (row-major: the last is contiguous).
struct Tensor {
  std::string_view name;
  Dtype dtype;
  std::vector<std::int64_t> dims;
  Role role;

  std::int64_t elements() const;
};

/// Elements of a tensor as float64, in memory order.
using Values = std::vector<double>;

/// What one output tensor should hold, and how far a right implementation may be from it.
struct Expected {
  Values values;
  /// Per element, E of |c - values| <= roundings * u(accumulator) * E + u(output) * |values|: the
  /// sum of the absolute values of all terms whose rounding reaches the element. Empty: the op
  /// rounds nothing but its output.
  Values magnitudes;
  double roundings = 0;  ///< Number of roundings on the longest way from an input to an element.
};

/// Floating-point operations and bytes that a case needs at least.
struct Work {
  double flops = 0;
  double bytes = 0;
};

/// Enqueues one call and returns without waiting, so that the caller can time it; on the CPU it
/// computes.
using Launch = std::function<void(CUstream_st* stream)>;

/// Memory an implementation works on: one pointer for each tensor of the case, in order of
/// Op::tensors.
struct Buffers {
  std::vector<void*> tensors;
  /// Memory of the same place that lives as long as the buffers.
  std::function<void*(std::size_t bytes)> workspace;
};

/// One way to compute an op.
struct Implementation {
  std::string_view name;
  Provider provider;
  /// Why this cannot exist on the device by documented limits (the case is then not asked), or "".
  std::string (*unavailable)(const Device&, const Case&);
  /// Makes plans and workspaces; null where this build has no device code.
  Launch (*prepare)(const Case&, const Buffers&);
};

/// An operation as a row: what it computes, on which cases it is verified, and who implements it.
struct Op {
  std::string_view name;
  std::string_view formula;  ///< One line, for `gpucheck list`.
  std::vector<Tensor> (*tensors)(const Case&);
  std::string (*shape_text)(const Case&);  ///< The shape part of a case id: "m8n8k8".
  std::vector<Case> (
      *cases)();  ///< What `gpucheck verify` asks; every dtype, shape and kind of input.
  /// Fills tensor number `index` where the default (numerics/fill) does not do; null: the default
  /// does.
  bool (*fill)(const Case&, std::size_t index, Values& values);
  /// Length of the longest sum, from which the range of exact inputs follows; 0: the op adds
  /// nothing.
  std::int64_t (*terms)(const Case&);
  /// One Expected for each tensor that is not an input. `tensors` holds the inputs and the initial
  /// inouts.
  std::vector<Expected> (*reference)(const Case&, const std::vector<Values>& tensors);
  Work (*work)(const Case&);
  std::vector<Implementation> implementations;
};

}  // namespace gpucheck
