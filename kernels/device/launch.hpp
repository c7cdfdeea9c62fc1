#pragma once

// The only header a kernel file includes, C++17. Under nvcc this is CUDA; under the host compiler the same source runs
// on the simulated GPU (simulated/simt.hpp).

#include "gpucheck/dtype.hpp"

#if defined(__CUDACC__)

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

/// Static shared memory: SHARED_ARRAY(float, tile, [16][17]);
#define SHARED_ARRAY(T, name, dims) __shared__ T name dims
/// Dynamic shared memory: DYNAMIC_SHARED(float, rows);
#define DYNAMIC_SHARED(T, name) extern __shared__ T name[]

namespace gpucheck {

/// Enqueues one grid; the status is that of the launch, not of the kernel.
template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, std::size_t shared_bytes, cudaStream_t stream,
                   A... arguments) {
  kernel<<<grid, block, shared_bytes, stream>>>(static_cast<P>(arguments)...);
  return cudaGetLastError();
}

}  // namespace gpucheck

#else
#include "kernels/device/simulated/simt.hpp"
#endif
