#pragma once

#include <cstdint>
#include <source_location>

#include "kernels/device/shared_library.hpp"

struct nvmlDevice_st;

namespace gpucheck {

/// nvmlReturn_t.
enum class NvmlStatus : int {
  success = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  no_permission = 4,
  not_found = 6,
  insufficient_size = 7,
  driver_not_loaded = 9,
  library_not_found = 12,
  gpu_is_lost = 15,
  version_mismatch = 18,
  unknown = 999,
};

using NvmlDevice = nvmlDevice_st*;

enum class NvmlClock : int { graphics = 0, sm = 1, memory = 2 };
enum class NvmlSwitch : int { off = 0, on = 1 };
enum class NvmlComputeMode : int { standard = 0, prohibited = 2, exclusive_process = 3 };
enum class NvmlErrorType : int { corrected = 0, uncorrected = 1 };
enum class NvmlCounter : int { since_driver_load = 0, lifetime = 1 };
enum class NvmlVirtualization : int {
  none = 0,
  passthrough = 1,
  vgpu = 2,
  host_vgpu = 3,
  host_vsga = 4
};
enum class NvmlSensor : int { gpu = 0 };

/// nvmlPciInfo_t, version 3.
struct NvmlPci {
  char bus_id_legacy[16];
  unsigned domain;
  unsigned bus;
  unsigned device;
  unsigned pci_device_id;  ///< device << 16 | vendor
  unsigned pci_subsystem_id;
  char bus_id[32];  ///< "00000000:3B:00.0"
};

/// nvmlMemory_t.
struct NvmlMemory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

/// nvmlProcessInfo_v2_t, as the _v3 calls fill it.
struct NvmlProcess {
  unsigned pid;
  unsigned long long used_memory_bytes;  ///< All ones: not available (WSL, WDDM).
  unsigned gpu_instance;
  unsigned compute_instance;
};

/// nvmlGpuFabricInfoV_t, version 3; `version` must hold nvml_version_word<NvmlFabric>(3), or
/// 0x02000024 for a driver that knows version 2, which ends before health_summary.
struct NvmlFabric {
  unsigned version;
  unsigned char cluster_uuid[16];
  NvmlStatus status;
  unsigned clique;
  unsigned char state;  ///< 0 not supported, 1 not started, 2 in progress, 3 completed.
  unsigned health_mask;
  unsigned char health_summary;
};

/// nvmlConfComputeSystemState_t.
struct NvmlConfidential {
  unsigned environment;
  unsigned cc_feature;  ///< 0 off, 1 on.
  unsigned developer_tools;
};

/// NVML_STRUCT_VERSION: without it a versioned call answers 25, ARGUMENT_VERSION_MISMATCH.
template <class Struct>
constexpr unsigned nvml_version_word(unsigned version) {
  return unsigned(sizeof(Struct)) | version << 24;
}

/// libnvidia-ml.so.1. Functions marked new are null with older drivers; every number has its own
/// status.
struct Nvml {
  SharedLibrary library;

  NvmlStatus (*init)();
  NvmlStatus (*shutdown)();
  const char* (*error_string)(NvmlStatus status);
  NvmlStatus (*driver_version)(char* text, unsigned bytes);
  NvmlStatus (*nvml_version)(char* text, unsigned bytes);
  NvmlStatus (*cuda_driver_version)(int* version);
  NvmlStatus (*device_count)(unsigned* count);
  NvmlStatus (*device_by_index)(unsigned index, NvmlDevice* device);
  NvmlStatus (*device_by_pci)(const char* bus_id, NvmlDevice* device);
  NvmlStatus (*device_by_uuid)(const char* uuid, NvmlDevice* device);
  NvmlStatus (*name)(NvmlDevice device, char* text, unsigned bytes);  ///< 96 bytes are enough.
  NvmlStatus (*uuid)(NvmlDevice device, char* text, unsigned bytes);  ///< 96 bytes are enough.
  NvmlStatus (*pci)(NvmlDevice device, NvmlPci* pci);
  NvmlStatus (*minor_number)(NvmlDevice device,
                             unsigned* minor);  ///< N of /dev/nvidiaN, not the index.
  NvmlStatus (*compute_capability)(NvmlDevice device, int* major, int* minor);
  NvmlStatus (*memory)(NvmlDevice device, NvmlMemory* memory);
  NvmlStatus (*compute_mode)(NvmlDevice device, NvmlComputeMode* mode);
  NvmlStatus (*persistence)(NvmlDevice device, NvmlSwitch* mode);
  NvmlStatus (*mig_mode)(NvmlDevice device, unsigned* current, unsigned* pending);
  NvmlStatus (*max_mig_devices)(NvmlDevice device, unsigned* count);
  NvmlStatus (*mig_device)(NvmlDevice device, unsigned index,
                           NvmlDevice* mig);  ///< not_found: an empty slot.
  NvmlStatus (*virtualization)(NvmlDevice device, NvmlVirtualization* mode);
  NvmlStatus (*confidential)(NvmlConfidential* state);  ///< New (535).
  NvmlStatus (*ecc_mode)(NvmlDevice device, NvmlSwitch* current, NvmlSwitch* pending);
  NvmlStatus (*ecc_errors)(NvmlDevice device, NvmlErrorType type, NvmlCounter counter,
                           unsigned long long* count);
  NvmlStatus (*remapped_rows)(NvmlDevice device, unsigned* corrected, unsigned* uncorrected,
                              unsigned* pending, unsigned* failed);
  NvmlStatus (*retired_pages_pending)(NvmlDevice device, NvmlSwitch* pending);
  NvmlStatus (*link_generation)(NvmlDevice device, unsigned* generation);  ///< Drops when idle.
  NvmlStatus (*link_generation_max)(NvmlDevice device, unsigned* generation);
  NvmlStatus (*link_width)(NvmlDevice device, unsigned* lanes);
  NvmlStatus (*link_width_max)(NvmlDevice device, unsigned* lanes);
  NvmlStatus (*clock)(NvmlDevice device, NvmlClock type, unsigned* mhz);
  NvmlStatus (*clock_max)(NvmlDevice device, NvmlClock type, unsigned* mhz);
  NvmlStatus (*power)(NvmlDevice device, unsigned* milliwatts);
  NvmlStatus (*power_limit)(NvmlDevice device, unsigned* milliwatts);  ///< The one enforced.
  NvmlStatus (*power_limit_default)(NvmlDevice device, unsigned* milliwatts);
  NvmlStatus (*temperature)(NvmlDevice device, NvmlSensor sensor, unsigned* celsius);
  NvmlStatus (*events_reasons)(NvmlDevice device, unsigned long long* mask);
  NvmlStatus (*compute_processes)(NvmlDevice device, unsigned* count,
                                  NvmlProcess* processes);  ///< New (535).
  NvmlStatus (*graphics_processes)(NvmlDevice device, unsigned* count,
                                   NvmlProcess* processes);     ///< New (535).
  NvmlStatus (*fabric)(NvmlDevice device, NvmlFabric* fabric);  ///< New (550).

  std::vector<std::string> resolve();
};

/// NVML, opened at the first call; call init before anything but error_string.
const Result<Nvml>& nvml();

/// Throws LibraryError unless the call succeeded.
void require(NvmlStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
