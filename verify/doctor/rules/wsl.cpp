#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/facts.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

constexpr const char* wsl_path = "export LD_LIBRARY_PATH=/usr/lib/wsl/lib:$LD_LIBRARY_PATH";

const Candidate* wsl_candidate(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver == nullptr) return nullptr;
  const auto found = std::ranges::find_if(driver->candidates, [](const Candidate& c) {
    return c.path.starts_with("/usr/lib/wsl/") && c.opens.value_or(false);
  });
  return found == driver->candidates.end() ? nullptr : &*found;
}

}  // namespace

Findings wsl_library_not_on_path(const Snapshot& s) {
  if (!on_wsl(s) || !missing(s, "libcuda.so.1") || wsl_candidate(s) == nullptr) return {};
  const DeviceNode* dxg = node(s, "/dev/dxg");
  Texts evidence = {said_of_library(s, "libcuda.so.1"),
                    wsl_candidate(s)->path + " exists and can be opened"};
  if (dxg != nullptr && dxg->exists.value_or(false))
    evidence.emplace_back("/dev/dxg exists: WSL offers the GPU");
  return error(
      "The CUDA driver of WSL is here, but the loader does not look in /usr/lib/wsl/lib",
      std::move(evidence),
      {s.host.uid == 0
           ? "echo /usr/lib/wsl/lib > /etc/ld.so.conf.d/ld.wsl.conf && ldconfig"
           : "echo /usr/lib/wsl/lib | sudo tee /etc/ld.so.conf.d/ld.wsl.conf && sudo ldconfig",
       std::string("Or for this shell only: ") + wsl_path});
}

Findings unversioned_driver_name(const Snapshot& s) {
  if (!opens(s, "libcuda.so.1") || !missing(s, "libcuda.so")) return {};
  // cuDNN 8 opens "libcuda.so" for convolutions and aborts; Paddle warns; cuDNN 9 opens
  // "libcuda.so.1".
  const bool cudnn8 = opens(s, "libcudnn.so.8") && !opens(s, "libcudnn.so.9");
  const bool paddle = std::ranges::any_of(s.python, [](const PythonPrefix& prefix) {
    return prefix.packages.contains("paddlepaddle-gpu") || prefix.packages.contains("paddlepaddle");
  });
  const Severity severity = cudnn8 ? Severity::error : paddle ? Severity::warning : Severity::info;
  const std::string file = library(s, "libcuda.so.1")->opened;
  Texts evidence = {said_of_library(s, "libcuda.so.1"), said_of_library(s, "libcuda.so")};
  if (cudnn8)
    evidence.emplace_back("cuDNN 8 is installed, which opens libcuda.so and aborts without it");
  const std::string directory = file.substr(0, file.rfind('/'));
  Texts fix = {on_wsl(s) ? std::string(wsl_path)
                         : as_root(s, fmt::format("ln -s {} {}/libcuda.so && {}", "libcuda.so.1",
                                                  directory, as_root(s, "ldconfig")))};
  return found(
      severity,
      "Only libcuda.so.1 can be opened, not the unversioned libcuda.so that some programs ask for",
      std::move(evidence), std::move(fix));
}

Findings linux_driver_in_wsl(const Snapshot& s) {
  if (!on_wsl(s)) return {};
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver == nullptr || driver->opened.empty()) return {};
  if (driver->opened.find("/wsl/") != std::string::npos || is_compat(driver->opened) ||
      is_stub(driver->opened)) {
    return {};
  }
  if (succeeded(s, "cuInit") && !cuda_devices(s).empty())
    return {};  // A copy or link of WSL's own library.
  Texts evidence = {said_of_library(s, "libcuda.so.1") + ", which is not WSL's (/usr/lib/wsl/lib)",
                    said(s, "cuInit")};
  if (!driver->package.empty()) evidence.push_back("It belongs to the package " + driver->package);
  // https://docs.nvidia.com/cuda/wsl-user-guide/ "Do not install any Linux display driver in WSL".
  return error(
      "A Linux driver is installed inside WSL and hides the one that Windows provides",
      std::move(evidence),
      {as_root(s, "apt purge 'libnvidia-*' 'nvidia-driver-*' 'cuda-drivers*'"),
       as_root(s, "ldconfig"),
       "From then on install cuda-toolkit-X-Y in WSL, never the packages cuda or cuda-drivers"});
}

Findings wsl_blocked(const Snapshot& s) {
  if (!on_wsl(s) || code(s, "nvmlInit") != 17) return {};
  // https://github.com/microsoft/WSL/issues/11865: a GPU in TCC or data-centre mode is not offered
  // to WSL.
  const Severity severity = succeeded(s, "cuInit") ? Severity::warning : Severity::error;
  return found(severity, "Windows does not let WSL use this GPU",
               {said(s, "nvmlInit"), said(s, "cuInit")},
               {"In Windows, as administrator: nvidia-smi -g 0 -dm 0   # WDDM instead of TCC, then "
                "restart Windows",
                "In Windows: install the NVIDIA driver from https://www.nvidia.com/drivers",
                "In PowerShell: wsl --update; wsl --shutdown"});
}

Findings wsl_nvml_crashes(const Snapshot& s) {
  const CallProbe* init = call(s, "nvmlInit");
  if (!on_wsl(s) || init == nullptr || !init->signal) return {};
  return warning("NVML (nvidia-smi) crashes in WSL with this Windows driver",
                 {said(*init), said(s, "cuInit")},
                 {"In Windows: install another driver version from https://www.nvidia.com/drivers; "
                  "CUDA itself may work"});
}

}  // namespace gpucheck
