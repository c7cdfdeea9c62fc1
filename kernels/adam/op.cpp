#include <fmt/format.h>

#include <cmath>

#include "gpucheck/op.hpp"
#include "kernels/adam/adam.hpp"
#include "kernels/device/build.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "kernels/uniform.hpp"

namespace gpucheck {

std::vector<Expected> adam_reference(const Case&, const std::vector<Values>&);

namespace {

std::vector<Tensor> tensors(const Case& c) {
  const auto n = c["n"];
  return {{"p", c.dtype, {n}, Role::inout},
          {"m", c.dtype, {n}, Role::inout},
          {"v", c.dtype, {n}, Role::inout},
          {"g", c.dtype, {n}, Role::input}};
}

std::string shape_text(const Case& c) {
  return fmt::format("n{}_lr{:g}step{:g}", c["n"], c.parameter("lr"), c.parameter("step"));
}

// A bias correction of 10 and 1000 at step 1, both corrections at work at step 10, and at step 1000
// beta1^step = 0 in f32 and 1 - beta2^step = 0.63. The large learning rate moves p visibly in every
// element.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32})
    for (const std::int64_t n : {1, 31, 255, 256, 257, 1013, 262147})
      for (const double step : {1.0, 2.0, 10.0, 1000.0})
        for (const double lr : {1e-3, 0.25})
          all.push_back(
              {.op = "adam",
               .dtype = dtype,
               .accumulator = dtype,
               .output = dtype,
               .shape = {{"n", n}},
               .parameters =
                   {{"lr", lr}, {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"step", step}},
               .inputs = Inputs::real});
  return all;
}

// Every eighth gradient is so small that eps decides the step: an eps forgotten, or under the root,
// shows. Every eighth is zero with zero moments: p must not move, and 0 / 0 must not appear.
double gradient(const Case& c, std::size_t i) {
  if (i % 8 == 3) return uniform(c.seed, 3, i, -2e-8, 2e-8);
  return i % 8 == 6 ? 0 : uniform(c.seed, 3, i, -1, 1);
}

// Moments are zero before step 1, as in training; v is never negative, or its root is NaN.
bool fill(const Case& c, std::size_t index, Values& values) {
  if (index == 0) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double size = c.parameter("step") == 1 ? 0 : std::abs(gradient(c, i));
    if (index == 1) values[i] = size * uniform(c.seed, 1, i, -1, 1);
    if (index == 2) values[i] = size * size * uniform(c.seed, 2, i);
    if (index == 3) values[i] = gradient(c, i);
  }
  return true;
}

std::int64_t terms(const Case&) { return 2; }

Work work(const Case& c) {
  const double n = double(c["n"]);
  return {.flops = 15 * n, .bytes = 7 * n * double(bytes(c.dtype))};
}

Launch prepare_plain(const Case& c, const Buffers& buffers) {
  const AdamSettings settings{c.parameter("lr"), c.parameter("beta1"), c.parameter("beta2"),
                              c.parameter("eps"), c.parameter("step")};
  return [=, t = buffers.tensors](CUstream_st* stream) {
    require_cuda(adam_plain(c.dtype, t[0], t[1], t[2], t[3], c["n"], settings, stream));
  };
}

}  // namespace

const Op& adam_op() {
  static const Op op{.name = "adam",
                     .formula =
                         "m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, p = p - lr/(1-b1^t) m / "
                         "(sqrt(v)/sqrt(1-b2^t) + eps)",
                     .tensors = tensors,
                     .shape_text = shape_text,
                     .cases = cases,
                     .fill = fill,
                     .terms = terms,
                     .reference = adam_reference,
                     .work = work,
                     .implementations = {{"plain", Provider::kernel, available_anywhere,
                                          device_only<prepare_plain>()}}};
  return op;
}

}  // namespace gpucheck
