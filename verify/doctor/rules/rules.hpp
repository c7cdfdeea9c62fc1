#pragma once

#include "verify/doctor/rules/finding.hpp"

namespace gpucheck {

// Every rule; all.cpp gives each its names and its place.

// container.cpp
Findings container_without_gpu(const Snapshot& s);
Findings container_without_compute(const Snapshot& s);
Findings container_lost_devices(const Snapshot& s);
Findings stale_cdi(const Snapshot& s);
Findings small_shared_memory(const Snapshot& s);

// cudnn.cpp
Findings no_cudnn(const Snapshot& s);
Findings cudnn_not_on_path(const Snapshot& s);
Findings cudnn_incomplete(const Snapshot& s);
Findings zlib_for_cudnn(const Snapshot& s);
Findings cudnn_mixed(const Snapshot& s);
Findings cudnn_drops_gpu(const Snapshot& s);
Findings cudnn_does_not_start(const Snapshot& s);

// device_nodes.cpp
Findings no_permission(const Snapshot& s);
Findings uvm_missing(const Snapshot& s);
Findings lost_over_suspend(const Snapshot& s);

// driver_library.cpp
Findings library_module_mismatch(const Snapshot& s);
Findings compat_does_not_fit(const Snapshot& s);
Findings compat_on_unsupported_gpu(const Snapshot& s);
Findings stub_in_use(const Snapshot& s);
Findings empty_driver_library(const Snapshot& s);
Findings foreign_driver_library(const Snapshot& s);
Findings driver_library_unsafe(const Snapshot& s);
Findings driver_library_not_on_path(const Snapshot& s);
Findings several_drivers(const Snapshot& s);

// driver_version.cpp
Findings driver_too_old(const Snapshot& s);
Findings windows_driver_too_old(const Snapshot& s);
Findings too_old_for_this_build(const Snapshot& s);
Findings ptx_too_new(const Snapshot& s);

// health.cpp
Findings memory_fault(const Snapshot& s);
Findings row_remap(const Snapshot& s);
Findings fallen_off_the_bus(const Snapshot& s);
Findings reset_required(const Snapshot& s);
Findings power_or_inforom(const Snapshot& s);
Findings gsp_hang(const Snapshot& s);
Findings other_xid(const Snapshot& s);
Findings wrong_data(const Snapshot& s);
Findings health_unknown(const Snapshot& s);

// speed.cpp
Findings throttled_under_load(const Snapshot& s);
Findings narrow_pcie_link(const Snapshot& s);
Findings slow_start(const Snapshot& s);

// initialisation.cpp
Findings confidential_not_ready(const Snapshot& s);
Findings fabric_manager(const Snapshot& s);
Findings not_ready_without_switch(const Snapshot& s);
Findings unified_memory_start(const Snapshot& s);
Findings address_space_limit(const Snapshot& s);
Findings device_busy(const Snapshot& s);
Findings not_licensed(const Snapshot& s);
Findings mps_unreachable(const Snapshot& s);
Findings driver_start_ends_badly(const Snapshot& s);
Findings unexplained_code(const Snapshot& s);
Findings works_without_library_path(const Snapshot& s);

// kernel_driver.cpp
Findings no_driver(const Snapshot& s);
Findings module_not_loaded(const Snapshot& s);
Findings signature_rejected(const Snapshot& s);
Findings nouveau_owns_gpu(const Snapshot& s);
Findings gpu_given_to_vm(const Snapshot& s);
Findings adapter_failed(const Snapshot& s);

// libraries.cpp
Findings cublas_pair(const Snapshot& s);
Findings nvjitlink_older(const Snapshot& s);
Findings cublas_does_not_start(const Snapshot& s);
Findings nvrtc_incomplete(const Snapshot& s);

// machine.cpp
Findings no_nvidia_gpu(const Snapshot& s);
Findings wsl_1(const Snapshot& s);
Findings wsl_without_gpu(const Snapshot& s);
Findings cannot_tell(const Snapshot& s);
Findings incomplete_probe(const Snapshot& s);

// runtime.cpp
Findings no_kernel_image(const Snapshot& s);
Findings gpu_dropped_by_cuda13(const Snapshot& s);
Findings out_of_memory(const Snapshot& s);
Findings jit_compiler(const Snapshot& s);
Findings forced_jit(const Snapshot& s);
Findings cache_not_writable(const Snapshot& s);

// visibility.cpp
Findings hidden_devices(const Snapshot& s);
Findings some_devices_hidden(const Snapshot& s);
Findings mig_without_instances(const Snapshot& s);

// wsl.cpp
Findings wsl_library_not_on_path(const Snapshot& s);
Findings unversioned_driver_name(const Snapshot& s);
Findings linux_driver_in_wsl(const Snapshot& s);
Findings wsl_blocked(const Snapshot& s);
Findings wsl_nvml_crashes(const Snapshot& s);

}  // namespace gpucheck
