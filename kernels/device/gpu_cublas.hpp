#pragma once

#include "kernels/device/cublaslt.hpp"

namespace gpucheck {

/// The current device's handle, made at the first call and kept until the process ends. Throws
/// NotRun where the library cannot be opened.
CublasHandle cublas_handle();
CublasLtHandle cublaslt_handle();

}  // namespace gpucheck
