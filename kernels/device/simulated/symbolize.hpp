#pragma once

#include <string>

namespace gpucheck::simt {

/// "kernels/x.cu:12" for an address in a kernel, by the debug information and whichever of
/// addr2line and llvm-symbolizer is installed; else the module and the offset in it.
std::string source_of(const void* program_counter);

}  // namespace gpucheck::simt
