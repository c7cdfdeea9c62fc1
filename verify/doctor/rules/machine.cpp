#include <fmt/format.h>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {

Findings no_nvidia_gpu(const Snapshot& s) {
  const auto found = gpus(s);
  if (!found || !found->empty() || !s.devices.empty() || s.simulated) return {};
  if (s.host.wsl.value_or(0) != 0 || on_tegra(s)) return {};  // Their GPUs are on no PCI bus.
  Texts evidence = {"No PCI device of NVIDIA (vendor 10de) with a display class"};
  for (const PciDevice& other : *s.pci) {
    if (other.vendor != "10de") {
      evidence.push_back(fmt::format("Display adapter {}:{} at {} is not NVIDIA's", other.vendor,
                                     other.device, other.address));
    }
  }
  if (opens(s, "libcuda.so.1")) evidence.push_back(said_of_library(s, "libcuda.so.1"));
  if (call(s, "cuInit") != nullptr) evidence.push_back(said(s, "cuInit"));
  return error("No NVIDIA GPU in this machine", std::move(evidence),
               {"Use a machine that has one; in a virtual machine, pass the GPU through (in a "
                "cloud: a GPU instance type)",
                "If one is plugged in: lspci -d 10de: shows whether the board is seen; check its "
                "power and its slot"});
}

Findings wsl_1(const Snapshot& s) {
  if (s.host.wsl != 1) return {};
  // https://learn.microsoft.com/windows/wsl/compare-versions: only WSL 2 has GPU support.
  return error("WSL 1 has no GPU support", {"Kernel " + s.host.kernel_release},
               {"In PowerShell: wsl --set-version " +
                variable(s, "WSL_DISTRO_NAME").value_or("<distribution>") + " 2"});
}

Findings wsl_without_gpu(const Snapshot& s) {
  const DeviceNode* dxg = node(s, "/dev/dxg");
  if (!on_wsl(s) || in_container(s) || dxg == nullptr || dxg->exists.value_or(true)) return {};
  // https://docs.nvidia.com/cuda/wsl-user-guide/
  return error("WSL 2 offers no GPU to Linux: /dev/dxg is missing",
               {"Kernel " + s.host.kernel_release},
               {"In Windows: install the NVIDIA driver from https://www.nvidia.com/drivers, and "
                "all Windows updates",
                "In PowerShell: wsl --update; wsl --shutdown",
                "In %UserProfile%\\.wslconfig: remove gpuSupport=false and any kernel= line"});
}

Findings cannot_tell(const Snapshot& s) {
  const bool works = succeeded(s, "cuInit") || succeeded(s, "cudaGetDeviceCount");
  if (!cuda_devices(s).empty() && works) return {};
  Texts evidence = {said_of_library(s, "libcuda.so.1"), said(s, "cuInit"),
                    said(s, "cudaGetDeviceCount")};
  if (!s.pci)
    evidence.emplace_back("PCI bus: not probed, so whether the machine has a GPU is unknown");
  if (has_gpu(s)) evidence.push_back("On the PCI bus: " + gpu_names(s));
  return error("No GPU can be used, and the facts at hand do not say why", std::move(evidence),
               {"gpucheck doctor --save snapshot.json   # what was and was not probed; attach it "
                "to a report"});
}

Findings incomplete_probe(const Snapshot& s) {
  if (s.devices.empty() || s.simulated) return {};
  Texts unknown;
  const auto need_call = [&](std::string_view api) {
    const CallProbe* made = call(s, api);
    if (!ended(made)) unknown.push_back(said(s, api));
  };
  need_call("cuInit");
  if (s.built_with.cuda > 0 && failed(s, "cuInit") == false) {
    for (const char* api : {"cudaGetDeviceCount", "cudaMalloc", "kernelLaunch"}) need_call(api);
  }
  const auto need_library = [&](std::string_view stem) {
    for (const LibraryProbe& each : s.libraries) {
      const bool known =
          !each.opened.empty() || !each.error.empty() || each.signal || each.timed_out;
      if (each.name.starts_with(stem) && known) return;
    }
    unknown.push_back(std::string(stem) + "*: not probed");
  };
  for (const char* stem : {"libcuda.so.1", "libcublas.so", "libcudnn.so"}) need_library(stem);
  if (unknown.empty()) return {};
  return warning("Not everything could be probed, so this is no clean bill of health",
                 std::move(unknown),
                 {"gpucheck doctor --verbose   # shows which probe failed and why"});
}

}  // namespace gpucheck
