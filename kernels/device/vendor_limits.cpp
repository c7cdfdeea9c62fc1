#include "kernels/device/vendor_limits.hpp"

#include <fmt/format.h>

#include <limits>

namespace gpucheck {

std::string vendor_limit(std::string_view library, const Device& device, Dtype dtype) {
  if (device.simulated) return fmt::format("{} is not simulated", library);
  // PSEUDO_BFLOAT16_CONFIG and CUDA_R_16BF ask for compute capability 8.0 (cuDNN and cuBLAS API
  // references).
  if (dtype == Dtype::bf16 && device.cc != 0 && device.cc < 80)
    return fmt::format("{} computes in bf16 from compute capability 8.0 on; this device has {}.{}",
                       library, device.cc / 10, device.cc % 10);
  return "";
}

std::string size_limit(std::string_view library, std::initializer_list<std::int64_t> numbers) {
  for (const std::int64_t number : numbers)
    if (number > std::numeric_limits<int>::max())
      return fmt::format("{} counts in 32 bits; this case needs {}", library, number);
  return "";
}

std::string cudnn_layer_unavailable(const Device& device, const Case& c) {
  if (std::string reason = vendor_limit("cuDNN", device, c.dtype); !reason.empty()) return reason;
  std::int64_t elements = 1;
  for (const auto& [name, value] : c.shape)
    if (std::string_view("m n c h w").find(name) != std::string_view::npos) elements *= value;
  return size_limit("cuDNN", {elements});
}

}  // namespace gpucheck
