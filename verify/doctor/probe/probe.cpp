#include "verify/doctor/probe.hpp"

#include <cstdlib>

#include "kernels/device/build.hpp"
#include "verify/doctor/probe/stages.hpp"

namespace gpucheck {
namespace {

Root chosen_root(const ProbeOptions& options) {
  if (!options.root.empty()) return Root(options.root);
  const char* directory = std::getenv("GPUCHECK_ROOT");
  return Root(directory != nullptr ? directory : "");
}

void probe_machine(const Root& root, const ProbeOptions& options, Snapshot& snapshot) {
  snapshot.pci = probe_pci(root);
  snapshot.kernel_driver = probe_kernel_driver(root);
  snapshot.device_nodes = probe_device_nodes(root);
  snapshot.mounts = probe_mounts(root);
  snapshot.cdi = probe_cdi(root);
  snapshot.fabric = probe_fabric(root, snapshot.pci);
  snapshot.mps = probe_mps(root);
  snapshot.toolkits = probe_toolkits(root);
  snapshot.python = probe_python(root, options.python);
  snapshot.kernel_log = probe_kernel_log(root);
}

}  // namespace

Snapshot probe(const ProbeOptions& options) {
  const Root root = chosen_root(options);
  Snapshot snapshot;
  snapshot.simulated = is_simulated();
  snapshot.built_with = built_with();
  snapshot.host = probe_host(root);
  snapshot.environment = probe_environment();
  snapshot.environment_probed = true;
  snapshot.limits = probe_limits(root);
  if (!snapshot.simulated) probe_machine(root, options, snapshot);
  return snapshot;
}

}  // namespace gpucheck
