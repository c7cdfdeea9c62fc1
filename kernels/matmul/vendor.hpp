#pragma once

#include <string>

#include "gpucheck/op.hpp"
#include "kernels/matmul/matmul.hpp"

namespace gpucheck {

std::string cublas_matmul_unavailable(const Device& device, const Case& c);
std::string cublaslt_matmul_unavailable(const Device& device, const Case& c);
/// f32 only: as a 1x1 convolution, so that the workloads run through cuDNN as frameworks do.
std::string cudnn_matmul_unavailable(const Device& device, const Case& c);

// Defined in a build with device code, for every layout.
template <MatmulLayout layout>
Launch prepare_cublas_matmul(const Case& c, const Buffers& buffers);
template <MatmulLayout layout>
Launch prepare_cublaslt_matmul(const Case& c, const Buffers& buffers);
template <MatmulLayout layout>
Launch prepare_cudnn_matmul(const Case& c, const Buffers& buffers);

}  // namespace gpucheck
