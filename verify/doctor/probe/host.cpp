#include <fmt/format.h>
#include <grp.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "verify/doctor/probe/stages.hpp"

namespace gpucheck {
namespace {

// Value of a key of /etc/os-release, without its quotes.
std::string release_value(const std::string& release, std::string_view key) {
  for (std::string_view line : lines(release)) {
    if (!line.starts_with(key) || line.substr(key.size(), 1) != "=") continue;
    line.remove_prefix(key.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\''))
      line = line.substr(1, line.size() - 2);
    return std::string(line);
  }
  return "";
}

// WSL 1 calls itself "4.4.0-19041-Microsoft", WSL 2 "5.15.167.4-microsoft-standard-WSL2".
std::optional<int> wsl_version(const std::string& kernel_release) {
  if (kernel_release.empty()) return std::nullopt;
  std::string lower = kernel_release;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower.find("microsoft") == std::string::npos) return 0;
  return kernel_release.find("-Microsoft") != std::string::npos &&
                 lower.find("wsl2") == std::string::npos
             ? 1
             : 2;
}

bool contains(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

std::optional<std::string> container(const Root& root) {
  const auto cgroup = root.read("/proc/1/cgroup");
  const auto mounts = root.read("/proc/self/mountinfo");
  const std::string signs = cgroup.value_or("") + root.text("/proc/self/cgroup");
  if (std::getenv("KUBERNETES_SERVICE_HOST") != nullptr && root.is_machine()) return "kubernetes";
  if (contains(signs, "kubepods") || contains(mounts.value_or(""), "/kubelet/pods/"))
    return "kubernetes";
  if (root.exists("/run/.containerenv") || contains(signs, "libpod")) return "podman";
  const std::string systemd = root.text("/run/systemd/container");
  if (systemd == "lxc" || contains(signs, "/lxc")) return "lxc";
  if (contains(signs, "docker") || contains(signs, "containerd") || systemd == "docker")
    return "docker";
  const auto overlay_root = [&] {
    for (const std::string_view line : lines(*mounts)) {
      const bool is_root = line.find(" / / ") != std::string_view::npos;
      if (is_root && line.find(" - overlay ") != std::string_view::npos) return true;
    }
    return false;
  };
  // Virtual machines made from image layers keep the file too, so it alone is no proof.
  if (root.exists("/.dockerenv") && mounts && overlay_root()) return "docker";
  if (!systemd.empty()) return systemd;
  if (!cgroup && !mounts) return std::nullopt;
  return "none";
}

std::optional<bool> user_namespace(const Root& root) {
  const std::string map = root.text("/proc/self/uid_map");
  unsigned long inside = 0, outside = 0, count = 0;
  if (std::sscanf(map.c_str(), "%lu %lu %lu", &inside, &outside, &count) != 3) return std::nullopt;
  return !(inside == 0 && outside == 0 && count == 4294967295UL);
}

std::vector<std::string> group_names(const Root& root) {
  std::vector<gid_t> ids(256);
  const int count = getgroups(static_cast<int>(ids.size()), ids.data());
  ids.resize(static_cast<std::size_t>(std::max(count, 0)));
  const std::string table = root.text("/etc/group");
  std::vector<std::string> names;
  for (const gid_t id : ids) {
    std::string name = std::to_string(id);
    for (const std::string_view line : lines(table)) {  // name:x:44:members
      const std::size_t first = line.find(':');
      const std::size_t second =
          first == std::string_view::npos ? first : line.find(':', first + 1);
      if (second != std::string_view::npos &&
          line.substr(second + 1).starts_with(fmt::format("{}:", id))) {
        name = line.substr(0, first);
      }
    }
    names.push_back(name);
  }
  return names;
}

std::optional<double> clock_seconds(clockid_t clock) {
  timespec now = {};
  if (clock_gettime(clock, &now) != 0) return std::nullopt;
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

Host probe_host(const Root& root) {
  Host host;
  utsname names = {};
  uname(&names);
  host.kernel_release = root.text("/proc/sys/kernel/osrelease");
  if (host.kernel_release.empty()) host.kernel_release = names.release;
  host.arch = names.machine;
  std::string release = root.text("/etc/os-release");
  if (release.empty()) release = root.text("/usr/lib/os-release");
  host.os_id = release_value(release, "ID");
  host.os_version = release_value(release, "VERSION_ID");
  host.wsl = wsl_version(host.kernel_release);
  host.container = container(root);
  host.user_namespace = user_namespace(root);
  host.uid = static_cast<int>(getuid());
  host.groups = group_names(root);
  host.boot_seconds = clock_seconds(CLOCK_BOOTTIME);
  if (const auto awake = clock_seconds(CLOCK_MONOTONIC); awake && host.boot_seconds) {
    host.suspended_seconds = std::max(0.0, *host.boot_seconds - *awake);
  }
  host.cmdline = root.text("/proc/cmdline");
  const auto variable =
      root.read("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
  if (variable && variable->size() >= 5)
    host.secure_boot = (*variable)[4] == 1;  // After 4 bytes of attributes.
  return host;
}

}  // namespace gpucheck
