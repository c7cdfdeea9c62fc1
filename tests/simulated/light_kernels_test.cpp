#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "kernels/ops.hpp"
#include "tests/simulated/device_run.hpp"
#include "verify/numerics/fill.hpp"
#include "verify/numerics/judge.hpp"

namespace gpucheck {
namespace {

constexpr std::string_view light_ops[] = {
    "bias",         "bias_grad",         "relu", "relu_grad", "max_pool", "max_pool_grad",
    "softmax_xent", "softmax_xent_grad", "sum",  "mse",       "sgd",      "adam"};

/// Cases small enough for sanitizers; `verify` runs the large ones.
std::vector<Case> small_cases(const Op& op) {
  std::vector<Case> chosen = op.cases();
  std::erase_if(chosen, [&](const Case& c) {
    const std::vector<Tensor> tensors = op.tensors(c);
    return std::ranges::any_of(tensors,
                               [](const Tensor& tensor) { return tensor.elements() > 5000; });
  });
  return chosen;
}

class LightKernel : public testing::TestWithParam<std::string_view> {};

INSTANTIATE_TEST_SUITE_P(Ops, LightKernel, testing::ValuesIn(light_ops),
                         [](const auto& op) { return std::string(op.param); });

TEST_P(LightKernel, IsRightAndTheSameInEveryThreadOrder) {
  const Op& op = *find_op(GetParam());
  const Implementation& plain =
      *std::ranges::find(op.implementations, "plain", &Implementation::name);
  for (const Case& c : small_cases(op)) {
    const std::vector<Tensor> tensors = op.tensors(c);
    const std::vector<Values> values = filled(op, c, tensors);
    const std::vector<Expected> expected = op.reference(c, values);
    const Call call{c, tensors, expected, Provider::kernel, 80};
    std::vector<Elements> first;
    for (const simt::Order order : {simt::Order::forward, simt::Order::reverse}) {
      const std::vector<Elements> got = run_on_device(plain, c, tensors, values, order);
      const Compared compared = compare_outputs(call, got);
      EXPECT_EQ(compared.numbers.wrong, 0u)
          << case_id(op, plain, c) << ": " << compared.numbers.pattern;
      EXPECT_EQ(compared.untrusted, "") << case_id(op, plain, c);
      if (first.empty()) first = got;
      EXPECT_EQ(got, first) << case_id(op, plain, c) << " depends on the order of threads";
    }
  }
}

}  // namespace
}  // namespace gpucheck
