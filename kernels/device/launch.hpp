#pragma once

// The only header a kernel file includes, C++17. Under nvcc this is CUDA; under the host compiler
// the same source runs on the simulated GPU (simulated/simt.hpp).

#include "gpucheck/dtype.hpp"

#if defined(__CUDACC__)

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

/// Static shared memory: SHARED_ARRAY(float, tile, [16][17]);
#define SHARED_ARRAY(T, name, dims) __shared__ T name dims
/// Dynamic shared memory, a pointer to its first element: DYNAMIC_SHARED(float, rows);
// Bytes of one type, since templates that declare the same extern array with different ones do not
// compile.
#define DYNAMIC_SHARED(T, name)                                         \
  extern __shared__ __align__(16) unsigned char dynamic_shared_bytes[]; \
  T* const name = reinterpret_cast<T*>(dynamic_shared_bytes)

namespace gpucheck {

/// Number of the multiprocessor that the calling thread runs on (%smid).
__device__ inline unsigned multiprocessor_id() {
  unsigned number;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(number));
  return number;
}

/// Lets `kernel` be launched with up to `bytes` of dynamic shared memory, which takes more than 48
/// KiB only on request.
template <class... P>
cudaError_t allow_dynamic_shared(void (*kernel)(P...), std::size_t bytes) {
  return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, int(bytes));
}

/// Enqueues one grid; the status is that of the launch, not of the kernel.
template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, std::size_t shared_bytes,
                   cudaStream_t stream, A... arguments) {
  kernel<<<grid, block, shared_bytes, stream>>>(static_cast<P>(arguments)...);
  return cudaGetLastError();
}

}  // namespace gpucheck

#else
#include "kernels/device/simulated/simt.hpp"
#endif
