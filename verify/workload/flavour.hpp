#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/op.hpp"
#include "verify/workload/network.hpp"

namespace gpucheck {

/// By whom a workload is computed: for each op the first of `preferred` that has it.
struct Flavour {
  std::string_view name;
  Provider provider;
  std::vector<std::string_view> preferred;
  bool on_gpu;
};

/// kernel, cublas, cudnn on a GPU; cpu and reference on the host.
std::span<const Flavour> flavours();
const Flavour* find_flavour(std::string_view name);

/// The implementation of `op` that the flavour uses for `c`, or null: the float64 reference,
/// rounded, stands in on the CPU. Throws NotRun where a GPU has none.
const Implementation* choose(const Flavour& flavour, const Op& op, const Case& c,
                             const Device* device);

/// Why the flavour cannot exist on the device (no op of the network is computed by whom it is named
/// after), or "".
std::string unavailable(const Flavour& flavour, const Network& network, const Device* device);

}  // namespace gpucheck
