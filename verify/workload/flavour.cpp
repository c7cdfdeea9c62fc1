#include "verify/workload/flavour.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

const Implementation* implementation_of(const Op& op, std::string_view name) {
  const auto found = std::ranges::find(op.implementations, name, &Implementation::name);
  return found == op.implementations.end() ? nullptr : &*found;
}

std::string limits(const Implementation& implementation, const Device* device, const Case& c) {
  static const Device host;
  return implementation.unavailable == nullptr
             ? ""
             : implementation.unavailable(device != nullptr ? *device : host, c);
}

}  // namespace

std::span<const Flavour> flavours() {
  static const std::vector<Flavour> all = {
      {"kernel", Provider::kernel, {"plain"}, true},
      {"cublas", Provider::vendor, {"cublas", "plain"}, true},
      {"cudnn", Provider::vendor, {"cudnn", "cublas", "plain"}, true},
      {"cpu", Provider::cpu, {"onednn", "openblas"}, false},
      {"reference", Provider::reference, {}, false}};
  return all;
}

const Flavour* find_flavour(std::string_view name) {
  const auto found = std::ranges::find(flavours(), name, &Flavour::name);
  return found == flavours().end() ? nullptr : &*found;
}

const Implementation* choose(const Flavour& flavour, const Op& op, const Case& c,
                             const Device* device) {
  for (const std::string_view name : flavour.preferred) {
    const Implementation* implementation = implementation_of(op, name);
    if (implementation != nullptr && limits(*implementation, device, c).empty())
      return implementation;
  }
  if (flavour.on_gpu)
    throw NotRun(fmt::format("no implementation of {} for {}", op.name, flavour.name));
  return nullptr;
}

std::string unavailable(const Flavour& flavour, const Network& network, const Device* device) {
  if (flavour.preferred.empty()) return "";
  std::string reason =
      fmt::format("no op of workload {} has a {} implementation", network.name, flavour.name);
  bool found = false;
  for (const OpStep& step : network.steps.front().ops) {
    const Op* op = find_op(step.c.op);
    if (op == nullptr) continue;
    for (const std::string_view name : flavour.preferred) {
      // What the flavour falls back to on a GPU does not make it one of its own.
      if (flavour.on_gpu && name != flavour.preferred.front()) break;
      const Implementation* implementation = implementation_of(*op, name);
      if (implementation == nullptr) continue;
      const std::string limit = limits(*implementation, device, step.c);
      if (limit.empty()) return "";
      if (!found) reason = limit;
      found = true;
    }
  }
  return reason;
}

}  // namespace gpucheck
