#pragma once

#include <concepts>
#include <type_traits>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

template <class T, class S>
concept Is = std::same_as<std::remove_const_t<T>, S>;

// The snapshot's format, once: every struct names its keys to a visitor, which writes, reads or
// redacts.

template <class V, Is<BuiltWith> T>
void fields(V& v, T& x) {
  v("cuda", x.cuda), v("archs", x.archs), v("ptx", x.ptx);
}

template <class V, Is<Host> T>
void fields(V& v, T& x) {
  v("kernel_release", x.kernel_release), v("os_id", x.os_id), v("os_version", x.os_version);
  v("arch", x.arch), v("wsl", x.wsl), v("container", x.container);
  v("user_namespace", x.user_namespace), v("uid", x.uid), v("groups", x.groups);
  v("boot_seconds", x.boot_seconds), v("suspended_seconds", x.suspended_seconds);
  v("cmdline", x.cmdline), v("secure_boot", x.secure_boot);
}

template <class V, Is<CacheDirectory> T>
void fields(V& v, T& x) {
  v("path", x.path), v("writable", x.writable);
}

template <class V, Is<Limits> T>
void fields(V& v, T& x) {
  v("address_space", x.address_space), v("shm_free_bytes", x.shm_free_bytes);
  v("cache_dir", x.cache_dir);
}

template <class V, Is<PciDevice> T>
void fields(V& v, T& x) {
  v("address", x.address), v("vendor", x.vendor), v("device", x.device);
  v("class", x.pci_class), v("driver", x.driver);
}

template <class V, Is<KernelDriver> T>
void fields(V& v, T& x) {
  v("modules", x.modules), v("version", x.version), v("open", x.open);
  v("module_file_present", x.module_file_present), v("parameters", x.parameters);
  v("character_devices", x.character_devices);
}

template <class V, Is<DeviceNode> T>
void fields(V& v, T& x) {
  v("path", x.path), v("exists", x.exists), v("mode", x.mode), v("group", x.group);
  v("open_errno", x.open_errno);
}

template <class V, Is<CdiSpec> T>
void fields(V& v, T& x) {
  v("file", x.file), v("missing_paths", x.missing_paths);
}

template <class V, Is<Candidate> T>
void fields(V& v, T& x) {
  v("path", x.path), v("source", x.source), v("kind", x.kind), v("size", x.size);
  v("opens", x.opens), v("error", x.error);
}

template <class V, Is<LibraryProbe> T>
void fields(V& v, T& x) {
  v("name", x.name), v("opened", x.opened), v("error", x.error), v("signal", x.signal);
  v("timed_out", x.timed_out), v("version", x.version), v("package", x.package);
  v("missing_symbols", x.missing_symbols), v("candidates", x.candidates);
}

template <class V, Is<CallProbe> T>
void fields(V& v, T& x) {
  v("api", x.api), v("device", x.device), v("code", x.code), v("value", x.value);
  v("seconds", x.seconds), v("signal", x.signal), v("timed_out", x.timed_out), v("log", x.log);
  v("variant", x.variant);
}

template <class V, Is<Mig> T>
void fields(V& v, T& x) {
  v("enabled", x.enabled), v("instances", x.instances);
}

template <class V, Is<Ecc> T>
void fields(V& v, T& x) {
  v("enabled", x.enabled), v("volatile_uncorrected", x.volatile_uncorrected);
}

template <class V, Is<RowRemap> T>
void fields(V& v, T& x) {
  v("pending", x.pending), v("failed", x.failed);
}

template <class V, Is<PcieLink> T>
void fields(V& v, T& x) {
  v("gen", x.gen), v("width", x.width), v("max_gen", x.max_gen), v("max_width", x.max_width);
  v("under_load", x.under_load);
}

template <class V, Is<Device> T>
void fields(V& v, T& x) {
  v("index", x.index), v("uuid", x.uuid), v("pci", x.pci), v("name", x.name), v("cc", x.cc);
  v("sms", x.sms), v("memory_bytes", x.memory_bytes), v("free_bytes", x.free_bytes);
  v("compute_mode", x.compute_mode), v("mig", x.mig), v("persistence", x.persistence);
  v("ecc", x.ecc), v("remap", x.remap), v("vgpu", x.vgpu), v("confidential", x.confidential);
  v("pcie", x.pcie), v("events_reasons", x.events_reasons), v("processes", x.processes);
  v("simulated", x.simulated), v("cuda_visible", x.cuda_visible);
}

template <class V, Is<Sample> T>
void fields(V& v, T& x) {
  v("device", x.device), v("under_load", x.under_load), v("sm_clock_mhz", x.sm_clock_mhz);
  v("power_w", x.power_w), v("temperature_c", x.temperature_c);
  v("events_reasons", x.events_reasons);
}

template <class V, Is<LaunchProbe> T>
void fields(V& v, T& x) {
  v("device", x.device), v("kernel", x.kernel), v("code", x.code);
  v("binary_version", x.binary_version), v("seconds", x.seconds);
}

template <class V, Is<Fabric> T>
void fields(V& v, T& x) {
  v("nvswitch", x.nvswitch), v("manager_version", x.manager_version), v("state", x.state);
}

template <class V, Is<Mps> T>
void fields(V& v, T& x) {
  v("pipe_directory", x.pipe_directory), v("control_alive", x.control_alive);
}

template <class V, Is<Toolkit> T>
void fields(V& v, T& x) {
  v("path", x.path), v("version", x.version), v("nvcc", x.nvcc);
}

template <class V, Is<Compiler> T>
void fields(V& v, T& x) {
  v("name", x.name), v("version", x.version);
}

template <class V, Is<PythonPrefix> T>
void fields(V& v, T& x) {
  v("prefix", x.prefix), v("packages", x.packages);
}

template <class V, Is<KernelLog> T>
void fields(V& v, T& x) {
  v("readable", x.readable), v("lines", x.lines);
}

template <class V, Is<Snapshot> T>
void fields(V& v, T& x) {
  v("simulated", x.simulated), v("built_with", x.built_with), v("host", x.host);
  v("environment", x.environment), v("limits", x.limits), v("pci", x.pci);
  v("kernel_driver", x.kernel_driver), v("device_nodes", x.device_nodes), v("mounts", x.mounts);
  v("cdi", x.cdi), v("libraries", x.libraries), v("calls", x.calls), v("devices", x.devices);
  v("samples", x.samples), v("launches", x.launches), v("fabric", x.fabric), v("mps", x.mps);
  v("toolkits", x.toolkits), v("compilers", x.compilers), v("python", x.python);
  v("kernel_log", x.kernel_log);
}

}  // namespace gpucheck
