#include <cuda_runtime_api.h>

#include "kernels/device/event.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

Event::Event() { require_cuda(cudaEventCreate(&event_)); }

Event::~Event() { cudaEventDestroy(event_); }  // A destructor has nobody to tell.

void Event::record(CUstream_st* stream) { require_cuda(cudaEventRecord(event_, stream)); }

void Event::synchronize() const { require_cuda(cudaEventSynchronize(event_)); }

double Event::seconds_since(const Event& start) const {
  float milliseconds = 0;
  require_cuda(cudaEventElapsedTime(&milliseconds, start.event_, event_));
  return double(milliseconds) / 1e3;
}

}  // namespace gpucheck
