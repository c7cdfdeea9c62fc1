#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// Devices NVML counts, which CUDA_VISIBLE_DEVICES does not concern.
std::int64_t nvml_count(const Snapshot& s) {
  const CallProbe* count = call(s, "nvmlDeviceGetCount");
  return count != nullptr && count->code == 0 ? count->value.value_or(0) : 0;
}

bool no_device_code(const Snapshot& s) {
  for (const char* api : {"cuInit", "cudaGetDeviceCount"}) {
    if (code(s, api) == 100 || code(s, api) == 101) return true;
  }
  const CallProbe* count = call(s, "cuDeviceGetCount");
  return count != nullptr && count->code == 0 && count->value == 0;
}

}  // namespace

Findings hidden_devices(const Snapshot& s) {
  const auto value = variable(s, "CUDA_VISIBLE_DEVICES");
  if (!value || !no_device_code(s) || s.simulated) return {};
  const CallProbe* unset = call(s, "cuInit", "CUDA_VISIBLE_DEVICES unset");
  const bool visible_without = unset != nullptr && unset->code == 0;
  const bool nothing_there = unset != nullptr && unset->code != 0;
  if (nothing_there || (!visible_without && nvml_count(s) == 0 && !has_gpu(s))) return {};
  Texts evidence = {fmt::format("CUDA_VISIBLE_DEVICES=\"{}\"", *value), said(s, "cuInit")};
  if (unset != nullptr) evidence.push_back(said(*unset));
  if (nvml_count(s) > 0)
    evidence.push_back(fmt::format("NVML, which ignores the variable, counts {}", nvml_count(s)));
  // https://docs.nvidia.com/cuda/cuda-c-programming-guide/: the list ends at its first invalid
  // entry.
  Texts fix = {"unset CUDA_VISIBLE_DEVICES"};
  if (nvml_count(s) > 0)
    fix.push_back(fmt::format("Or name devices that exist: 0 to {}", nvml_count(s) - 1));
  return error("CUDA_VISIBLE_DEVICES hides every GPU", std::move(evidence), std::move(fix));
}

Findings some_devices_hidden(const Snapshot& s) {
  const auto value = variable(s, "CUDA_VISIBLE_DEVICES");
  const CallProbe* count = call(s, "cudaGetDeviceCount");
  if (!value || value->empty() || count == nullptr || count->code != 0 || !count->value ||
      s.simulated)
    return {};
  const auto asked = std::ranges::count(*value, ',') + 1;
  if (*count->value <= 0 || *count->value >= asked) return {};
  return warning(
      fmt::format("CUDA_VISIBLE_DEVICES names {} GPUs, but only {} can be seen", asked,
                  *count->value),
      {fmt::format("CUDA_VISIBLE_DEVICES=\"{}\"; the list ends at its first invalid entry",
                   *value)},
      {nvml_count(s) > 0 ? fmt::format("Name devices that exist: 0 to {}", nvml_count(s) - 1)
                         : std::string("nvidia-smi -L   # lists the devices that exist")});
}

Findings mig_without_instances(const Snapshot& s) {
  if (!no_device_code(s)) return {};
  for (const Device& device : s.devices) {
    if (device.mig.enabled != true || device.mig.instances.value_or(1) != 0) continue;
    Findings made =
        error(gpu_text(device) + " is in MIG mode and has no instance, so CUDA sees no device",
              {said(s, "cuInit"), "MIG mode is on; instances: 0"},
              {as_root(s, fmt::format("nvidia-smi mig -i {} -cgi 0 -C", smi_id(device))) +
                   "   # one instance over the whole GPU" + on_host(s),
               "Or switch MIG off: " +
                   as_root(s, fmt::format("nvidia-smi -i {} -mig 0", smi_id(device)))});
    made.front().device = cuda_index(device);
    return made;
  }
  return {};
}

}  // namespace gpucheck
