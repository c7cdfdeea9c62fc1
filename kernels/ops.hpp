#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Every op there is, one row each; `list`, `verify` and the tests follow from it.
std::span<const Op* const> all_ops();

/// The op of that name, or null.
const Op* find_op(std::string_view name);

/// Names and values of the dimensions in order, "m8n8k8": the shape_text of most ops.
std::string joined_shape(const Case&);

/// op/implementation/dtype/shape/inputs.
std::string case_id(const Op&, const Implementation&, const Case&);

}  // namespace gpucheck
