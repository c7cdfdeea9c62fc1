#pragma once

#include <cstddef>

namespace gpucheck::simt {

/// Dynamic shared memory a kernel may be launched with: 48 KiB unless cudaFuncSetAttribute raised
/// it.
std::size_t max_dynamic_shared(const void* kernel);

}  // namespace gpucheck::simt
