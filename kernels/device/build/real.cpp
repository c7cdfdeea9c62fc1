// What `gpucheck` reaches by opening the vendor's library, and gpucheck-simulated by a stand-in.

#include "kernels/device/gpu_sample.hpp"
#include "kernels/device/nccl.hpp"
#include "kernels/device/nvml_sample.hpp"

namespace gpucheck {

const Result<Nccl>& nccl() {
  static const Result<Nccl> library = open_nccl();
  return library;
}

std::optional<Sample> gpu_sample(const Device& device) {
  static const bool ready = nvml() && nvml()->init() == NvmlStatus::success;
  return ready ? nvml_sample(*nvml(), device) : std::nullopt;
}

}  // namespace gpucheck
