#include "verify/doctor/rules/fix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verify/doctor/rules/query.hpp"

namespace gpucheck {
namespace {

enum class Family { debian, ubuntu, fedora, rhel8or9, rhel, suse, arch, unknown };

Family family(const Snapshot& s) {
  const std::string& id = s.host.os_id;
  if (id == "ubuntu" || id == "pop" || id == "linuxmint") return Family::ubuntu;
  if (id == "debian") return Family::debian;
  if (id == "fedora") return Family::fedora;
  constexpr std::array rhel = {"rhel", "rocky", "almalinux", "centos", "ol", "amzn"};
  if (std::ranges::find(rhel, id) != rhel.end()) {
    const bool modular =
        s.host.os_version.starts_with("8") || s.host.os_version.starts_with("9") || id == "amzn";
    return modular ? Family::rhel8or9 : Family::rhel;
  }
  if (id.starts_with("opensuse") || id.starts_with("sle")) return Family::suse;
  if (id == "arch" || id == "manjaro" || id == "endeavouros") return Family::arch;
  return Family::unknown;
}

// NVIDIA's own repository has to be enabled before:
// https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html
std::vector<std::string> from_nvidia_repository(const Snapshot& s,
                                                const std::vector<std::string>& commands) {
  std::vector<std::string> fix = {
      "Enable NVIDIA's repository: "
      "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/"};
  for (const std::string& command : commands) fix.push_back(as_root(s, command));
  return fix;
}

std::vector<std::string> by_package_manager(const Snapshot& s) {
  switch (family(s)) {
    // https://documentation.ubuntu.com/server/how-to/graphics/install-nvidia-drivers/
    case Family::ubuntu: return {as_root(s, "ubuntu-drivers install")};
    // https://wiki.debian.org/NvidiaGraphicsDrivers: needs contrib, non-free and non-free-firmware
    // in the apt sources.
    case Family::debian:
      return {
          "Add \"contrib non-free non-free-firmware\" to the apt sources "
          "(https://wiki.debian.org/NvidiaGraphicsDrivers)",
          as_root(s, "apt update"),
          as_root(s, "apt install linux-headers-amd64 nvidia-driver firmware-misc-nonfree")};
    // https://rpmfusion.org/Howto/NVIDIA
    case Family::fedora:
      return {as_root(s, "dnf install akmod-nvidia xorg-x11-drv-nvidia-cuda") +
              "   # from RPM Fusion"};
    case Family::rhel8or9:
      return from_nvidia_repository(
          s, {"dnf module enable nvidia-driver:open-dkms", "dnf install nvidia-open"});
    case Family::rhel: return from_nvidia_repository(s, {"dnf install nvidia-open"});
    case Family::suse: return from_nvidia_repository(s, {"zypper install nvidia-open"});
    // https://wiki.archlinux.org/title/NVIDIA
    case Family::arch: return {as_root(s, "pacman -S nvidia-open nvidia-utils")};
    case Family::unknown: return {"Install the driver from https://www.nvidia.com/drivers"};
  }
  return {};
}

}  // namespace

std::string as_root(const Snapshot& s, std::string_view command) {
  return (s.host.uid == 0 ? "" : "sudo ") + std::string(command);
}

std::string on_host(const Snapshot& s) {
  return in_container(s) ? " (on the host, not in this container)" : "";
}

std::vector<std::string> install_driver(const Snapshot& s, const std::string& smallest) {
  const std::string wanted = smallest.empty() ? "" : fmt::format(" {} or newer", smallest);
  if (on_wsl(s)) {
    // https://docs.nvidia.com/cuda/wsl-user-guide/: the Windows driver is the only one; none is
    // installed in WSL.
    return {
        fmt::format("In Windows: install the NVIDIA driver{} from https://www.nvidia.com/drivers",
                    wanted),
        "In PowerShell: wsl --update; wsl --shutdown"};
  }
  if (in_container(s)) {
    return {
        fmt::format("On the host: install the NVIDIA driver{} (https://www.nvidia.com/drivers); a "
                    "container uses "
                    "the host's",
                    wanted)};
  }
  std::vector<std::string> fix = by_package_manager(s);
  if (!smallest.empty()) fix.insert(fix.begin(), fmt::format("Install driver{}:", wanted));
  fix.push_back(as_root(s, "reboot"));
  return fix;
}

std::vector<std::string> start_container_with_gpu(const Snapshot& s) {
  // https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/
  const std::string kind = s.host.container.value_or("");
  const std::string toolkit =
      "The host needs the NVIDIA driver and nvidia-container-toolkit "
      "(https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/"
      "install-guide.html)";
  if (kind == "kubernetes") {
    return {"In the container's spec: resources: {limits: {nvidia.com/gpu: 1}}",
            "The node needs the NVIDIA device plugin or the GPU operator"};
  }
  if (kind == "podman") return {"podman run --device nvidia.com/gpu=all ...", toolkit};
  if (kind == "lxc")
    return {
        "On the host: lxc config device add NAME gpu gpu && lxc config set NAME nvidia.runtime "
        "true"};
  return {"docker run --gpus all ...", toolkit};
}

std::string install_package(const Snapshot& s, const PackageNames& names) {
  switch (family(s)) {
    case Family::ubuntu:
    case Family::debian: return as_root(s, fmt::format("apt install {}", names.apt));
    case Family::fedora:
    case Family::rhel8or9:
    case Family::rhel: return as_root(s, fmt::format("dnf install {}", names.dnf));
    case Family::suse: return as_root(s, fmt::format("zypper install {}", names.zypper));
    case Family::arch: return as_root(s, fmt::format("pacman -S {}", names.pacman));
    case Family::unknown:
      return fmt::format("Install the package {} of your distribution", names.apt);
  }
  return "";
}

}  // namespace gpucheck
