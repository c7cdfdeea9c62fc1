#include <errno.h>
#include <fmt/format.h>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

bool driver_loaded(const Snapshot& s) {
  return module_loaded(s, "nvidia") || (s.kernel_driver && !s.kernel_driver->version.empty());
}

}  // namespace

Findings no_permission(const Snapshot& s) {
  const Texts refused = nodes_with(s, EACCES);
  if (refused.empty() || succeeded(s, "cuInit")) return {};
  const DeviceNode* first = node(s, refused.front());
  Texts evidence = {fmt::format("open() of {} gives EACCES (mode {}, group {})", first->path,
                                first->mode, first->group)};
  for (const char* api : {"nvmlInit", "cuInit"}) {
    if (failed(s, api)) evidence.push_back(said(s, api));
  }
  const std::string group = first->group.empty() ? "video" : first->group;
  if (group == "root") {
    return error("The user may not open the GPU's device nodes", std::move(evidence),
                 {"echo 'options nvidia NVreg_DeviceFileMode=0666' | " +
                      as_root(s, "tee /etc/modprobe.d/nvidia-mode.conf"),
                  as_root(s, "reboot")});
  }
  return error(
      "The user may not open the GPU's device nodes", std::move(evidence),
      {as_root(s, fmt::format("usermod -aG {} $USER", group)) + "   # then log out and in again"});
}

Findings uvm_missing(const Snapshot& s) {
  if (!driver_loaded(s) || !failed(s, "cuInit") || on_wsl(s)) return {};
  const DeviceNode* uvm = node(s, "/dev/nvidia-uvm");
  const bool node_missing = uvm != nullptr && uvm->exists == false;
  const bool module_missing = module_absent(s, "nvidia_uvm");
  if (!node_missing && !module_missing) return {};
  if (code(s, "cuInit") && code(s, "cuInit") != 999 && code(s, "cuInit") != 100 &&
      code(s, "cuInit") != 304)
    return {};
  Texts evidence;
  if (node_missing) evidence.emplace_back("/dev/nvidia-uvm does not exist");
  if (module_missing) evidence.emplace_back("The module nvidia_uvm is not loaded");
  evidence.push_back(said(s, "cuInit"));
  if (succeeded(s, "nvmlInit")) evidence.emplace_back("NVML works, which does not need it");
  // nvidia-modprobe(1): -u loads the uvm module, -c 0 creates its nodes.
  return error("CUDA's memory driver nvidia-uvm is missing", std::move(evidence),
               in_container(s)
                   ? Texts{"On the host: sudo nvidia-modprobe -c 0 -u",
                           "Then start the container again, with /dev/nvidia-uvm among its devices"}
                   : Texts{as_root(s, "nvidia-modprobe -c 0 -u"),
                           "Where that command is missing: " + as_root(s, "modprobe nvidia_uvm"),
                           "At every start: echo nvidia_uvm | " +
                               as_root(s, "tee /etc/modules-load.d/nvidia-uvm.conf")});
}

Findings lost_over_suspend(const Snapshot& s) {
  constexpr double a_nap_seconds = 1;
  const bool unknown_error = code(s, "cuInit") == 999 || code(s, "cudaGetDeviceCount") == 999;
  if (!unknown_error || s.host.suspended_seconds.value_or(0) < a_nap_seconds || in_container(s) ||
      on_wsl(s))
    return {};
  const DeviceNode* uvm = node(s, "/dev/nvidia-uvm");
  if (uvm == nullptr || !uvm->exists.value_or(false)) return {};
  // https://download.nvidia.com/XFree86/Linux-x86_64/580.65.06/README/powermanagement.html
  return error(
      "CUDA's memory driver did not survive a suspend",
      {said(s, "cuInit"), fmt::format("The machine was suspended for {:.0f} s since it was started",
                                      *s.host.suspended_seconds)},
      {as_root(s, "modprobe -r nvidia_uvm && ") + as_root(s, "modprobe nvidia_uvm") +
           "   # after ending programs that use the GPU",
       "So that it does not happen again: " +
           as_root(s, "systemctl enable nvidia-suspend nvidia-resume nvidia-hibernate")});
}

}  // namespace gpucheck
