#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gpucheck {

struct Mig {
  std::optional<bool> enabled;
  std::optional<int> instances;
};

struct Ecc {
  std::optional<bool> enabled;
  std::optional<std::uint64_t> volatile_uncorrected;
};

struct RowRemap {
  std::optional<bool> pending;
  std::optional<bool> failed;
};

struct PcieLink {
  std::optional<int> gen, width, max_gen, max_width;
  std::optional<bool> under_load;
};

/// One GPU as CUDA and NVML describe it; an empty optional or string means "not probed", never
/// "fine".
struct Device {
  int index = 0;
  std::string uuid;
  std::string pci;
  std::string name;
  int cc = 0;  ///< Compute capability, major * 10 + minor.
  int sms = 0;
  std::uint64_t memory_bytes = 0;
  std::optional<std::uint64_t> free_bytes;
  std::optional<std::string> compute_mode;  ///< default, exclusive_process or prohibited.
  Mig mig;
  std::optional<bool> persistence;
  Ecc ecc;
  RowRemap remap;
  std::optional<std::string> vgpu;
  std::optional<bool> confidential;
  PcieLink pcie;
  std::optional<std::uint64_t> events_reasons;  ///< NVML clock event reasons, a bit mask.
  std::vector<int> processes;                   ///< PIDs that hold the device.
  bool simulated = false;  ///< A device of gpucheck-simulated, never evidence about a GPU.
  /// False: CUDA does not list it (CUDA_VISIBLE_DEVICES, or CUDA does not start), and `index` is
  /// NVML's.
  bool cuda_visible = true;
};

}  // namespace gpucheck
