#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Why a vendor library cannot compute in this dtype on this device, by what its documentation
/// says; "" where it can.
std::string vendor_limit(std::string_view library, const Device& device, Dtype dtype);

/// "" if every number fits the 32-bit integers of the libraries' classic interfaces, else the
/// reason.
std::string size_limit(std::string_view library, std::initializer_list<std::int64_t> numbers);

/// Both limits of cuDNN's layers (bias, activation, pooling, sum) for a case whose tensors have its
/// dimensions.
std::string cudnn_layer_unavailable(const Device& device, const Case& c);

}  // namespace gpucheck
