#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <vector>

#include "kernels/bias/bias.hpp"
#include "kernels/device/simulated/engine.hpp"

namespace gpucheck {
namespace {

using simt::Order;

class EveryOrder : public testing::TestWithParam<Order> {
 protected:
  void SetUp() override { simt::settings().order = GetParam(); }
  void TearDown() override { simt::settings().order = Order::forward; }
};

INSTANTIATE_TEST_SUITE_P(Bias, EveryOrder,
                         testing::Values(Order::forward, Order::reverse, Order::random));

TEST_P(EveryOrder, BiasKernelAddsRowByRow) {
  const int rows = 33, columns = 70;
  std::vector<float> x(rows * columns), b(columns), y(rows * columns, -1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(i % 17);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = float(i);
  void *device_x = nullptr, *device_b = nullptr, *device_y = nullptr;
  ASSERT_EQ(cudaMalloc(&device_x, x.size() * 4), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&device_b, b.size() * 4), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&device_y, y.size() * 4), cudaSuccess);
  ASSERT_EQ(cudaMemcpy(device_x, x.data(), x.size() * 4, cudaMemcpyHostToDevice), cudaSuccess);
  ASSERT_EQ(cudaMemcpy(device_b, b.data(), b.size() * 4, cudaMemcpyHostToDevice), cudaSuccess);
  ASSERT_EQ(bias_plain(Dtype::f32, device_x, device_b, device_y, rows, columns, nullptr), 0);
  ASSERT_EQ(cudaMemcpy(y.data(), device_y, y.size() * 4, cudaMemcpyDeviceToHost), cudaSuccess);
  for (std::size_t i = 0; i < y.size(); ++i) ASSERT_EQ(y[i], x[i] + b[i % columns]) << i;
  for (void* memory : {device_x, device_b, device_y}) EXPECT_EQ(cudaFree(memory), cudaSuccess);
}

}  // namespace
}  // namespace gpucheck
