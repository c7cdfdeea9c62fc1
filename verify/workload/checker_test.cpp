#include "verify/workload/checker_test.hpp"

#include <chrono>

#include "kernels/convert.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/attempt.hpp"
#include "verify/numerics/judge.hpp"
#include "verify/numerics/problem.hpp"

namespace gpucheck {
namespace {

/// The reference of a small matmul, rounded: right by construction.
SelfTest plant(const Op& op, Dtype dtype, Inputs inputs, std::uint64_t seed, Compared& compared) {
  const Case c{.op = op.name,
               .dtype = dtype,
               .accumulator = accumulator_of(dtype),
               .output = dtype,
               .shape = {{"m", 48}, {"n", 48}, {"k", 16}},
               .inputs = inputs,
               .seed = seed};
  const Problem problem = make_problem(op, c);
  const Values& values = problem.expected[0].values;
  Elements right(values.size() * bytes(dtype));
  from_f64(dtype, values.data(), values.size(), right.data());
  const Call call{c, problem.tensors, problem.expected, Provider::reference};
  merge(compared, compare_outputs(call, {right}), name(dtype));
  return test_checker(call, {right});
}

}  // namespace

CaseResult run_checker_test(std::uint64_t seed) {
  const std::string id(checker_test_id);
  CaseResult result{
      .id = id, .op = "self-test", .provider = Provider::reference, .implementation = "compare"};
  result.repro = repro_line(id, {}, seed);
  const auto start = std::chrono::steady_clock::now();
  Compared compared;
  SelfTest test;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (const Inputs inputs : {Inputs::exact, Inputs::real})
      merge(test, plant(*find_op("matmul_nn"), dtype, inputs, seed, compared));
  conclude(result, compared, test);
  // What is checked here is the checker: a fault planted is a number that must be found wrong.
  result.numbers.checked = std::uint64_t(test.planted);
  result.numbers.wrong = std::uint64_t(test.planted - test.caught);
  result.note = test.text();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace gpucheck
