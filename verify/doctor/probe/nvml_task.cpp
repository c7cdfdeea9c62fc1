#include <array>

#include "kernels/device/library_search.hpp"
#include "kernels/device/nvml.hpp"
#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/tasks.hpp"

namespace gpucheck {
namespace {

// Every number has its own status: what a call does not give stays "not probed".
bool ok(NvmlStatus status) { return status == NvmlStatus::success; }

std::optional<bool> on(NvmlStatus status, NvmlSwitch value) {
  if (!ok(status)) return std::nullopt;
  return value == NvmlSwitch::on;
}

void identify(const Nvml& n, NvmlDevice handle, Device& device) {
  char text[96] = {};
  if (n.name && ok(n.name(handle, text, sizeof text))) device.name = text;
  if (n.uuid && ok(n.uuid(handle, text, sizeof text))) device.uuid = text;
  NvmlPci pci = {};
  if (n.pci && ok(n.pci(handle, &pci))) device.pci = pci.bus_id;
  int major = 0, minor = 0;
  if (n.compute_capability && ok(n.compute_capability(handle, &major, &minor)))
    device.cc = major * 10 + minor;
  NvmlMemory memory = {};
  if (n.memory && ok(n.memory(handle, &memory))) {
    device.memory_bytes = memory.total;
    device.free_bytes = memory.free;
  }
}

void read_modes(const Nvml& n, NvmlDevice handle, Device& device) {
  NvmlComputeMode mode = {};
  if (n.compute_mode && ok(n.compute_mode(handle, &mode))) {
    device.compute_mode = mode == NvmlComputeMode::prohibited          ? "prohibited"
                          : mode == NvmlComputeMode::exclusive_process ? "exclusive_process"
                                                                       : "default";
  }
  NvmlSwitch value = {};
  if (n.persistence) device.persistence = on(n.persistence(handle, &value), value);
  unsigned current = 0, pending = 0, slots = 0;
  if (n.mig_mode && ok(n.mig_mode(handle, &current, &pending))) {
    device.mig.enabled = current == 1;
    if (current == 1 && n.max_mig_devices && n.mig_device &&
        ok(n.max_mig_devices(handle, &slots))) {
      int instances = 0;
      for (unsigned i = 0; i < slots; ++i) {
        NvmlDevice instance = nullptr;
        instances += ok(n.mig_device(handle, i, &instance)) ? 1 : 0;
      }
      device.mig.instances = instances;
    }
  }
  NvmlVirtualization virtualization = {};
  if (n.virtualization && ok(n.virtualization(handle, &virtualization)) &&
      virtualization == NvmlVirtualization::vgpu) {
    device.vgpu = "guest";
  }
  NvmlConfidential confidential = {};
  if (n.confidential && ok(n.confidential(&confidential)))
    device.confidential = confidential.cc_feature == 1;
}

void read_health(const Nvml& n, NvmlDevice handle, Device& device) {
  NvmlSwitch current = {}, pending = {};
  if (n.ecc_mode) device.ecc.enabled = on(n.ecc_mode(handle, &current, &pending), current);
  unsigned long long count = 0;
  if (n.ecc_errors && ok(n.ecc_errors(handle, NvmlErrorType::uncorrected,
                                      NvmlCounter::since_driver_load, &count))) {
    device.ecc.volatile_uncorrected = count;
  }
  unsigned corrected = 0, uncorrected = 0, remap_pending = 0, failed = 0;
  if (n.remapped_rows &&
      ok(n.remapped_rows(handle, &corrected, &uncorrected, &remap_pending, &failed))) {
    device.remap.pending = remap_pending != 0;
    device.remap.failed = failed != 0;
  }
  const auto number = [&](auto function) -> std::optional<int> {
    unsigned value = 0;
    if (function == nullptr || !ok(function(handle, &value))) return std::nullopt;
    return static_cast<int>(value);
  };
  device.pcie.gen = number(n.link_generation);
  device.pcie.max_gen = number(n.link_generation_max);
  device.pcie.width = number(n.link_width);
  device.pcie.max_width = number(n.link_width_max);
  device.pcie.under_load = false;
  unsigned long long reasons = 0;
  if (n.events_reasons && ok(n.events_reasons(handle, &reasons))) device.events_reasons = reasons;
  std::array<NvmlProcess, 64> processes = {};
  unsigned found = processes.size();
  if (n.compute_processes && ok(n.compute_processes(handle, &found, processes.data()))) {
    for (unsigned i = 0; i < found; ++i)
      device.processes.push_back(static_cast<int>(processes[i].pid));
  }
}

std::string fabric_state(const Nvml& n, NvmlDevice handle) {
  NvmlFabric fabric = {};
  fabric.version = 0x02000024;  // Version 2, which every driver that has the call knows.
  if (!n.fabric || !ok(n.fabric(handle, &fabric))) return "";
  constexpr std::array names = {"", "not started", "in progress", "completed"};
  return fabric.state < names.size() ? names[fabric.state] : "";
}

}  // namespace

int probe_nvml_task(Arguments) {
  Nvml n = {};
  n.library = SharedLibrary(names_to_open({"libnvidia-ml.so.1"}, search_environment()));
  if (!n.library) return 0;
  n.resolve();
  if (n.init == nullptr) return 0;
  if (report_call("nvmlInit", {}, [&](CallProbe&) { return static_cast<int>(n.init()); }) != 0)
    return 0;
  if (n.driver_version) {
    report_call("nvmlSystemGetDriverVersion", {}, [&](CallProbe& call) {
      char text[96] = {};
      const NvmlStatus status = n.driver_version(text, sizeof text);
      call.log = text;
      return static_cast<int>(status);
    });
  }
  unsigned count = 0;
  if (n.device_count == nullptr || n.device_by_index == nullptr) return 0;
  report_call("nvmlDeviceGetCount", {}, [&](CallProbe& call) {
    const NvmlStatus status = n.device_count(&count);
    call.value = count;
    return static_cast<int>(status);
  });
  for (unsigned i = 0; i < count && i < 256; ++i) {
    NvmlDevice handle = nullptr;
    const int code =
        report_call("nvmlDeviceGetHandleByIndex", static_cast<int>(i),
                    [&](CallProbe&) { return static_cast<int>(n.device_by_index(i, &handle)); });
    if (code != 0) continue;
    Snapshot piece;
    Device device;
    device.index = static_cast<int>(i);
    device.cuda_visible = false;  // Until CUDA lists it, too.
    identify(n, handle, device);
    read_modes(n, handle, device);
    read_health(n, handle, device);
    piece.devices.push_back(std::move(device));
    piece.fabric.state = fabric_state(n, handle);
    report(piece);
  }
  return 0;
}

}  // namespace gpucheck
