#pragma once

#include "gpucheck/op.hpp"
#include "kernels/conv2d/conv2d.hpp"

namespace gpucheck {

/// The convolution that a case of the three ops asks for.
Conv2d conv2d_of(const Case& c);

}  // namespace gpucheck
