#include "kernels/device/vendor_limits.hpp"
#include "kernels/matmul/vendor.hpp"

namespace gpucheck {
namespace {

std::string limit(std::string_view library, const Device& device, const Case& c) {
  const std::string reason = vendor_limit(library, device, c.dtype);
  // cuDNN's strides reach the size of the largest matrix.
  const bool strides = library == "cuDNN";
  const std::int64_t m = c["m"], n = c["n"], k = c["k"];
  if (!reason.empty()) return reason;
  return strides ? size_limit(library, {m * k, k * n, m * n}) : size_limit(library, {m, n, k});
}

}  // namespace

std::string cublas_matmul_unavailable(const Device& device, const Case& c) {
  return limit("cuBLAS", device, c);
}

std::string cublaslt_matmul_unavailable(const Device& device, const Case& c) {
  std::string reason = limit("cuBLASLt", device, c);
  if (!reason.empty() || c.dtype != Dtype::f64) return reason;
  return "cuBLASLt is used for f32, f16 and bf16; cuBLAS computes f64";
}

std::string cudnn_matmul_unavailable(const Device& device, const Case& c) {
  std::string reason = limit("cuDNN", device, c);
  if (!reason.empty() || c.dtype == Dtype::f32) return reason;
  return "cuDNN multiplies matrices as 1x1 convolutions in f32 only here";
}

}  // namespace gpucheck
