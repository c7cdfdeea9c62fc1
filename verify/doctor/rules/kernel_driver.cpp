#include <errno.h>
#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

bool bare_linux_with_gpu(const Snapshot& s) { return has_gpu(s) && s.host.wsl.value_or(0) == 0; }

// The loader looked and there is no such file; a broken one is another matter.
bool no_such_driver(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (!missing(s, "libcuda.so.1") || driver->error.find("No such file") == std::string::npos)
    return false;
  return std::ranges::all_of(
      driver->candidates, [](const Candidate& c) { return is_stub(c.path) || is_compat(c.path); });
}

bool bound_to(const Snapshot& s, std::string_view driver) {
  const auto found = gpus(s).value_or(std::vector<PciDevice>());
  return !found.empty() &&
         std::ranges::all_of(found, [&](const PciDevice& gpu) { return gpu.driver == driver; });
}

bool module_known_absent(const Snapshot& s) {
  return module_absent(s, "nvidia") && s.kernel_driver->version.empty() && s.devices.empty();
}

bool signature_refused(const Snapshot& s) {
  return s.host.secure_boot == true && s.kernel_driver->module_file_present == true;
}

Texts rebuild_module(const Snapshot& s) {
  if (in_container(s))
    return {"On the host: sudo modprobe nvidia   # then start the container again"};
  if (s.kernel_driver->module_file_present == true) {
    return {as_root(s, "modprobe nvidia"),
            "If it is refused: sudo dmesg | grep -iE 'nvidia|nvrm' says why"};
  }
  // DKMS builds the module for each kernel, but only where that kernel's headers are installed.
  const std::string headers = install_package(s, {.apt = "linux-headers-$(uname -r)",
                                                  .dnf = "kernel-devel-$(uname -r)",
                                                  .zypper = "kernel-default-devel",
                                                  .pacman = "linux-headers"});
  return {headers, as_root(s, "dkms autoinstall"), as_root(s, "modprobe nvidia")};
}

}  // namespace

Findings no_driver(const Snapshot& s) {
  if (!bare_linux_with_gpu(s) || in_container(s) || !no_such_driver(s) || !s.devices.empty())
    return {};
  const bool module_here =
      module_loaded(s, "nvidia") || (s.kernel_driver && !s.kernel_driver->version.empty());
  Texts evidence = {"On the PCI bus: " + gpu_names(s), said_of_library(s, "libcuda.so.1")};
  if (module_here) {
    evidence.push_back("Kernel module nvidia " + s.kernel_driver->version + " is loaded");
    const std::string major =
        s.kernel_driver->version.substr(0, s.kernel_driver->version.find('.'));
    return error(
        "The kernel driver is loaded, but the CUDA driver library (libcuda.so.1) is not installed",
        std::move(evidence),
        {install_package(
            s, {.apt = s.host.os_id == "debian" ? "libcuda1" : "libnvidia-compute-" + major,
                .dnf = "nvidia-driver-cuda",
                .zypper = "nvidia-compute-G06",
                .pacman = "nvidia-utils"})});
  }
  if (s.kernel_driver) evidence.emplace_back("No kernel module nvidia is loaded");
  return error("No NVIDIA driver is installed", std::move(evidence), install_driver(s));
}

Findings module_not_loaded(const Snapshot& s) {
  if (!bare_linux_with_gpu(s) || !module_known_absent(s) || no_such_driver(s) ||
      signature_refused(s))
    return {};
  if (bound_to(s, "nouveau") || bound_to(s, "vfio-pci")) return {};
  if (!opens(s, "libcuda.so.1") && !opens(s, "libnvidia-ml.so.1") &&
      real_candidate(s, "libcuda.so.1") == nullptr) {
    return {};
  }
  Texts evidence = {"On the PCI bus: " + gpu_names(s), "The module nvidia is not in /proc/modules"};
  for (const char* api : {"nvmlInit", "cuInit"}) {
    if (failed(s, api)) evidence.push_back(said(s, api));
  }
  if (const Texts refused = nodes_with(s, ENXIO); !refused.empty()) {
    evidence.push_back("open() of " + refused.front() +
                       " gives ENXIO: a node without a driver behind it");
  }
  if (s.kernel_driver->module_file_present == false) {
    evidence.push_back("No nvidia.ko below /lib/modules/" + s.host.kernel_release +
                       ": not built for this kernel");
  }
  return error("The NVIDIA kernel module is not loaded", std::move(evidence), rebuild_module(s));
}

