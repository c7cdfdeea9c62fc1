#include <cstdlib>

#include "kernels/device/simulated/device_memory.hpp"
#include "kernels/device/simulated/queue.hpp"
#include "kernels/device/simulated/runtime.hpp"

// Memory and copies of the stand-in CUDA runtime.

using gpucheck::Sickness;
using namespace gpucheck::simt;

namespace {

// A kind that contradicts the pointers is what the real runtime answers cudaErrorInvalidValue to.
bool copyable(const void* destination, const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  const auto fits = [&](const void* address, bool device) {
    if (kind == cudaMemcpyDefault) device = device_of(address) >= 0;
    return device ? is_device_memory(address, bytes) : device_of(address) < 0 && address;
  };
  return bytes == 0 || (fits(destination, to_device) && fits(source, from_device));
}

}  // namespace

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  return call("cudaMalloc", [&] {
    if (!memory) return cudaErrorInvalidValue;
    *memory = nullptr;
    if (bytes == 0) return cudaSuccess;
    const int device = current_device();
    if (sick(device, Sickness::out_of_memory)) return cudaErrorMemoryAllocation;
    const bool watch = sick(device, Sickness::wrong_lane) || sick(device, Sickness::wrong_sm);
    *memory = allocate_device_memory(device, bytes, watch ? Backing::pages : Backing::heap);
    return *memory ? cudaSuccess : cudaErrorMemoryAllocation;
  });
}

cudaError_t cudaFree(void* memory) {
  return call("cudaFree", [&] {
    if (const cudaError_t error = drain(); error != cudaSuccess) return error;
    return !memory || release_device_memory(memory) ? cudaSuccess : cudaErrorInvalidValue;
  });
}

cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  return call("cudaMallocHost", [&] {
    *memory = std::malloc(bytes ? bytes : 1);
    return *memory ? cudaSuccess : cudaErrorMemoryAllocation;
  });
}

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  return cudaMallocHost(memory, bytes);
}

cudaError_t cudaFreeHost(void* memory) {
  return call("cudaFreeHost", [&] {
    const cudaError_t error = drain();
    std::free(memory);
    return error;
  });
}

cudaError_t cudaMemcpy(void* destination, const void* source, size_t bytes, cudaMemcpyKind kind) {
  return call("cudaMemcpy", [&] {
    if (!copyable(destination, source, bytes, kind)) return cudaErrorInvalidValue;
    enqueue([=] { copy_memory(destination, source, bytes); });
    return drain();
  });
}

cudaError_t cudaMemcpyAsync(void* destination, const void* source, size_t bytes,
                            cudaMemcpyKind kind, cudaStream_t) {
  return call("cudaMemcpyAsync", [&] {
    if (!copyable(destination, source, bytes, kind)) return cudaErrorInvalidValue;
    enqueue([=] { copy_memory(destination, source, bytes); });
    return cudaSuccess;
  });
}

cudaError_t cudaMemcpyPeerAsync(void* destination, int to, const void* source, int from,
                                size_t bytes, cudaStream_t) {
  return call("cudaMemcpyPeerAsync", [&] {
    if (device_of(destination) != to || device_of(source) != from ||
        !copyable(destination, source, bytes, cudaMemcpyDeviceToDevice))
      return cudaErrorInvalidValue;
    enqueue([=] { copy_memory(destination, source, bytes); });
    return cudaSuccess;
  });
}

cudaError_t cudaMemcpyPeer(void* destination, int to, const void* source, int from, size_t bytes) {
  const cudaError_t status = cudaMemcpyPeerAsync(destination, to, source, from, bytes, nullptr);
  return status == cudaSuccess ? cudaDeviceSynchronize() : status;
}

cudaError_t cudaMemset(void* destination, int byte, size_t bytes) {
  return cudaMemsetAsync(destination, byte, bytes, nullptr);
}

cudaError_t cudaMemsetAsync(void* destination, int byte, size_t bytes, cudaStream_t) {
  return call("cudaMemsetAsync", [&] {
    if (bytes && !is_device_memory(destination, bytes)) return cudaErrorInvalidValue;
    enqueue([=] { fill_memory(destination, byte, bytes); });
    return cudaSuccess;
  });
}

cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  return call("cudaMemGetInfo", [&] {
    *free_bytes = free_device_memory(current_device());
    *total_bytes = device_memory_bytes;
    return cudaSuccess;
  });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* address) {
  return call("cudaPointerGetAttributes", [&] {
    *attributes = {};
    const int device = device_of(address);
    attributes->type = device < 0 ? cudaMemoryTypeUnregistered : cudaMemoryTypeDevice;
    attributes->device = device < 0 ? 0 : device;
    attributes->devicePointer = device < 0 ? nullptr : const_cast<void*>(address);
    return cudaSuccess;
  });
}
