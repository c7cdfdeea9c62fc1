#include <errno.h>
#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/codes.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

/// Whether the driver or the runtime gave this code at start.
bool start_code(const Snapshot& s, int wanted) {
  return code(s, "cuInit") == wanted || code(s, "cudaGetDeviceCount") == wanted;
}

Texts start_evidence(const Snapshot& s) {
  Texts evidence;
  for (const char* api : {"cuInit", "cudaGetDeviceCount"}) {
    if (failed(s, api)) evidence.push_back(said(s, api));
  }
  return evidence;
}

bool confidential(const Snapshot& s) {
  return std::ranges::any_of(s.devices, [](const Device& d) { return d.confidential == true; });
}

}  // namespace

Findings confidential_not_ready(const Snapshot& s) {
  if (!start_code(s, 802) || !confidential(s)) return {};
  Texts evidence = start_evidence(s);
  evidence.emplace_back("Confidential computing is on");
  // https://docs.nvidia.com/cc-deployment-guide-tdx.pdf: the ready state is set after attestation.
  return error("The GPU is in confidential-computing mode and was not set ready",
               std::move(evidence),
               {as_root(s, "nvidia-smi conf-compute -srs 1") + "   # after attestation"});
}

Findings fabric_manager(const Snapshot& s) {
  if (!start_code(s, 802) || confidential(s) || s.fabric.nvswitch != true) return {};
  Texts evidence = start_evidence(s);
  evidence.emplace_back("This machine has NVSwitches");
  if (!s.fabric.state.empty()) evidence.push_back("Fabric state of the GPUs: " + s.fabric.state);
  if (!s.fabric.manager_version.empty())
    evidence.push_back("Fabric Manager " + s.fabric.manager_version);
  const std::string version = s.kernel_driver ? s.kernel_driver->version : "";
  if (!version.empty()) evidence.push_back("Kernel module: " + version);
  const std::string branch = version.substr(0, version.find('.'));
  const std::string package =
      branch.empty() ? "nvidia-fabricmanager" : "nvidia-fabricmanager-" + branch;
  // https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide/: it must have exactly the
  // driver's version.
  return error(
      "NVSwitch machine: the Fabric Manager is not running, or not of the driver's version",
      std::move(evidence),
      {install_package(s, {.apt = package,
                           .dnf = "nvidia-fabric-manager",
                           .zypper = "nvidia-fabricmanager",
                           .pacman = "nvidia-fabricmanager"}) +
           (version.empty() ? "" : fmt::format("   # it must be exactly {}", version)) + on_host(s),
       as_root(s, "systemctl enable --now nvidia-fabricmanager"),
       "systemctl status nvidia-fabricmanager   # names the reason if it does not start"});
}

Findings not_ready_without_switch(const Snapshot& s) {
  if (!start_code(s, 802) || confidential(s) || s.fabric.nvswitch == true) return {};
  Texts evidence = start_evidence(s);
  evidence.emplace_back(
      s.fabric.nvswitch
          ? "No NVSwitch in this machine, so the Fabric Manager is not what is missing here"
          : "Whether there is an NVSwitch is unknown");
  return error("CUDA says the system is not yet initialised", std::move(evidence),
               {"nvidia-smi conf-compute -f   # if it is ON: nvidia-smi conf-compute -srs 1",
                "In a virtual machine with a GPU of an NVSwitch board (HGX): the Fabric Manager "
                "runs on the host; ask "
                "who runs it",
                "Do not install the Fabric Manager here: without an NVSwitch it ends with "
                "NV_WARN_NOTHING_TO_DO"});
}

