#include <cuda_runtime_api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "kernels/device/launch.hpp"
#include "kernels/device/nccl.hpp"

// The stand-in runtime answers as the real one does.

namespace gpucheck {
namespace {

__global__ void store(int* out, int value) { out[threadIdx.x] = value; }

class Runtime : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(cudaMalloc(&memory_, 16), cudaSuccess); }
  void TearDown() override {
    unsetenv("GPUCHECK_TEST_RUNTIME");
    cudaFree(memory_);
    cudaGetLastError();
  }
  int* device() { return static_cast<int*>(memory_); }
  void* memory_ = nullptr;
};

TEST_F(Runtime, NothingHappensBeforeTheHostWaits) {
  std::vector<int> host(4, 0);
  EXPECT_EQ(launch(store, dim3(1), dim3(4), 0, nullptr, device(), 7), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(host.data(), memory_, 16, cudaMemcpyDeviceToHost, nullptr),
            cudaSuccess);
  EXPECT_THAT(host, testing::Each(0));
  EXPECT_EQ(cudaStreamQuery(nullptr), cudaErrorNotReady);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_THAT(host, testing::Each(7));
  EXPECT_EQ(cudaStreamQuery(nullptr), cudaSuccess);
}

TEST_F(Runtime, EventsStampTheQueue) {
  cudaEvent_t start = nullptr, stop = nullptr;
  float milliseconds = -1;
  ASSERT_EQ(cudaEventCreate(&start), cudaSuccess);
  ASSERT_EQ(cudaEventCreate(&stop), cudaSuccess);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, stop), cudaErrorInvalidResourceHandle);
  cudaEventRecord(start, nullptr);
  launch(store, dim3(1000), dim3(4), 0, nullptr, device(), 7);
  cudaEventRecord(stop, nullptr);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, stop), cudaErrorNotReady);
  EXPECT_EQ(cudaEventSynchronize(stop), cudaSuccess);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, stop), cudaSuccess);
  EXPECT_GT(milliseconds, 0);
  cudaEventDestroy(start);
  cudaEventDestroy(stop);
}

TEST_F(Runtime, RefusesCopiesThatLeaveAnAllocation) {
  char host[17] = {};
  EXPECT_EQ(cudaMemcpy(memory_, host, 17, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host, host, 4, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(memory_, 0, 17), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device() + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST_F(Runtime, AllocatesNoMoreThanThereIs) {
  std::size_t before = 0, after = 0, total = 0;
  cudaMemGetInfo(&before, &total);
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, total), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMalloc(&memory, 1000), cudaSuccess);
  cudaMemGetInfo(&after, &total);
  EXPECT_EQ(before - after, 1000u);
  cudaFree(memory);
}

TEST_F(Runtime, FailsTheCallThatATestAsksFor) {
  setenv("GPUCHECK_TEST_RUNTIME", "cudaSetDevice:999@2,cudaMemGetInfo:46", 1);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaSetDevice(0), 999);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  std::size_t bytes = 0;
  EXPECT_EQ(cudaMemGetInfo(&bytes, &bytes), 46);
  EXPECT_EQ(cudaMemGetInfo(&bytes, &bytes), 46);
}

TEST_F(Runtime, MoreDynamicSharedMemoryTakesARequest) {
  EXPECT_EQ(launch(store, dim3(1), dim3(1), 100 << 10, nullptr, device(), 1),
            cudaErrorInvalidValue);
  EXPECT_EQ(allow_dynamic_shared(store, 228 << 10), cudaErrorInvalidValue);
  EXPECT_EQ(allow_dynamic_shared(store, 100 << 10), cudaSuccess);
  EXPECT_EQ(launch(store, dim3(1), dim3(1), 100 << 10, nullptr, device(), 1), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

TEST_F(Runtime, DescribesItselfAsSimulated) {
  cudaDeviceProp properties{};
  ASSERT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_STREQ(properties.name, "Simulated GPU");
  EXPECT_EQ(properties.major * 10 + properties.minor, 90);
  EXPECT_EQ(properties.multiProcessorCount, 4);
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 1), cudaErrorInvalidDevice);
}

TEST_F(Runtime, NamesErrorsAsTheTableDoes) {
  std::ifstream table(GPUCHECK_SOURCE_DIR "/data/cuda_errors.csv");
  int checked = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.rfind("cuda,", 0) != 0) continue;
    const std::size_t name = line.find(',', 5) + 1, end = line.find(',', name);
    if (line.compare(name, 4, "cuda") != 0) continue;
    EXPECT_EQ(cudaGetErrorName(cudaError_t(std::stoi(line.substr(5)))),
              line.substr(name, end - name));
    ++checked;
  }
  EXPECT_GT(checked, 100);
}

TEST_F(Runtime, NcclStandInSumsOverGpus) {
  simt::settings().simulation.gpus = 2;
  NcclComm comms[2];
  ASSERT_EQ(int(nccl()->comm_init_all(comms, 2, nullptr)), 0);
  float* data[2];
  for (int rank = 0; rank < 2; ++rank) {
    cudaSetDevice(rank);
    cudaMalloc(reinterpret_cast<void**>(&data[rank]), 8);
    const float values[2] = {float(rank + 1), 10.0f * float(rank + 1)};
    cudaMemcpy(data[rank], values, 8, cudaMemcpyHostToDevice);
  }
  nccl()->group_start();
  for (int rank = 0; rank < 2; ++rank)
    EXPECT_EQ(int(nccl()->all_reduce(data[rank], data[rank], 2, NcclDtype::f32, NcclOperation::sum,
                                     comms[rank], nullptr)),
              0);
  EXPECT_EQ(int(nccl()->group_end()), 0);
  for (int rank = 0; rank < 2; ++rank) {
    float sums[2];
    cudaMemcpy(sums, data[rank], 8, cudaMemcpyDeviceToHost);
    EXPECT_THAT(sums, testing::ElementsAre(3, 30));
    cudaFree(data[rank]);
  }
  // A rank that nobody joins would wait for ever on hardware.
  nccl()->all_reduce(data[0], data[0], 2, NcclDtype::f32, NcclOperation::sum, comms[0], nullptr);
  EXPECT_NE(int(nccl()->group_end()), 0);
  for (const NcclComm comm : comms) nccl()->comm_destroy(comm);
  cudaSetDevice(0);
  simt::settings().simulation.gpus = 1;
}

}  // namespace
}  // namespace gpucheck
