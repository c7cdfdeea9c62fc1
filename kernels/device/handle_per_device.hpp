#pragma once

#include <cuda_runtime_api.h>

#include <map>
#include <mutex>

#include "kernels/device/require.hpp"

namespace gpucheck {

/// Handles of one library, one for each device, made when first asked for. They are never
/// destroyed: at exit the driver may be gone before them.
template <class Handle>
class HandlePerDevice {
 public:
  /// `make` fills a handle for the current device or throws.
  template <class Make>
  Handle current(Make make) {
    int device = 0;
    require_cuda(cudaGetDevice(&device));
    const std::lock_guard lock(mutex_);
    Handle& handle = handles_[device];
    if (handle == nullptr) make(&handle);
    return handle;
  }

 private:
  std::mutex mutex_;
  std::map<int, Handle>& handles_ = *new std::map<int, Handle>;  // So that they stay reachable.
};

}  // namespace gpucheck
