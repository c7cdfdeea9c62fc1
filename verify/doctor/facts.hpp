#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpucheck {

// What the tables of data/ decide.

/// Compares "580.65.06" with "570.26" number by number: negative, zero or positive.
int compare_versions(std::string_view a, std::string_view b);

/// Name of an NVIDIA PCI device id, "NVIDIA H200"; "" where it is not in the table.
std::string pci_name(std::string_view device_id);

/// Smallest Linux driver on which programs built for this CUDA version run (minor-version
/// compatibility counted in), "580.65.06" for 13000; "" where the table has no row.
std::string smallest_driver(int cuda_version);
/// The same in WSL: the smallest Windows driver; for CUDA 13 only the branch is published, "580".
std::string smallest_windows_driver(int cuda_version);
/// Driver with all features of this CUDA version: also PTX of the same toolkit is compiled.
std::string full_driver(int cuda_version);
/// CUDA version a driver of this branch reports, 12080 for "570.124.06"; 0: unknown.
int cuda_of_driver(std::string_view driver_version);

/// Last CUDA toolkit that compiles for a compute capability, "12.9" for 70; "current" while it is
/// supported; "" unknown.
std::string last_toolkit(int cc);
/// First CUDA toolkit that does.
std::string first_toolkit(int cc);

/// Whether cuda-compat of this version ("12-8") may stand on a kernel driver of this branch; empty:
/// not in the table. C: it fits. N/A: the driver itself is that version. X: the library is older
/// than the module, error 803.
std::string forward_compatibility(std::string_view package, std::string_view kernel_driver);

}  // namespace gpucheck
