#pragma once

#include <string>
#include <string_view>

#include "gpucheck/report.hpp"

namespace gpucheck {

/// "linear forward+backward" for workload/A, "conv2d_fprop 8x64x56x56 3x3 bf16" for a case of an
/// op, without the 8 where it is 1. Leaves out what rarely differs: for reading, not for telling
/// cases apart.
std::string work_label(const CaseResult& result);

/// The library's own spelling: kernel, cuBLAS, CPU oneDNN.
std::string implementation_label(const CaseResult& result);

/// The shape part of a case id, "m8n8k8".
std::string_view shape_of(std::string_view id);

}  // namespace gpucheck
