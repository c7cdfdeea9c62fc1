#include <cuda_runtime_api.h>

#include <map>

#include "kernels/device/build.hpp"
#include "kernels/device/event.hpp"
#include "kernels/device/place.hpp"
#include "kernels/device/require.hpp"
#include "kernels/device/stream.hpp"

namespace gpucheck {
namespace {

// One stream for each device used, never destroyed: at exit the runtime may be gone before our
// statics.
Stream& stream_of_current_device() {
  static auto& streams = *new std::map<int, Stream*>;
  int device = 0;
  require_cuda(cudaGetDevice(&device));
  Stream*& stream = streams[device];
  if (!stream) stream = new Stream;
  return *stream;
}

void* allocate(std::size_t bytes) {
  void* memory = nullptr;
  require_cuda(cudaMalloc(&memory, bytes ? bytes : 1));
  return memory;
}

void release(void* memory) {
  cudaFree(memory);
}  // Called from destructors, which have nobody to tell.

void copy(void* destination, const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  const Stream& stream = stream_of_current_device();
  require_cuda(cudaMemcpyAsync(destination, source, bytes, kind, stream.get()));
  stream.synchronize();
}

void copy_in(void* destination, const void* host_source, std::size_t bytes) {
  copy(destination, host_source, bytes, cudaMemcpyHostToDevice);
}

void copy_out(void* host_destination, const void* source, std::size_t bytes) {
  copy(host_destination, source, bytes, cudaMemcpyDeviceToHost);
}

void fill(void* destination, int byte, std::size_t bytes) {
  const Stream& stream = stream_of_current_device();
  require_cuda(cudaMemsetAsync(destination, byte, bytes, stream.get()));
  stream.synchronize();
}

CUstream_st* stream() { return stream_of_current_device().get(); }

void synchronize() { stream_of_current_device().synchronize(); }

double seconds(const Launch& launch, int repeats) {
  Event start, stop;
  start.record(stream());
  for (int i = 0; i < repeats; ++i) launch(stream());
  stop.record(stream());
  stop.synchronize();
  return stop.seconds_since(start) / repeats;
}

}  // namespace

const Place* gpu_place(int index) {
  require_cuda(cudaSetDevice(index));
  static constexpr Place place{.name = "gpu",
                               .allocate = allocate,
                               .release = release,
                               .copy_in = copy_in,
                               .copy_out = copy_out,
                               .fill = fill,
                               .stream = stream,
                               .synchronize = synchronize,
                               .seconds = seconds,
                               .forbid = forbid_gpu_memory,
                               .permit = permit_gpu_memory};
  return &place;
}

}  // namespace gpucheck
