#include <gtest/gtest.h>

#include <chrono>
#include <tuple>

#include "kernels/device/simulated/engine.hpp"
#include "kernels/matmul/matmul.hpp"
#include "tests/simulated/plain_kernel.hpp"

namespace gpucheck {
namespace {

using simt::Order;

/// Every op of the two folders, with its threads and blocks taking turns in every order.
class PlainKernel : public testing::TestWithParam<std::tuple<const char*, Order>> {
 protected:
  void SetUp() override { simt::settings().order = std::get<Order>(GetParam()); }
  void TearDown() override { simt::settings().order = Order::forward; }
};

INSTANTIATE_TEST_SUITE_P(
    Heavy, PlainKernel,
    testing::Combine(testing::Values("matmul_tn", "matmul_nn", "matmul_nt", "conv2d_fprop",
                                     "conv2d_dgrad", "conv2d_wgrad"),
                     testing::Values(Order::forward, Order::reverse, Order::random)));

TEST_P(PlainKernel, IsRightOnTheShapesOfVerify) {
  const Op& op = *find_op(std::get<const char*>(GetParam()));
  int checked = 0;
  for (const Case& c : op.cases()) {
    // The large ones take the sanitizers half a minute and have no edge that these have not.
    if (op.work(c).flops > 1e6) continue;
    const Compared compared = run_plain(op, c);
    EXPECT_EQ(compared.numbers.wrong, 0u)
        << op.name << ' ' << name(c.dtype) << ' ' << op.shape_text(c) << ' ' << name(c.inputs);
    EXPECT_GT(compared.numbers.checked, 0u);
    ++checked;
  }
  EXPECT_GE(checked, 50);
}

TEST(MatmulKernel, RefusesDtypesItHasNoCodeFor) {
  const auto code = [](Dtype input, Dtype output) {
    return matmul_plain(MatmulLayout::tn, input, output, {1, 1, 1}, nullptr, nullptr, nullptr,
                        nullptr);
  };
  EXPECT_NE(code(Dtype::s32, Dtype::s32), 0);
  EXPECT_NE(code(Dtype::f32, Dtype::f16), 0);
  EXPECT_NE(code(Dtype::f64, Dtype::f32), 0);
}

}  // namespace
}  // namespace gpucheck