Findings unified_memory_start(const Snapshot& s) {
  if (!start_code(s, 3) || !s.kernel_driver) return {};
  const auto hmm = s.kernel_driver->parameters.find("nvidia_uvm.uvm_disable_hmm");
  const Texts log = log_lines(s, "request_free_mem_region");
  if (log.empty() && (hmm == s.kernel_driver->parameters.end() || hmm->second != "N")) return {};
  Texts evidence = start_evidence(s);
  if (hmm != s.kernel_driver->parameters.end())
    evidence.push_back("nvidia_uvm: uvm_disable_hmm=" + hmm->second);
  if (succeeded(s, "nvmlInit")) evidence.emplace_back("NVML works");
  evidence.insert(evidence.end(), log.begin(), log.end());
  // https://github.com/NVIDIA/open-gpu-kernel-modules/issues/797
  return error(
      "CUDA's memory driver fails to start: its heterogeneous memory management does not fit this "
      "kernel",
      std::move(evidence),
      {"echo 'options nvidia_uvm uvm_disable_hmm=1' | " +
           as_root(s, "tee /etc/modprobe.d/nvidia-uvm.conf"),
       as_root(s, "modprobe -r nvidia_uvm && ") + as_root(s, "modprobe nvidia_uvm") + on_host(s)});
}

Findings address_space_limit(const Snapshot& s) {
  if (!start_code(s, 2) || !s.limits.address_space) return {};
  Texts evidence = start_evidence(s);
  evidence.push_back(
      fmt::format("Address space is limited to {} MB; CUDA reserves more than the GPU's and the "
                  "machine's memory together",
                  *s.limits.address_space >> 20));
  return error("The limit on address space (ulimit -v) is too small for CUDA", std::move(evidence),
               {"ulimit -v unlimited"});
}

Findings device_busy(const Snapshot& s) {
  const bool busy =
      start_code(s, 46) || code(s, "cudaMalloc") == 46 || code(s, "kernelLaunch") == 46;
  if (!busy) return {};
  Texts evidence = start_evidence(s);
  if (evidence.empty())
    evidence.push_back(said(s, failed(s, "cudaMalloc") ? "cudaMalloc" : "kernelLaunch"));
  Texts fix;
  for (const Device& device : s.devices) {
    const std::string mode = device.compute_mode.value_or("");
    if (mode != "exclusive_process" && mode != "prohibited") continue;
    evidence.push_back(
        fmt::format("{}: compute mode {}{}", gpu_text(device), mode,
                    device.processes.empty()
                        ? ""
                        : fmt::format(", held by PID {}", fmt::join(device.processes, ", "))));
    fix.push_back(as_root(s, fmt::format("nvidia-smi -i {} -c 0", smi_id(device))) + on_host(s));
  }
  fix.emplace_back("Or end the program that holds the GPU: nvidia-smi lists them");
  return error("The GPU is held by another program or closed to CUDA (compute mode)",
               std::move(evidence), std::move(fix));
}

Findings not_licensed(const Snapshot& s) {
  if (!start_code(s, 102)) return {};
  // https://docs.nvidia.com/vgpu/latest/grid-licensing-user-guide/
  return error("This virtual GPU has no licence", start_evidence(s),
               {"Put the licence server's token in /etc/nvidia/ClientConfigToken/ and " +
                as_root(s, "systemctl restart nvidia-gridd")});
}

Findings mps_unreachable(const Snapshot& s) {
  int found_code = 0;
  for (int each = 805; each <= 810; ++each) {
    if (start_code(s, each)) found_code = each;
  }
  if (found_code == 0) return {};
  Texts evidence = start_evidence(s);
  if (!s.mps.pipe_directory.empty()) evidence.push_back("Pipe directory: " + s.mps.pipe_directory);
  if (s.mps.control_alive) {
    evidence.push_back(*s.mps.control_alive ? "Its control daemon answers"
                                            : "No control daemon listens there");
  }
  const bool set = variable(s, "CUDA_MPS_PIPE_DIRECTORY").has_value();
  // https://docs.nvidia.com/deploy/mps/
  return error("CUDA tries to reach the MPS service and cannot", std::move(evidence),
               {set ? "unset CUDA_MPS_PIPE_DIRECTORY   # where MPS is not wanted"
                    : "Remove the stale pipe directory: " + as_root(s, "rm -r /tmp/nvidia-mps"),
                "Where it is wanted: nvidia-cuda-mps-control -d",
                "In a container: mount the pipe directory and add --ipc=host"});
}

