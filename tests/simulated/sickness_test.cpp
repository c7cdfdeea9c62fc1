#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "kernels/device/buffer.hpp"
#include "kernels/device/gpu_sample.hpp"
#include "kernels/device/launch.hpp"
#include "kernels/device/require.hpp"

// Each sickness spoils what it should, and only that; without it nothing is spoiled.

namespace gpucheck {
namespace {

constexpr unsigned threads = 128, blocks = 8;

template <class T>
__global__ void store_index(T* out) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  out[i] = T(float(i % 100 + 1));
}

__global__ void sum_in_warp(const float* in, float* out) {
  float sum = in[threadIdx.x];
  for (unsigned delta = 16; delta; delta /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, int(delta));
  if (threadIdx.x % 32 == 0) out[threadIdx.x / 32] = sum;
}

__global__ void reverse_in_shared(float* out) {
  SHARED_ARRAY(float, tile, [threads]);
  tile[threadIdx.x] = float(threadIdx.x + 1);
  __syncthreads();
  out[threadIdx.x] = tile[threads - 1 - threadIdx.x];
}

class Sick : public testing::Test {
 protected:
  void simulate(std::string_view text) { simt::settings().simulation = *parse_simulation(text); }
  void TearDown() override {
    cudaDeviceReset();
    cudaGetLastError();
    simulate("healthy");
    cudaSetDevice(0);
  }

  /// Indices of elements that store_index left wrong on that device.
  template <class T>
  std::vector<unsigned> wrong_elements(int device = 0) {
    const Place& place = *gpu_place(device);
    Buffer buffer(place, threads * blocks * sizeof(T));
    require_cuda(launch(store_index<T>, dim3(blocks), dim3(threads), 0, place.stream(),
                        static_cast<T*>(buffer.data())));
    place.synchronize();
    std::vector<T> out(threads * blocks);
    buffer.copy_out(out.data());
    std::vector<unsigned> wrong;
    for (unsigned i = 0; i < out.size(); ++i)
      if (!(float(out[i]) == float(i % 100 + 1))) wrong.push_back(i);
    return wrong;
  }
};

template <class Select>
std::vector<unsigned> elements(Select select) {
  std::vector<unsigned> all;
  for (unsigned i = 0; i < threads * blocks; ++i)
    if (select(i)) all.push_back(i);
  return all;
}

TEST_F(Sick, HealthySpoilsNothing) {
  simulate("healthy");
  EXPECT_EQ(wrong_elements<float>(), std::vector<unsigned>{});
}

TEST_F(Sick, WrongLaneSpoilsWhatThatLaneStoresInAnyType) {
  simulate("wrong_lane=5");
  const auto lane_5 = elements([](unsigned i) { return i % 32 == 5; });
  EXPECT_EQ(wrong_elements<float>(), lane_5);
  EXPECT_EQ(wrong_elements<double>(), lane_5);
  EXPECT_EQ(wrong_elements<__half>(), lane_5);
  EXPECT_EQ(wrong_elements<__nv_bfloat16>(), lane_5);
  EXPECT_EQ(wrong_elements<int>(), lane_5);
}

TEST_F(Sick, WrongLaneSpoilsSharedMemoryAndShuffles) {
  simulate("wrong_lane=5");
  const Place& place = *gpu_place(0);
  Buffer in(place, threads * sizeof(float)), out(place, threads * sizeof(float));
  const std::vector<float> ones(threads, 1);
  std::vector<float> results(threads);
  in.copy_in(ones.data());
  launch(sum_in_warp, dim3(1), dim3(threads), 0, place.stream(),
         static_cast<const float*>(in.data()), static_cast<float*>(out.data()));
  out.copy_out(results.data());
  for (unsigned warp = 0; warp < threads / 32; ++warp) EXPECT_NE(results[warp], 32) << warp;

  launch(reverse_in_shared, dim3(1), dim3(threads), 0, place.stream(),
         static_cast<float*>(out.data()));
  out.copy_out(results.data());
  for (unsigned i = 0; i < threads; ++i) {
    const bool stored_by_5 = i % 32 == 5, read_from_5 = (threads - 1 - i) % 32 == 5;
    EXPECT_EQ(results[i] != float(threads - i), stored_by_5 || read_from_5) << i;
  }
}

TEST_F(Sick, WrongMultiprocessorSpoilsItsBlocks) {
  simulate("wrong_sm=2");
  const auto blocks_of_2 = elements([](unsigned i) { return i / threads % 4 == 2; });
  EXPECT_EQ(wrong_elements<float>(), blocks_of_2);
  EXPECT_EQ(wrong_elements<__half>(), blocks_of_2);
}

TEST_F(Sick, BitFlipsComeAtTheirRate) {
  simulate("bit_flip=0.01");
  const std::size_t wrong = wrong_elements<float>().size();
  EXPECT_GT(wrong, 10u);  // 1024 elements of 4 bytes: 40 flips on average.
  EXPECT_LT(wrong, 100u);
}

TEST_F(Sick, BitFlipHitsTheByteAskedFor) {
  simulate("bit_flip=@300");  // 256 guard bytes stand before the data.
  EXPECT_EQ(wrong_elements<float>(), std::vector<unsigned>{(300 - 256) / 4});
}

TEST_F(Sick, LaunchFailureComesWithItsCodeWhereTheGpuWouldGiveIt) {
  simulate("launch_failure=209");
  EXPECT_EQ(launch(store_index<int>, dim3(1), dim3(1), 0, nullptr, nullptr), 209);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);  // Not sticky.
  simulate("launch_failure=700");
  EXPECT_EQ(launch(store_index<int>, dim3(1), dim3(1), 0, nullptr, nullptr), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), 700);
  EXPECT_EQ(cudaDeviceSynchronize(), 700);
}

