#include "kernels/device/nvml.hpp"

#include <array>

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

std::vector<std::string> resolve_system(Nvml& n) {
  return resolve_all(
      n.library, Symbol{"nvmlInit_v2", &n.init}, Symbol{"nvmlShutdown", &n.shutdown},
      Symbol{"nvmlErrorString", &n.error_string},
      Symbol{"nvmlSystemGetDriverVersion", &n.driver_version},
      Symbol{"nvmlSystemGetNVMLVersion", &n.nvml_version},
      Symbol{std::array{"nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"},
             &n.cuda_driver_version},
      Symbol{"nvmlSystemGetConfComputeState", &n.confidential, Need::optional},
      Symbol{"nvmlDeviceGetCount_v2", &n.device_count},
      Symbol{"nvmlDeviceGetHandleByIndex_v2", &n.device_by_index},
      Symbol{"nvmlDeviceGetHandleByPciBusId_v2", &n.device_by_pci},
      Symbol{"nvmlDeviceGetHandleByUUID", &n.device_by_uuid});
}

std::vector<std::string> resolve_identity(Nvml& n) {
  return resolve_all(n.library, Symbol{"nvmlDeviceGetName", &n.name},
                     Symbol{"nvmlDeviceGetUUID", &n.uuid},
                     Symbol{"nvmlDeviceGetPciInfo_v3", &n.pci},
                     Symbol{"nvmlDeviceGetMinorNumber", &n.minor_number},
                     Symbol{"nvmlDeviceGetCudaComputeCapability", &n.compute_capability},
                     Symbol{"nvmlDeviceGetMemoryInfo", &n.memory},
                     Symbol{"nvmlDeviceGetComputeMode", &n.compute_mode},
                     Symbol{"nvmlDeviceGetPersistenceMode", &n.persistence, Need::optional},
                     Symbol{"nvmlDeviceGetMigMode", &n.mig_mode, Need::optional},
                     Symbol{"nvmlDeviceGetMaxMigDeviceCount", &n.max_mig_devices, Need::optional},
                     Symbol{"nvmlDeviceGetMigDeviceHandleByIndex", &n.mig_device, Need::optional},
                     Symbol{"nvmlDeviceGetVirtualizationMode", &n.virtualization, Need::optional});
}

std::vector<std::string> resolve_health(Nvml& n) {
  return resolve_all(
      n.library, Symbol{"nvmlDeviceGetEccMode", &n.ecc_mode},
      Symbol{"nvmlDeviceGetTotalEccErrors", &n.ecc_errors},
      Symbol{"nvmlDeviceGetRemappedRows", &n.remapped_rows, Need::optional},
      Symbol{"nvmlDeviceGetRetiredPagesPendingStatus", &n.retired_pages_pending, Need::optional},
      Symbol{"nvmlDeviceGetCurrPcieLinkGeneration", &n.link_generation},
      Symbol{"nvmlDeviceGetMaxPcieLinkGeneration", &n.link_generation_max},
      Symbol{"nvmlDeviceGetCurrPcieLinkWidth", &n.link_width},
      Symbol{"nvmlDeviceGetMaxPcieLinkWidth", &n.link_width_max},
      Symbol{"nvmlDeviceGetClockInfo", &n.clock}, Symbol{"nvmlDeviceGetMaxClockInfo", &n.clock_max},
      Symbol{"nvmlDeviceGetPowerUsage", &n.power},
      Symbol{"nvmlDeviceGetEnforcedPowerLimit", &n.power_limit},
      Symbol{"nvmlDeviceGetPowerManagementDefaultLimit", &n.power_limit_default},
      Symbol{"nvmlDeviceGetTemperature", &n.temperature},
      Symbol{std::array{"nvmlDeviceGetCurrentClocksEventReasons",
                        "nvmlDeviceGetCurrentClocksThrottleReasons"},
             &n.events_reasons},
      Symbol{"nvmlDeviceGetComputeRunningProcesses_v3", &n.compute_processes, Need::optional},
      Symbol{"nvmlDeviceGetGraphicsRunningProcesses_v3", &n.graphics_processes, Need::optional},
      Symbol{"nvmlDeviceGetGpuFabricInfoV", &n.fabric, Need::optional});
}

}  // namespace

std::vector<std::string> Nvml::resolve() {
  std::vector<std::string> missing;
  for (const auto part : {resolve_system, resolve_identity, resolve_health})
    for (std::string& symbol : part(*this)) missing.push_back(std::move(symbol));
  return missing;
}

const Result<Nvml>& nvml() {
  static const Result<Nvml> library =
      open_api<Nvml>(names_to_open({"libnvidia-ml.so.1"}, search_environment()));
  return library;
}

void require(NvmlStatus status, std::source_location at) {
  if (status == NvmlStatus::success) return;
  throw_library_error(int(status), "nvmlReturn_t", nvml() ? nvml()->error_string(status) : "", at);
}

}  // namespace gpucheck
