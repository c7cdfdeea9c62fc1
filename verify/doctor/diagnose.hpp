#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gpucheck/finding.hpp"

namespace gpucheck {

/// Where a fault lies, in the order in which one layer explains the next.
enum class Layer {
  machine,         ///< Hardware, WSL, container: whether there is a GPU to be had at all.
  kernel_driver,   ///< The kernel module and what is bound to the GPU.
  driver_library,  ///< libcuda, and whether it fits the module.
  device_nodes,    ///< /dev/nvidia* and the right to open them.
  driver_version,  ///< Too old for what is to run on it.
  initialisation,  ///< cuInit and its codes.
  visibility,      ///< Which devices a process may see.
  runtime,         ///< First allocation, first launch.
  unexplained,  ///< A code of the layers above that no rule has a cause for; dropped where one has.
  device_state,   ///< Health; independent.
  library_files,  ///< cuBLAS, cuDNN and so on as files; independent of the layers above.
  library_calls,  ///< Their handles; explained by everything above.
};

/// One diagnosis: its names, its place in the order of causes, and the function that makes it.
struct RuleRow {
  std::string_view id;         ///< Stable: "driver.module_not_loaded".
  std::string_view catalogue;  ///< "D2", or empty.
  Layer layer;
  Rule rule;  ///< Leaves id, catalogue and root_cause to diagnose().
};

std::span<const RuleRow> all_rules();

/// The root cause because of which this GPU can run no kernel; null: none is known, or a kernel
/// ran. A sick device is none, since its wrong results are to be seen.
const Finding* what_stops(const Snapshot& snapshot, const std::vector<Finding>& findings, int gpu);

/// Findings of all rules, root causes first, then by severity. A pure function.
std::vector<Finding> diagnose(const Snapshot& snapshot);

}  // namespace gpucheck
