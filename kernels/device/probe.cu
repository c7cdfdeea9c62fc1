#include "kernels/device/probe.hpp"

#include "kernels/device/launch.hpp"

namespace gpucheck {
namespace {

__global__ void write_pattern(std::uint32_t* out, std::uint32_t count) {
  const std::uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) out[i] = i * 2654435761u + 1u;
}

}  // namespace

int probe_launch(std::uint32_t* out, std::uint32_t count, CUstream_st* stream) {
  const unsigned threads = 128;
  return int(launch(write_pattern, dim3((count + threads - 1) / threads), dim3(threads), 0, stream,
                    out, count));
}

int probe_binary_version(int* version) {
  cudaFuncAttributes attributes = {};
  const cudaError_t code =
      cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(write_pattern));
  if (code == cudaSuccess) *version = attributes.binaryVersion;
  return int(code);
}

}  // namespace gpucheck
