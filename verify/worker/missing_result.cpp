#include <algorithm>
#include <array>

#include "kernels/ops.hpp"
#include "verify/numerics/attempt.hpp"
#include "verify/worker/schedule.hpp"

namespace gpucheck {
namespace {

std::string_view next_part(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  return part;
}

Provider provider_of(std::string_view implementation, std::optional<int> device) {
  for (const Op* op : all_ops()) {
    for (const Implementation& row : op->implementations) {
      if (row.name == implementation) return row.provider;
    }
  }
  for (const Provider provider :
       {Provider::reference, Provider::cpu, Provider::kernel, Provider::vendor}) {
    if (name(provider) == implementation) return provider;
  }
  return device ? Provider::kernel : Provider::cpu;
}

}  // namespace

CaseResult result_without_numbers(const Unit& unit, const std::string& id, Outcome outcome,
                                  std::string reason, std::uint64_t seed) {
  CaseResult result{
      .id = id, .device = unit.device, .outcome = outcome, .reason = std::move(reason)};
  std::string_view rest = id;
  result.op = next_part(rest);
  if (result.op == "workload") result.op.append("/").append(next_part(rest));
  result.implementation = next_part(rest);
  result.provider = provider_of(result.implementation, unit.device);
  const std::string_view dtype = next_part(rest);
  for (const Dtype known : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::s32}) {
    if (name(known) == dtype) result.dtype = known;
  }
  result.inputs = id.ends_with("/exact") ? Inputs::exact : Inputs::real;
  result.repro = repro_line(id, unit.gpus(), seed);
  return result;
}

}  // namespace gpucheck
