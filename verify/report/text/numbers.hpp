#pragma once

#include <cstdint>
#include <string>

namespace gpucheck {

/// 1 605 632
std::string grouped(std::uint64_t count);

/// "0.21", "0", "1.3e+04", "nan": an error as a multiple of its bound.
std::string error_text(double worst);

/// Three digits and a unit: 1.23 ms.
std::string duration_text(double seconds);

/// Three digits, a prefix and the unit: 1.23 TFLOP/s.
std::string rate_text(double per_second, const char* unit);

/// "1 GPU", "3 checks".
std::string counted(std::uint64_t count, const std::string& noun);

}  // namespace gpucheck