Findings signature_rejected(const Snapshot& s) {
  if (!bare_linux_with_gpu(s) || !module_known_absent(s) || !signature_refused(s)) return {};
  if (bound_to(s, "nouveau") || bound_to(s, "vfio-pci") || in_container(s)) return {};
  // https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/ (Secure Boot).
  return error(
      "Secure Boot is on and the NVIDIA kernel module is not loaded: its signature is not trusted",
      {"SecureBoot is 1", "nvidia.ko is installed for this kernel, but not in /proc/modules"},
      {as_root(s, "modprobe nvidia") + "   # \"Key was rejected by service\" confirms it",
       as_root(s, s.host.os_id == "ubuntu" ? "mokutil --import /var/lib/shim-signed/mok/MOK.der"
                                           : "mokutil --import /var/lib/dkms/mok.pub"),
       as_root(s, "reboot") + "   # and choose \"Enroll MOK\" in the blue screen"});
}

Findings nouveau_owns_gpu(const Snapshot& s) {
  if (!bare_linux_with_gpu(s) || !bound_to(s, "nouveau") || no_such_driver(s) || in_container(s))
    return {};
  const std::string rebuild = s.host.os_id == "ubuntu" || s.host.os_id == "debian"
                                  ? as_root(s, "update-initramfs -u")
                                  : as_root(s, "dracut --force");
  return error("The driver nouveau holds the GPU, so NVIDIA's cannot",
               {"On the PCI bus: " + gpu_names(s) + ", bound to nouveau"},
               {"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | " +
                    as_root(s, "tee /etc/modprobe.d/blacklist-nouveau.conf"),
                rebuild, as_root(s, "reboot")});
}

Findings gpu_given_to_vm(const Snapshot& s) {
  if (!bare_linux_with_gpu(s) || !bound_to(s, "vfio-pci")) return {};
  const std::string address = gpus(s)->front().address;
  return error(
      "The GPU is reserved for a virtual machine (bound to vfio-pci)",
      {"On the PCI bus: " + gpu_names(s) + ", bound to vfio-pci"},
      {"Run gpucheck in that virtual machine, or give the GPU back to this host:",
       fmt::format("echo {} | {}", address, as_root(s, "tee /sys/bus/pci/drivers/vfio-pci/unbind")),
       fmt::format("echo {} | {}", address, as_root(s, "tee /sys/bus/pci/drivers/nvidia/bind"))});
}

Findings adapter_failed(const Snapshot& s) {
  const CallProbe* count = call(s, "nvmlDeviceGetCount");
  if (!bare_linux_with_gpu(s) || in_container(s) || !s.devices.empty()) return {};
  const Texts log = log_lines(s, "RmInitAdapter failed");
  const bool none = count != nullptr && count->code == 0 && count->value == 0;
  if (!none && log.empty()) return {};
  Texts evidence = {"On the PCI bus: " + gpu_names(s)};
  if (none) evidence.emplace_back("NVML starts and counts 0 devices");
  evidence.insert(evidence.end(), log.begin(), log.end());
  if (s.kernel_driver && s.kernel_driver->open) {
    evidence.push_back(std::string("Loaded is the ") +
                       (*s.kernel_driver->open ? "open" : "proprietary") + " kernel module");
  }
  // The open module needs Turing or newer, Blackwell needs the open module:
  // https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html
  return error(
      "The kernel driver is loaded but could not start the GPU", std::move(evidence),
      {"sudo dmesg | grep -i nvrm   # the lines around RmInitAdapter name the reason",
       "Blackwell and newer need the open kernel module (package nvidia-open), GPUs before Turing "
       "the "
       "proprietary one",
       "Switch the machine off at the mains for a minute; then check the GPU's power cables"});
}

}  // namespace gpucheck
