#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "kernels/device/launch.hpp"
#include "tests/simulated/grid.hpp"

// Each misuse is reported with its thread and its place; nothing here is undefined on the host.

namespace gpucheck {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string at(unsigned line) { return "misuse_test.cpp:" + std::to_string(line) + ":"; }

constexpr unsigned divergent_line = __LINE__ + 3;
__global__ void diverge() {
  if (threadIdx.x < 40)
    __syncthreads();
  else
    __syncthreads();
}

TEST_P(InEveryOrder, DivergentBarrierNamesBothBarriers) {
  EXPECT_THAT(run(diverge, dim3(2), dim3(64), 0),
              AllOf(HasSubstr("divergent barrier"), HasSubstr(at(divergent_line)),
                    HasSubstr(at(divergent_line + 2))));
}

constexpr unsigned after_exit_line = __LINE__ + 3;
__global__ void exit_before_barrier() {
  if (threadIdx.x == 9) return;
  __syncthreads();
}

TEST_P(InEveryOrder, BarrierThatAThreadDoesNotReach) {
  EXPECT_THAT(run(exit_before_barrier, dim3(1), dim3(64), 0),
              AllOf(HasSubstr("thread ("), HasSubstr(at(after_exit_line)), HasSubstr("exit")));
}

constexpr unsigned branch_line = __LINE__ + 2;
__global__ void full_mask_in_branch(int* out) {
  if (threadIdx.x < 8) out[threadIdx.x] = __shfl_xor_sync(0xffffffffu, int(threadIdx.x), 1);
}

TEST_P(InEveryOrder, FullMaskInABranchNamesALaneThatExited) {
  std::vector<int> out(32);
  EXPECT_THAT(run(full_mask_in_branch, dim3(1), dim3(32), 0, out.data()),
              AllOf(HasSubstr(at(branch_line)), HasSubstr("lane "), HasSubstr("exit")));
}

constexpr unsigned waiting_line = __LINE__ + 2;
__global__ void shuffle_with_waiting_lane(int* out) {
  if (threadIdx.x != 5) out[threadIdx.x] = __shfl_sync(0xffffffffu, 1, 0);
  __syncthreads();
}

TEST_P(InEveryOrder, CollectiveWithALaneThatWaitsAtTheBarrier) {
  std::vector<int> out(32);
  EXPECT_THAT(run(shuffle_with_waiting_lane, dim3(1), dim3(32), 0, out.data()),
              AllOf(HasSubstr("no thread can go on"), HasSubstr(at(waiting_line)),
                    HasSubstr(at(waiting_line + 1)), HasSubstr("thread (5,0,0)")));
}

__global__ void outside_own_mask() { __syncwarp(threadIdx.x == 3 ? 0x7u : 0xffffffffu); }

TEST(Misuse, LaneOutsideItsOwnMask) {
  EXPECT_THAT(run(outside_own_mask, dim3(1), dim3(32), 0),
              AllOf(HasSubstr("thread (3,0,0)"), HasSubstr("outside its own mask")));
}

__global__ void read_outside_mask(int* out) {
  if (threadIdx.x < 16) out[threadIdx.x] = __shfl_sync(0xffffu, int(threadIdx.x), 16);
  __syncwarp();
}

TEST_P(InEveryOrder, ShuffleFromALaneOutsideTheMask) {
  std::vector<int> out(32);
  EXPECT_THAT(run(read_outside_mask, dim3(1), dim3(32), 0, out.data()),
              HasSubstr("reads lane 16, which is not in its mask"));
}

constexpr unsigned mixed_line = __LINE__ + 3;
__global__ void mixed_collectives() {
  if (threadIdx.x % 2)
    __ballot_sync(0xffffffffu, 1);
  else
    __shfl_sync(0xffffffffu, 1, 0);
}

TEST_P(InEveryOrder, DifferentCollectivesOfOneWarp) {
  EXPECT_THAT(run(mixed_collectives, dim3(1), dim3(32), 0),
              AllOf(HasSubstr(at(mixed_line)), HasSubstr(at(mixed_line + 2))));
}

__global__ void wait_for_next_block(volatile int* flag) {
  if (blockIdx.x == gridDim.x - 1) *flag = 1;
  while (!*flag) {
  }
}

TEST(Misuse, WaitForAnotherBlockEndsWithAReport) {
  simt::settings().patience_seconds = 0.1;
  int flag = 0;
  const std::string report = run(wait_for_next_block, dim3(2), dim3(1), 0, &flag);
  simt::settings().patience_seconds = 20;
  EXPECT_THAT(report,
              AllOf(HasSubstr("block (0,0,0) thread (0,0,0)"), HasSubstr("waits for another")));
}

__global__ void too_much_shared() {
  SHARED_ARRAY(char, half, [30000]);
  SHARED_ARRAY(char, other_half, [30000]);
  half[0] = other_half[0] = 0;
}

TEST(Misuse, MoreSharedMemoryThanABlockHas) {
  EXPECT_THAT(run(too_much_shared, dim3(1), dim3(1), 0), HasSubstr("60000 bytes"));
}

__global__ void healthy(int* out) { out[threadIdx.x] = 1; }

TEST(Misuse, LeavesTheEngineUsable) {
  EXPECT_NE(run(diverge, dim3(1), dim3(1024), 0), "");
  std::vector<int> out(1024);
  EXPECT_EQ(run(healthy, dim3(1), dim3(1024), 0, out.data()), "");
  EXPECT_THAT(out, testing::Each(1));
}

TEST(Misuse, EndsTheDeviceWithTheReportInTheErrorText) {
  EXPECT_EQ(launch(diverge, dim3(1), dim3(64), 0, nullptr), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  EXPECT_THAT(cudaGetErrorString(cudaErrorLaunchFailure), HasSubstr("divergent barrier"));
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorLaunchFailure);  // Sticky, as on the GPU.
  EXPECT_EQ(cudaDeviceReset(), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);  // What this thread had remembered.
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

}  // namespace
}  // namespace gpucheck
