#pragma once

#include <string>
#include <string_view>

namespace gpucheck {

/// Domain of data/cuda_errors.csv a vendor call's codes belong to: cuda, cudnn9, cublas, nvml,
/// nccl; "" unknown.
std::string_view domain_of_call(std::string_view api);

/// Name of a code, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"; "" where the table has none. The CUDA
/// runtime's name where there are two.
std::string code_name(std::string_view domain, long code);

/// The name of a code that a call returned: of a driver call (cuInit) the driver's name, else the
/// runtime's.
std::string name_of_returned(std::string_view api, long code);

/// What the table says a code means, in one sentence; "" where it says nothing.
std::string code_meaning(std::string_view domain, long code);

}  // namespace gpucheck
