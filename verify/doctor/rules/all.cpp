#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// In the order of causes: a row explains those below it (see explains() in diagnose.cpp).
constexpr RuleRow rows[] = {
    {"machine.no_nvidia_gpu", "D0", Layer::machine, no_nvidia_gpu},
    {"wsl.version_1", "W6", Layer::machine, wsl_1},
    {"wsl.no_gpu_offered", "W7", Layer::machine, wsl_without_gpu},
    {"container.started_without_gpu", "C2", Layer::machine, container_without_gpu},
    {"container.lost_devices", "C6", Layer::machine, container_lost_devices},

    {"driver.gpu_given_to_virtual_machine", "D5", Layer::kernel_driver, gpu_given_to_vm},
    {"driver.nouveau_holds_gpu", "D4", Layer::kernel_driver, nouveau_owns_gpu},
    {"driver.not_installed", "D1", Layer::kernel_driver, no_driver},
    {"driver.signature_rejected", "D3", Layer::kernel_driver, signature_rejected},
    {"driver.module_not_loaded", "D2", Layer::kernel_driver, module_not_loaded},

    {"container.no_compute_capability", "C3", Layer::driver_library, container_without_compute},
    {"wsl.driver_library_not_on_path", "W1", Layer::driver_library, wsl_library_not_on_path},
    {"wsl.linux_driver_installed", "W4", Layer::driver_library, linux_driver_in_wsl},
    {"driver.library_not_on_path", "", Layer::driver_library, driver_library_not_on_path},
    {"driver.library_empty", "D16", Layer::driver_library, empty_driver_library},
    {"driver.library_foreign", "", Layer::driver_library, foreign_driver_library},
    {"driver.library_unsafe", "", Layer::driver_library, driver_library_unsafe},
    {"driver.stub_in_use", "D15", Layer::driver_library, stub_in_use},
    {"driver.compat_does_not_fit", "D17", Layer::driver_library, compat_does_not_fit},
    {"driver.compat_on_unsupported_gpu", "D18", Layer::driver_library, compat_on_unsupported_gpu},
    {"driver.library_module_mismatch", "D6", Layer::driver_library, library_module_mismatch},
    {"driver.several_copies", "D22", Layer::driver_library, several_drivers},
    {"wsl.blocked_by_windows", "W5", Layer::driver_library, wsl_blocked},

    {"device.no_permission", "D12", Layer::device_nodes, no_permission},
    {"driver.uvm_missing", "D10", Layer::device_nodes, uvm_missing},
    {"driver.lost_over_suspend", "D11", Layer::device_nodes, lost_over_suspend},

    {"driver.older_than_libraries", "D13", Layer::driver_version, driver_too_old},
    {"wsl.windows_driver_too_old", "W8", Layer::driver_version, windows_driver_too_old},
    {"driver.too_old_for_this_build", "D13", Layer::driver_version, too_old_for_this_build},

    {"device.confidential_not_ready", "S20", Layer::initialisation, confidential_not_ready},
    {"fabric.manager_not_running", "D19", Layer::initialisation, fabric_manager},
    {"driver.not_ready_without_switch", "D20", Layer::initialisation, not_ready_without_switch},
    {"driver.unified_memory_start", "D9", Layer::initialisation, unified_memory_start},
    {"environment.address_space_limit", "D21", Layer::initialisation, address_space_limit},
    {"device.busy", "S2", Layer::initialisation, device_busy},
    {"device.not_licensed", "S19", Layer::initialisation, not_licensed},
    {"environment.mps_unreachable", "S9", Layer::initialisation, mps_unreachable},

    {"device.mig_without_instances", "S1", Layer::visibility, mig_without_instances},
    {"environment.hides_every_gpu", "S16", Layer::visibility, hidden_devices},
    {"environment.hides_some_gpus", "S16", Layer::visibility, some_devices_hidden},
    {"driver.adapter_failed", "D7", Layer::visibility, adapter_failed},

    {"device.out_of_memory", "S8", Layer::runtime, out_of_memory},
    {"architecture.dropped_by_cuda_13", "G2", Layer::runtime, gpu_dropped_by_cuda13},
    {"architecture.no_kernel_image", "G1", Layer::runtime, no_kernel_image},
    {"driver.ptx_too_new", "D14", Layer::runtime, ptx_too_new},
    {"driver.no_jit_compiler", "G5", Layer::runtime, jit_compiler},

    {"environment.library_path_breaks_cuda", "L15", Layer::unexplained, works_without_library_path},
    {"driver.start_ends_badly", "", Layer::unexplained, driver_start_ends_badly},
    {"driver.unexplained_code", "", Layer::unexplained, unexplained_code},
    {"machine.cannot_tell", "", Layer::unexplained, cannot_tell},
    {"machine.not_fully_probed", "", Layer::unexplained, incomplete_probe},

    {"wsl.nvml_crashes", "W9", Layer::device_state, wsl_nvml_crashes},
    {"container.stale_device_description", "W11", Layer::device_state, stale_cdi},
    {"container.small_shared_memory", "C7", Layer::device_state, small_shared_memory},
    {"environment.forced_jit", "G7", Layer::device_state, forced_jit},
    {"environment.cache_not_writable", "G4", Layer::device_state, cache_not_writable},
    {"device.fallen_off_the_bus", "S5", Layer::device_state, fallen_off_the_bus},
    {"device.memory_fault", "S3", Layer::device_state, memory_fault},
    {"device.row_remap", "S4", Layer::device_state, row_remap},
    {"device.reset_required", "S6", Layer::device_state, reset_required},
    {"device.power_or_inforom", "S7", Layer::device_state, power_or_inforom},
    {"device.firmware_does_not_answer", "D8", Layer::device_state, gsp_hang},
    {"device.wrong_data", "S15", Layer::device_state, wrong_data},
    {"device.xid", "", Layer::device_state, other_xid},
    {"device.throttled", "S11", Layer::device_state, throttled_under_load},
    {"device.narrow_pcie_link", "S12", Layer::device_state, narrow_pcie_link},
    {"device.slow_start", "S10", Layer::device_state, slow_start},
    {"device.health_unknown", "", Layer::device_state, health_unknown},

    {"wsl.unversioned_driver_name", "W2", Layer::library_files, unversioned_driver_name},
    {"cudnn.not_installed", "L1", Layer::library_files, no_cudnn},
    {"cudnn.not_on_path", "", Layer::library_files, cudnn_not_on_path},
    {"cudnn.zlib_missing", "L4", Layer::library_files, zlib_for_cudnn},
    {"cudnn.incomplete", "L2", Layer::library_files, cudnn_incomplete},
    {"cudnn.mixed_versions", "L5", Layer::library_files, cudnn_mixed},
    {"cublas.mixed_versions", "L11", Layer::library_files, cublas_pair},
    {"nvjitlink.older", "L12", Layer::library_files, nvjitlink_older},
    {"nvrtc.incomplete", "L10", Layer::library_files, nvrtc_incomplete},

    {"cudnn.gpu_dropped", "L9", Layer::library_calls, cudnn_drops_gpu},
    {"cudnn.does_not_start", "L8", Layer::library_calls, cudnn_does_not_start},
    {"cublas.does_not_start", "L13", Layer::library_calls, cublas_does_not_start},
};

}  // namespace

std::span<const RuleRow> all_rules() { return rows; }

}  // namespace gpucheck
