#pragma once

#include <vector>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// In float64; the inputs of a case are (x, filter), (dy, filter) and (x, dy).
std::vector<Expected> conv2d_fprop_reference(const Case& c, const std::vector<Values>& tensors);
std::vector<Expected> conv2d_dgrad_reference(const Case& c, const std::vector<Values>& tensors);
std::vector<Expected> conv2d_wgrad_reference(const Case& c, const std::vector<Values>& tensors);

}  // namespace gpucheck
