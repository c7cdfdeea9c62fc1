#pragma once

#include <memory>
#include <source_location>

#include "kernels/device/cudnn.hpp"
#include "kernels/device/cudnn_layout.hpp"

namespace gpucheck {

/// The current device's handle, made at the first call and kept until the process ends. Throws
/// NotRun where cuDNN cannot be opened.
CudnnHandle cudnn_handle();

std::shared_ptr<cudnnTensorStruct> cudnn_tensor(Dtype dtype, const CudnnLayout& layout);

/// alpha = 1 and beta = 0 in the type cuDNN reads them in: double for f64, else float.
const void* cudnn_one(Dtype dtype);
const void* cudnn_zero(Dtype dtype);

/// As require(), but "not supported" is NotRun: cuDNN's documentation does not say of every layer,
/// dtype and layout whether it has a kernel, so that only the library can be asked.
void require_supported(CudnnStatus status,
                       std::source_location at = std::source_location::current());

}  // namespace gpucheck
