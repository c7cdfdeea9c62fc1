#include "kernels/device/gpu_runtime_calls.hpp"

#include <cuda_runtime_api.h>

#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/device/build.hpp"
#include "kernels/device/probe.hpp"

namespace gpucheck {
namespace {

int driver_version(int* version) { return cudaDriverGetVersion(version); }

int device_count(int* count) { return cudaGetDeviceCount(count); }

std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(uuid.bytes[i]));
    text += digits;
    if (i == 3 || i == 5 || i == 7 || i == 9) text += '-';
  }
  return text;
}

int describe(int index, Device& device) {
  cudaDeviceProp properties = {};
  if (const cudaError_t code = cudaGetDeviceProperties(&properties, index); code != cudaSuccess)
    return code;
  device.index = index;
  device.name = properties.name;
  device.uuid = uuid_text(properties.uuid);
  device.cc = properties.major * 10 + properties.minor;
  device.sms = properties.multiProcessorCount;
  device.memory_bytes = properties.totalGlobalMem;
  device.simulated = is_simulated();
  std::size_t free = 0, total = 0;
  if (cudaSetDevice(index) == cudaSuccess && cudaMemGetInfo(&free, &total) == cudaSuccess)
    device.free_bytes = free;
  char pci[32] = {};
  if (cudaDeviceGetPCIBusId(pci, sizeof pci, index) == cudaSuccess) device.pci = pci;
  return cudaSuccess;
}

int round_trip(int index, bool& equal) {
  constexpr std::size_t bytes = 1 << 20;
  if (const cudaError_t code = cudaSetDevice(index); code != cudaSuccess) return code;
  std::vector<unsigned char> sent(bytes), received(bytes);
  for (std::size_t i = 0; i < bytes; ++i) sent[i] = static_cast<unsigned char>(i * 31 + (i >> 12));
  void* memory = nullptr;
  cudaError_t code = cudaMalloc(&memory, bytes);
  if (code == cudaSuccess) code = cudaMemcpy(memory, sent.data(), bytes, cudaMemcpyHostToDevice);
  if (code == cudaSuccess)
    code = cudaMemcpy(received.data(), memory, bytes, cudaMemcpyDeviceToHost);
  cudaFree(memory);
  equal = sent == received;
  return code;
}

int launch(LaunchProbe& probe, bool& equal) {
  constexpr std::uint32_t count = 1000;
  if (const cudaError_t code = cudaSetDevice(probe.device); code != cudaSuccess) return code;
  std::uint32_t* memory = nullptr;
  if (const cudaError_t code =
          cudaMalloc(reinterpret_cast<void**>(&memory), count * sizeof *memory);
      code != cudaSuccess) {
    return code;
  }
  const auto start = std::chrono::steady_clock::now();
  int code = probe_launch(memory, count, nullptr);
  if (code == cudaSuccess) code = cudaDeviceSynchronize();
  probe.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::vector<std::uint32_t> received(count);
  if (code == cudaSuccess)
    code = cudaMemcpy(received.data(), memory, count * sizeof *memory, cudaMemcpyDeviceToHost);
  cudaFree(memory);
  equal = true;
  for (std::uint32_t i = 0; i < count; ++i) equal = equal && received[i] == probe_value(i);
  if (int version = 0; code == cudaSuccess && probe_binary_version(&version) == cudaSuccess)
    probe.binary_version = version;
  probe.code = code;
  return code;
}

}  // namespace

const RuntimeCalls& gpu_runtime_calls() {
  static constexpr RuntimeCalls calls{driver_version, device_count, describe, round_trip, launch};
  return calls;
}

}  // namespace gpucheck
