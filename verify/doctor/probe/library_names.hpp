#pragma once

#include <string>
#include <vector>

#include "gpucheck/snapshot.hpp"
#include "verify/doctor/probe/root.hpp"

namespace gpucheck {

/// The names that the driver goes by; they are always opened, each in a child.
std::vector<std::string> driver_names();

/// The names of the CUDA libraries, cuDNN and its sublibraries, NVRTC, NCCL and zlib.
std::vector<std::string> library_names();

/// Every file of a name, judged by its ELF header and without opening it as a library.
LibraryProbe with_candidates(const std::string& name, const Root& root);

}  // namespace gpucheck
