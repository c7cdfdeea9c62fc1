#include "kernels/device/simulated/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "kernels/device/launch.hpp"
#include "tests/simulated/grid.hpp"

// What a kernel relies on holds in every order of threads.

namespace gpucheck {
namespace {

using simt::Order;
using testing::Each;

std::string order_name(const testing::TestParamInfo<Order>& order) {
  return order.param == Order::forward   ? "forward"
         : order.param == Order::reverse ? "reverse"
                                         : "random";
}

INSTANTIATE_TEST_SUITE_P(Engine, InEveryOrder,
                         testing::Values(Order::forward, Order::reverse, Order::random),
                         order_name);

__global__ void number_threads(int* out) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned threads = blockDim.x * blockDim.y * blockDim.z;
  out[block * threads + thread] += int(block * threads + thread);
}

TEST_P(InEveryOrder, EachThreadRunsOnceWithItsIndices) {
  std::vector<int> out(2 * 3 * 4 * 5 * 6 * 7), expected(out.size());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(run(number_threads, dim3(2, 3, 4), dim3(5, 6, 7), 0, out.data()), "");
  EXPECT_EQ(out, expected);
}

// Tree over shared memory: wrong when a barrier lets anyone pass early.
__global__ void sum_by_tree(const int* in, int* out) {
  SHARED_ARRAY(int, part, [256]);
  part[threadIdx.x] = in[blockIdx.x * 256 + threadIdx.x];
  __syncthreads();
  for (unsigned half = 128; half; half /= 2) {
    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = part[0];
}

TEST_P(InEveryOrder, BarriersSeparatePhases) {
  std::vector<int> in(1024), out(4), expected;
  std::iota(in.begin(), in.end(), 0);
  for (int i = 0; i < 4; ++i) expected.push_back(256 * 255 / 2 + 256 * 256 * i);
  EXPECT_EQ(run(sum_by_tree, dim3(4), dim3(256), 0, in.data(), out.data()), "");
  EXPECT_EQ(out, expected);
}

__global__ void sum_by_shuffles(const double* in, double* out) {
  DYNAMIC_SHARED(double, warp_sums);
  double sum = in[threadIdx.x];
  for (unsigned delta = 16; delta; delta /= 2) sum += __shfl_down_sync(0xffffffffu, sum, delta);
  if (threadIdx.x % 32 == 0) warp_sums[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x == 0)
    for (unsigned warp = 0; warp < blockDim.x / 32; ++warp) *out += warp_sums[warp];
}

TEST_P(InEveryOrder, ShufflesAndDynamicSharedMemoryAddUp) {
  std::vector<double> in(128), out(1);
  std::iota(in.begin(), in.end(), 0.5);
  EXPECT_EQ(run(sum_by_shuffles, dim3(1), dim3(128), 4 * sizeof(double), in.data(), out.data()),
            "");
  EXPECT_EQ(out[0], 128 * 127 / 2 + 64);
}

__global__ void shuffle_kinds(int* out) {
  const int lane = int(threadIdx.x);
  int* row = out + lane * 6;
  row[0] = __shfl_sync(0xffffffffu, lane, 35, 8);
  row[1] = __shfl_up_sync(0xffffffffu, lane, 3, 16);
  row[2] = __shfl_down_sync(0xffffffffu, lane, 3, 16);
  row[3] = __shfl_xor_sync(0xffffffffu, lane, 5);
  row[4] = int(__ballot_sync(0xffffffffu, lane % 3 == 0));
  row[5] = __any_sync(0xffffffffu, lane == 7) + 2 * __all_sync(0xffffffffu, lane < 31);
}

TEST_P(InEveryOrder, ShuffleKindsAndVotesFollowTheProgrammingGuide) {
  std::vector<int> out(32 * 6);
  EXPECT_EQ(run(shuffle_kinds, dim3(1), dim3(32), 0, out.data()), "");
  for (int lane = 0; lane < 32; ++lane) {
    const int* row = &out[std::size_t(lane) * 6];
    EXPECT_EQ(row[0], lane / 8 * 8 + 3);
    EXPECT_EQ(row[1], lane % 16 >= 3 ? lane - 3 : lane);
    EXPECT_EQ(row[2], lane % 16 + 3 < 16 ? lane + 3 : lane);
    EXPECT_EQ(row[3], lane ^ 5);
    EXPECT_EQ(unsigned(row[4]), 0x49249249u);
    EXPECT_EQ(row[5], 1);
  }
}

// Halves of a warp go different ways, each with a mask of its own.
__global__ void shuffle_in_halves(int* out) {
  const int lane = int(threadIdx.x);
  if (lane < 16)
    out[lane] = __shfl_sync(0x0000ffffu, lane, 3);
  else
    out[lane] = __shfl_sync(0xffff0000u, lane, 20);
  __syncwarp();
}

TEST_P(InEveryOrder, HalvesOfAWarpMayDiverge) {
  std::vector<int> out(32);
  EXPECT_EQ(run(shuffle_in_halves, dim3(1), dim3(32), 0, out.data()), "");
  EXPECT_THAT(std::vector(out.begin(), out.begin() + 16), Each(3));
  EXPECT_THAT(std::vector(out.begin() + 16, out.end()), Each(20));
}

__global__ void count_atomically(int* total, unsigned long long* largest, float* sum,
                                 int* holding) {
  atomicAdd(total, 2);
  atomicMax(largest, blockIdx.x * blockDim.x + threadIdx.x);
  atomicAdd(sum, 0.5f);
  int old = *total, seen;
  do {  // A loop as on the GPU: another thread may come between.
    seen = old;
    old = atomicCAS(total, seen, seen + 1);
  } while (old != seen);
  if (threadIdx.x == 0) atomicExch(holding, 7);
}

TEST_P(InEveryOrder, AtomicsLoseNothing) {
  int total = 0, holding = 0;
  unsigned long long largest = 0;
  float sum = 0;
  EXPECT_EQ(run(count_atomically, dim3(10), dim3(50), 0, &total, &largest, &sum, &holding), "");
  EXPECT_EQ(total, 1500);
  EXPECT_EQ(largest, 499u);
  EXPECT_EQ(sum, 250);
  EXPECT_EQ(holding, 7);
}

__global__ void count_at_barrier(int* out) {
  const int odd = __syncthreads_count(threadIdx.x % 2);
  const int any = __syncthreads_or(threadIdx.x == 5), all = __syncthreads_and(threadIdx.x != 5);
  out[threadIdx.x] = odd * 100 + any * 10 + all;
}

TEST_P(InEveryOrder, BarriersCount) {
  std::vector<int> out(70);
  EXPECT_EQ(run(count_at_barrier, dim3(1), dim3(70), 0, out.data()), "");
  EXPECT_THAT(out, Each(3510));
}

__global__ void note_multiprocessor(unsigned* out) { out[blockIdx.x] = multiprocessor_id(); }

TEST(Engine, BlocksTakeTurnsOnTheMultiprocessors) {
  std::vector<unsigned> out(6);
  EXPECT_EQ(run(note_multiprocessor, dim3(6), dim3(1), 0, out.data()), "");
  EXPECT_EQ(out, (std::vector<unsigned>{0, 1, 2, 3, 0, 1}));
}

__global__ void read_unwritten(float* out) {
  SHARED_ARRAY(float, tile, [4]);
  DYNAMIC_SHARED(float, row);
  out[blockIdx.x] = tile[threadIdx.x] + row[0];
  tile[threadIdx.x] = row[0] = 0;
}

TEST(Engine, SharedMemoryIsNanInEveryBlock) {
  std::vector<float> out(3);
  EXPECT_EQ(run(read_unwritten, dim3(3), dim3(1), 4, out.data()), "");
  EXPECT_THAT(out, Each(testing::IsNan()));
}

TEST(Engine, RefusesWhatNoGpuLaunches) {
  const auto status = [](dim3 blocks, dim3 threads, std::size_t bytes) {
    return simt::launch_error({.blocks = blocks, .threads = threads, .dynamic_bytes = bytes});
  };
  EXPECT_EQ(status(dim3(1), dim3(1024), 48 << 10), cudaSuccess);
  EXPECT_EQ(status(dim3(1), dim3(1025), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(1), dim3(1, 1, 65), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(1), dim3(64, 32), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(1, 65536), dim3(1), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(0), dim3(1), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(1), dim3(1), (48 << 10) + 1), cudaErrorInvalidValue);
}

}  // namespace
}  // namespace gpucheck