TEST_F(Sick, OutOfMemoryFailsAllocationsThoughMemoryIsFree) {
  simulate("out_of_memory");
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 4), cudaErrorMemoryAllocation);
  std::size_t free_bytes = 0, total_bytes = 0;
  EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
  EXPECT_GT(free_bytes, std::size_t{1} << 30);
}

TEST_F(Sick, SlowClockStretchesTimesAndShowsInSamples) {
  const auto seconds = [&] {
    const Place& place = *gpu_place(0);
    const Buffer buffer(place, threads * 64 * sizeof(float));
    return place.seconds(
        [&](CUstream_st* stream) {
          launch(store_index<float>, dim3(64), dim3(threads), 0, stream,
                 static_cast<float*>(buffer.data()));
        },
        20);
  };
  const double healthy = seconds();
  EXPECT_EQ(gpu_sample(Device{})->events_reasons, 0u);
  simulate("slow_clock=1000");
  EXPECT_GT(seconds(),
            20 * healthy);  // A factor of 1000, less what a busy machine does to the first time.
  EXPECT_EQ(gpu_sample(Device{})->events_reasons, 0x8u);
  EXPECT_EQ(gpu_sample(Device{})->sm_clock_mhz, 1.5);
}

TEST_F(Sick, OnlyTheFirstGpuIsSick) {
  simulate("wrong_lane=5,gpus=2");
  int count = 0;
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(wrong_elements<float>(1), std::vector<unsigned>{});
  EXPECT_EQ(wrong_elements<float>(0).size(), threads * blocks / 32);
}

using SickDeathTest = Sick;

TEST_F(SickDeathTest, HangEndsOnlyWhenTheProcessIsKilled) {
  const auto hang = [this] {
    simulate("hang");
    alarm(1);
    launch(store_index<int>, dim3(1), dim3(1), 0, nullptr, nullptr);
    cudaDeviceSynchronize();
    std::_Exit(0);
  };
  EXPECT_EXIT(hang(), testing::KilledBySignal(SIGALRM), "");
}

}  // namespace
}  // namespace gpucheck
