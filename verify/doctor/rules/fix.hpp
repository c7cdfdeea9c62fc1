#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

// Commands in the words of the machine at hand.

/// "sudo " in front, unless the user is root already.
std::string as_root(const Snapshot& s, std::string_view command);

/// How the NVIDIA driver is installed or renewed here: package manager of the distribution, Windows
/// under WSL, the host for a container. `smallest` is the version that is needed, or "".
std::vector<std::string> install_driver(const Snapshot& s, const std::string& smallest = "");

/// How the host hands its GPUs to a container of this kind.
std::vector<std::string> start_container_with_gpu(const Snapshot& s);

/// Installs a package by its name in the distribution's family; names for apt, dnf, zypper, pacman.
struct PackageNames {
  std::string_view apt, dnf, zypper, pacman;
};
std::string install_package(const Snapshot& s, const PackageNames& names);

/// Ends with where the reader must act: on the host of a container; "" elsewhere.
std::string on_host(const Snapshot& s);

}  // namespace gpucheck
