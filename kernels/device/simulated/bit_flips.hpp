#pragma once

#include "kernels/device/simulation.hpp"

namespace gpucheck::simt {

/// Flips bits in the memory in use on `device`, as the sickness says; the same ones in every run of
/// the program.
void flip_bits(int device, const Simulation& simulation);

}  // namespace gpucheck::simt
