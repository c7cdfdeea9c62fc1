#include <fmt/format.h>

#include "gpucheck/op.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gpucheck {

std::vector<Expected> sgd_reference(const Case&, const std::vector<Values>&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  const auto n = c["n"];
  return {{"w", c.dtype, {n}, Role::inout},
          {"velocity", c.dtype, {n}, Role::inout},
          {"g", c.dtype, {n}, Role::input}};
}

std::string shape_text(const Case& c) {
  return fmt::format("n{}_lr{:g}m{:g}d{:g}", c["n"], c.parameter("lr"), c.parameter("momentum"),
                     c.parameter("weight_decay"));
}

struct Settings {
  double lr, momentum, decay;
  Inputs inputs;
};

// Powers of two keep integer inputs exact through all three products, so that a wrong order of
// momentum, decay and step differs in its bits. Without momentum the old velocity must be
// forgotten.
constexpr Settings asked[] = {{0.125, 0.5, 0.25, Inputs::exact}, {0.5, 0, 0, Inputs::exact},
                              {0.05, 0.9, 1e-4, Inputs::real},   {0.01, 0, 0, Inputs::real},
                              {0.1, 0.9, 0, Inputs::real},       {0.1, 0, 0.1, Inputs::real}};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32})
    for (const std::int64_t n : {1, 31, 255, 256, 257, 1013, 262147})
      for (const auto& [lr, momentum, decay, inputs] : asked)
        all.push_back({.op = "sgd",
                       .dtype = dtype,
                       .accumulator = dtype,
                       .output = dtype,
                       .shape = {{"n", n}},
                       .parameters = {{"lr", lr}, {"momentum", momentum}, {"weight_decay", decay}},
                       .inputs = inputs});
  return all;
}

// Products with 1/32 and up to three terms: 2^6 of the exact range must stay free below and above
// the inputs.
std::int64_t terms(const Case&) { return 64; }

Work work(const Case& c) {
  const double n = double(c["n"]);
  return {.flops = 6 * n, .bytes = 5 * n * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  const SgdSettings settings{c.parameter("lr"), c.parameter("momentum"),
                             c.parameter("weight_decay")};
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(sgd_plain(c.dtype, t[0], t[1], t[2], c["n"], settings, stream));
  };
}

}  // namespace

const Op& sgd_op() {
  static const Op op{
      .name = "sgd",
      .formula = "velocity = momentum velocity + (g + weight_decay w), w = w - lr velocity",
      .tensors = tensors,
      .shape_text = shape_text,
      .cases = cases,
      .fill = nullptr,
      .terms = terms,
      .reference = sgd_reference,
      .work = work,
      .implementations = {
          {"plain", Provider::kernel, available_anywhere, device_only<prepare_plain>()}}};
  return op;
}

}  // namespace gpucheck
