#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/adam/adam.hpp"
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/device/block.hpp"
#include "kernels/max_pool/max_pool.hpp"
#include "kernels/relu/relu.hpp"
#include "kernels/sgd/sgd.hpp"
#include "kernels/softmax_xent/softmax_xent.hpp"
#include "tests/simulated/device_run.hpp"

namespace gpucheck {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::int64_t ulps_apart(double a, std::uint32_t bits) {
  return std::abs(std::int64_t(value_bits(Dtype::f32, a)) - std::int64_t(bits));
}

// run_check's dygraph step: gradients 4, 6 and 2 move 0.5, 0.5 and 1, with moments of zero.
TEST(AdamKernel, MakesTheStepOfRunCheck) {
  const auto p = on_device(Dtype::f32, {0.5, 0.5, 1}), m = on_device(Dtype::f32, {0, 0, 0}),
             v = on_device(Dtype::f32, {0, 0, 0}), g = on_device(Dtype::f32, {4, 6, 2});
  ASSERT_EQ(adam_plain(Dtype::f32, p->data(), m->data(), v->data(), g->data(), 3,
                       {0.001, 0.9, 0.999, 1e-8, 1}, nullptr),
            0);
  const std::uint32_t p_bits[] = {0x3eff7cee, 0x3eff7cee, 0x3f7fbe77},
                      m_bits[] = {0x3eccccd0, 0x3f19999c, 0x3e4cccd0},
                      v_bits[] = {0x3c831200, 0x3d137440, 0x3b831200};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LE(ulps_apart(values_of(Dtype::f32, p->read())[i], p_bits[i]), 1) << i;
    EXPECT_LE(ulps_apart(values_of(Dtype::f32, m->read())[i], m_bits[i]), 1) << i;
    EXPECT_LE(ulps_apart(values_of(Dtype::f32, v->read())[i], v_bits[i]), 1) << i;
  }
}

// run_check's data-parallel step: 0.1 moves by 0.01 times a gradient of 4 and 6.
TEST(SgdKernel, MakesTheStepOfRunCheck) {
  const auto w = on_device(Dtype::f32, {0.1, 0.1}), v = on_device(Dtype::f32, {0, 0}),
             g = on_device(Dtype::f32, {4, 6});
  ASSERT_EQ(sgd_plain(Dtype::f32, w->data(), v->data(), g->data(), 2, {0.01, 0, 0}, nullptr), 0);
  EXPECT_LE(ulps_apart(values_of(Dtype::f32, w->read())[0], 0x3d75c290), 1);
  EXPECT_LE(ulps_apart(values_of(Dtype::f32, w->read())[1], 0x3d23d70b), 1);
}

TEST(SgdKernel, RefusesTypesItDoesNotComputeIn) {
  EXPECT_NE(sgd_plain(Dtype::f16, nullptr, nullptr, nullptr, 1, {0.01, 0, 0}, nullptr), 0);
  EXPECT_NE(adam_plain(Dtype::bf16, nullptr, nullptr, nullptr, nullptr, 1,
                       {0.001, 0.9, 0.999, 1e-8, 1}, nullptr),
            0);
  EXPECT_NE(relu_plain(Dtype::s32, nullptr, nullptr, 1, nullptr), 0);
}

TEST(ReluKernel, KeepsANan) {
  const auto x = on_device(Dtype::f16, {nan, -1, 2}), y = on_device(Dtype::f16, {0, 0, 0});
  ASSERT_EQ(relu_plain(Dtype::f16, x->data(), y->data(), 3, nullptr), 0);
  const Values got = values_of(Dtype::f16, y->read());
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_EQ(got[1], 0);
  EXPECT_EQ(got[2], 2);
}

TEST(MaxPoolKernel, LetsANanThroughAndSendsTheGradientToIt) {
  const Planes x_planes{1, 1, 2, 2, 4, 4, 2, 1}, y_planes{1, 1, 1, 1, 1, 1, 1, 1};
  const PoolShape shape{2, 2, 0, x_planes, y_planes};
  const auto x = on_device(Dtype::f32, {1, nan, nan, 3}), y = on_device(Dtype::f32, {0}),
             dy = on_device(Dtype::f32, {5}), dx = on_device(Dtype::f32, {9, 9, 9, 9});
  ASSERT_EQ(max_pool_plain(Dtype::f32, x->data(), y->data(), shape, nullptr), 0);
  EXPECT_TRUE(std::isnan(values_of(Dtype::f32, y->read())[0]));
  ASSERT_EQ(
      max_pool_grad_plain(Dtype::f32, x->data(), y->data(), dy->data(), dx->data(), shape, nullptr),
      0);
  EXPECT_EQ(values_of(Dtype::f32, dx->read()), (Values{0, 5, 0, 0}));
}

