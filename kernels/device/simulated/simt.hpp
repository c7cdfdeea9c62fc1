#pragma once

// CUDA as a kernel file sees it, on the host: launch.hpp includes this where nvcc does not compile.
//
// What this cannot show: it runs the meaning of the source, not what nvcc and ptxas make of it; no
// timing, no occupancy; sums may be contracted into FMAs differently. There is no wgmma, TMA,
// mbarrier, cluster, cooperative group, texture, printf or __constant__ copy. Blocks run one after
// another, so waiting for another block (or spinning for another thread of the same one) never ends
// and is reported. Two host streams are one queue in issue order: a forgotten host synchronisation
// is seen, a missing dependency between two streams is not.

#if !defined(__cplusplus) || __cplusplus < 202002L
#error \
    "Kernels on the simulated GPU need C++20: std::source_location tells two barriers on one line apart"
#endif

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

#include <tuple>

#include "kernels/device/simulated/atomics.hpp"
#include "kernels/device/simulated/collectives.hpp"
#include "kernels/device/simulated/engine.hpp"
#include "kernels/device/simulated/intrinsics.hpp"
#include "kernels/device/simulated/queue.hpp"
#include "kernels/device/simulated/shared.hpp"

// host_defines.h makes __shared__ nothing, which would turn shared memory into a local variable of
// each thread.
#undef __shared__
#define __shared__ shared_memory_is_declared_with_SHARED_ARRAY

namespace gpucheck {

/// Number of the multiprocessor that the calling thread runs on (%smid).
inline unsigned multiprocessor_id() { return simt::multiprocessor(); }

/// Lets `kernel` be launched with up to `bytes` of dynamic shared memory, which takes more than 48
/// KiB only on request.
template <class... P>
cudaError_t allow_dynamic_shared(void (*kernel)(P...), std::size_t bytes) {
  return cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                              cudaFuncAttributeMaxDynamicSharedMemorySize, int(bytes));
}

/// Enqueues one grid; the status is that of the launch, not of the kernel.
template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, std::size_t shared_bytes,
                   cudaStream_t stream, A... arguments) {
  const simt::Grid shape{.blocks = grid,
                         .threads = block,
                         .dynamic_bytes = shared_bytes,
                         .kernel = reinterpret_cast<const void*>(kernel)};
  return simt::enqueue_grid(shape, stream,
                            [kernel, values = std::tuple<P...>(static_cast<P>(arguments)...)] {
                              std::apply(kernel, values);
                            });
}

}  // namespace gpucheck
