#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "kernels/device/require.hpp"

namespace gpucheck {

void require_cuda(int code, std::source_location at) {
  if (code == cudaSuccess) return;
  cudaGetLastError();  // Or the next, unrelated call reports this failure again.
  const auto status = static_cast<cudaError_t>(code);
  throw CudaError(code, fmt::format("{}:{}: {} ({}): {}", at.file_name(), at.line(),
                                    cudaGetErrorName(status), code, cudaGetErrorString(status)));
}

}  // namespace gpucheck