TEST(SoftmaxXentKernel, AnswersALabelThatIsNoClassWithNan) {
  const auto logits = on_device(Dtype::f32, {0, 0, 0, 0}), labels = on_device(Dtype::s32, {2, -1}),
             loss = on_device(Dtype::f32, {0, 0}), gradient = on_device(Dtype::f32, {0, 0, 0, 0});
  const auto* classes = static_cast<const std::int32_t*>(labels->data());
  ASSERT_EQ(softmax_xent_plain(Dtype::f32, logits->data(), classes, loss->data(), 2, 2, nullptr),
            0);
  ASSERT_EQ(
      softmax_xent_grad_plain(Dtype::f32, logits->data(), classes, gradient->data(), 2, 2, nullptr),
      0);
  for (const double value : values_of(Dtype::f32, loss->read())) EXPECT_TRUE(std::isnan(value));
  for (const double value : values_of(Dtype::f32, gradient->read())) EXPECT_TRUE(std::isnan(value));
}

TEST(SoftmaxXentKernel, IsZeroForASingleClass) {
  const auto logits = on_device(Dtype::f32, {90}), labels = on_device(Dtype::s32, {0}),
             loss = on_device(Dtype::f32, {1}), gradient = on_device(Dtype::f32, {1});
  const auto* classes = static_cast<const std::int32_t*>(labels->data());
  ASSERT_EQ(softmax_xent_plain(Dtype::f32, logits->data(), classes, loss->data(), 1, 1, nullptr),
            0);
  ASSERT_EQ(
      softmax_xent_grad_plain(Dtype::f32, logits->data(), classes, gradient->data(), 1, 1, nullptr),
      0);
  EXPECT_EQ(values_of(Dtype::f32, loss->read())[0], 0);
  EXPECT_EQ(values_of(Dtype::f32, gradient->read())[0], 0);
}

// One more item than the largest grid has threads: without the stride the last one stays as it was.
TEST(ReluKernel, StridesOverMoreElementsThanTheGridHasThreads) {
  const std::size_t n = std::size_t{most_blocks} * block_threads + 1;
  const auto x = on_device(Dtype::f32, Values(n, 3)), y = on_device(Dtype::f32, Values(n, -1));
  ASSERT_EQ(relu_plain(Dtype::f32, x->data(), y->data(), std::int64_t(n), nullptr), 0);
  EXPECT_EQ(values_of(Dtype::f32, y->read()), Values(n, 3));
}

TEST(BiasGradKernel, StridesOverMoreTilesThanTheGridHasBlocks) {
  const std::size_t columns = std::size_t{most_blocks} * 32 + 1;
  const auto dy = on_device(Dtype::f32, Values(2 * columns, 3)),
             db = on_device(Dtype::f32, Values(columns, -1));
  ASSERT_EQ(bias_grad_plain(Dtype::f32, dy->data(), db->data(), 2, std::int64_t(columns), nullptr),
            0);
  EXPECT_EQ(values_of(Dtype::f32, db->read()), Values(columns, 6));
}

TEST(SoftmaxXentKernel, StridesOverMoreRowsThanTheGridHasBlocks) {
  const std::size_t rows = most_blocks + 1;
  const auto logits = on_device(Dtype::f32, Values(rows, 5)),
             labels = on_device(Dtype::s32, Values(rows, 0)),
             loss = on_device(Dtype::f32, Values(rows, -1));
  ASSERT_EQ(softmax_xent_plain(Dtype::f32, logits->data(),
                               static_cast<const std::int32_t*>(labels->data()), loss->data(),
                               std::int64_t(rows), 1, nullptr),
            0);
  EXPECT_EQ(values_of(Dtype::f32, loss->read()), Values(rows, 0));
}

}  // namespace
}  // namespace gpucheck
