#pragma once

#include <string>
#include <tuple>

#include "kernels/device/launch.hpp"

namespace gpucheck {

/// Runs a kernel at once on memory of the host, and returns its misuse.
template <class... P, class... A>
std::string run(void (*kernel)(P...), dim3 blocks, dim3 threads, std::size_t shared_bytes,
                A... arguments) {
  const std::tuple<P...> values(arguments...);
  return simt::run_grid({.blocks = blocks, .threads = threads, .dynamic_bytes = shared_bytes},
                        [&] { std::apply(kernel, values); });
}

}  // namespace gpucheck
