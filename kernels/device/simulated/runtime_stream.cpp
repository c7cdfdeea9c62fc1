#include "kernels/device/simulated/queue.hpp"
#include "kernels/device/simulated/runtime.hpp"

// Streams and events of the stand-in CUDA runtime. All streams are one queue. Event times are
// measured: the wall time that the work between two events took on this machine.

using namespace gpucheck::simt;

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  return call("cudaStreamCreate", [&] {
    *stream = new CUstream_st{current_device()};
    return cudaSuccess;
  });
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithFlags(stream, 0); }

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int) {
  return cudaStreamCreateWithFlags(stream, flags);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return call("cudaStreamDestroy", [&] {
    const cudaError_t error = drain();
    delete stream;
    return error;
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return call("cudaStreamSynchronize", [] { return drain(); });
}

cudaError_t cudaStreamQuery(cudaStream_t) {
  return call("cudaStreamQuery", [] {
    const cudaError_t error = drain(1);
    return error != cudaSuccess ? error : queue_empty() ? cudaSuccess : cudaErrorNotReady;
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned) {
  return call("cudaStreamWaitEvent", [] { return cudaSuccess; });
}

cudaError_t cudaDeviceSynchronize() {
  return call("cudaDeviceSynchronize", [] { return drain(); });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  return call("cudaEventCreate", [&] {
    *event = new CUevent_st;
    return cudaSuccess;
  });
}

cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, 0); }

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return call("cudaEventDestroy", [&] {
    const cudaError_t error = drain();
    delete event;
    return error;
  });
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  return call("cudaEventRecord", [&] {
    event->recorded = event->pending = true;
    enqueue([event, device = current_device()] {
      event->seconds = device_seconds(device);
      event->pending = false;
    });
    return cudaSuccess;
  });
}

cudaError_t cudaEventSynchronize(cudaEvent_t) {
  return call("cudaEventSynchronize", [] { return drain(); });
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  return call("cudaEventQuery", [&] {
    const cudaError_t error = event->pending ? drain(1) : cudaSuccess;
    return error != cudaSuccess ? error : event->pending ? cudaErrorNotReady : cudaSuccess;
  });
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t stop) {
  return call("cudaEventElapsedTime", [&] {
    if (!start->recorded || !stop->recorded) return cudaErrorInvalidResourceHandle;
    if (start->pending || stop->pending) return cudaErrorNotReady;
    *milliseconds = float((stop->seconds - start->seconds) * 1e3);
    return cudaSuccess;
  });
}