Findings driver_start_ends_badly(const Snapshot& s) {
  const CallProbe* init = call(s, "cuInit");
  if (init == nullptr || (!init->signal && !init->timed_out)) return {};
  Texts evidence = {said(*init), said_of_library(s, "libcuda.so.1")};
  if (!init->log.empty()) evidence.push_back("It printed: " + init->log.substr(0, 300));
  if (call(s, "nvmlInit") != nullptr) evidence.push_back(said(s, "nvmlInit"));
  Texts fix;
  if (on_wsl(s)) {
    fix = install_driver(s);
  } else {
    fix = {as_root(s, "dmesg | grep -iE 'nvrm|xid' | tail") + "   # what the kernel driver says" +
               on_host(s),
           as_root(s, "reboot") + on_host(s), "If it comes back, another driver version:"};
    for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  }
  return error(init->timed_out ? "The CUDA driver hangs while it starts (cuInit does not return)"
                               : "The CUDA driver crashes while it starts (cuInit)",
               std::move(evidence), std::move(fix));
}

Findings unexplained_code(const Snapshot& s) {
  for (const char* api :
       {"cuInit", "cuDeviceGetCount", "cudaGetDeviceCount", "cudaMalloc", "kernelLaunch"}) {
    const CallProbe* made = call(s, api);
    if (made == nullptr || (made->code.value_or(0) == 0 && !made->signal && !made->timed_out))
      continue;
    const int number = made->code.value_or(0);
    // Our own runtime is newer than the driver, which is not the user's trouble
    // (too_old_for_this_build).
    if (number == 35 && driver_cuda(s) > 0 && driver_cuda(s) / 1000 < s.built_with.cuda / 1000)
      continue;
    const std::string meaning = number == 0 ? "" : code_meaning("cuda", number);
    Texts evidence = {said(*made)};
    if (!meaning.empty()) evidence.push_back("It means: " + meaning);
    evidence.push_back(said_of_library(s, "libcuda.so.1"));
    if (call(s, "nvmlInit") != nullptr) evidence.push_back(said(s, "nvmlInit"));
    for (std::string& line : log_lines(s, "NVRM", 2)) evidence.push_back("Kernel log: " + line);
    Texts fix;
    if (number != 0) fix.push_back(fmt::format("gpucheck explain {}   # all known causes", number));
    fix.push_back(as_root(s, "dmesg | grep -i nvrm | tail") + "   # what the kernel driver says" +
                  on_host(s));
    fix.push_back(as_root(s, "reboot") + on_host(s));
    return error(
        number != 0
            ? fmt::format("{} fails with code {}, for a reason the other facts do not show", api,
                          number)
            : fmt::format("{} does not end well, for a reason the other facts do not show", api),
        std::move(evidence), std::move(fix));
  }
  return {};
}

Findings works_without_library_path(const Snapshot& s) {
  const CallProbe* without = call(s, "cuInit", "LD_LIBRARY_PATH unset");
  if (without == nullptr || without->code != 0 || !failed(s, "cuInit")) return {};
  const auto path = variable(s, "LD_LIBRARY_PATH");
  Texts evidence = {said(s, "cuInit"), said(*without), said_of_library(s, "libcuda.so.1")};
  if (path) evidence.push_back("LD_LIBRARY_PATH=" + *path);
  const std::string opened =
      library(s, "libcuda.so.1") == nullptr ? "" : library(s, "libcuda.so.1")->opened;
  return error("CUDA works without LD_LIBRARY_PATH and fails with it", std::move(evidence),
               {opened.empty() ? "unset LD_LIBRARY_PATH"
                               : fmt::format("Take {} out of LD_LIBRARY_PATH",
                                             opened.substr(0, opened.rfind('/')))});
}

}  // namespace gpucheck
