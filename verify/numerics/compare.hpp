#pragma once

#include <string>

#include "gpucheck/report.hpp"
#include "verify/numerics/bounds.hpp"

namespace gpucheck {

/// What a tensor should hold and how far from it a right one may be.
struct Claim {
  const Tensor& tensor;
  const Expected& expected;
  Bound bound;
};

struct Compared {
  Comparison numbers;
  /// Why these numbers could not have shown an error ("infinite", "zero"); empty: they could.
  std::string untrusted;
};

/// Compares elements of the claim's tensor, dense in host memory, with their reference.
Compared compare(const Claim& claim, const void* got);

/// Adds the comparison of one more tensor of the same case; patterns are prefixed with its name.
void merge(Compared& into, const Compared& part, std::string_view tensor);

/// xxh64 as 16 hexadecimal digits.
std::string hash_text(const void* data, std::size_t bytes);

}  // namespace gpucheck
