#pragma once

#include <string>
#include <string_view>

namespace gpucheck {

/// An answer to `gpucheck explain`.
struct Explanation {
  std::string text;  ///< Lines to print; for an unknown question, what was understood and the
                     ///< nearest names.
  bool known = false;
};

/// What a code, a name, an Xid, a row of the failure catalogue or a pasted error line means, from
/// the tables alone: "802", "cudnn 1002", "xid 79", "CUDA_ERROR_NO_DEVICE", "W1", "Failed to
/// initialize NVML: ...". A bare number is answered for every domain that has it, CUDA first.
Explanation explain(std::string_view question);

}  // namespace gpucheck
