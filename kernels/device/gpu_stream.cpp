#include <cuda_runtime_api.h>

#include "kernels/device/require.hpp"
#include "kernels/device/stream.hpp"

namespace gpucheck {

Stream::Stream() { require_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }

Stream::~Stream() { cudaStreamDestroy(stream_); }  // A destructor has nobody to tell.

void Stream::synchronize() const { require_cuda(cudaStreamSynchronize(stream_)); }

}  // namespace gpucheck
