#pragma once

#include "gpucheck/snapshot.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/probe/root.hpp"

namespace gpucheck {

// Stage 1: what files and system calls say, no vendor library opened.
Host probe_host(const Root& root);
std::map<std::string, std::string> probe_environment();
Limits probe_limits(const Root& root);
std::optional<std::vector<PciDevice>> probe_pci(const Root& root);
std::optional<KernelDriver> probe_kernel_driver(const Root& root);
std::vector<std::string> probe_mounts(const Root& root);
std::vector<CdiSpec> probe_cdi(const Root& root);
Fabric probe_fabric(const Root& root, const std::optional<std::vector<PciDevice>>& pci);
Mps probe_mps(const Root& root);
std::vector<Toolkit> probe_toolkits(const Root& root);
std::vector<PythonPrefix> probe_python(const Root& root, const std::vector<std::string>& prefixes);
KernelLog probe_kernel_log(const Root& root);

/// Names the package each library that was found belongs to, from dpkg's lists of files. The
/// database of rpm can only be read by its own program, so there the name stays empty.
void name_packages(const Root& root, std::vector<LibraryProbe>& libraries);

/// Opens the device nodes; in a child, since a driver that is stuck blocks in open().
std::vector<DeviceNode> probe_device_nodes(const Root& root);

}  // namespace gpucheck
