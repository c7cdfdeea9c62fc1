#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

// Questions that rules ask a snapshot. Where a fact was not probed the answer is "no" or empty, so
// a rule that needs the fact to be absent has to ask whether it is known.

bool on_wsl(const Snapshot& s);  ///< WSL 2.
bool in_container(const Snapshot& s);
bool on_tegra(const Snapshot& s);  ///< Jetson: an integrated GPU that is on no PCI bus.

/// NVIDIA adapters with a display class; empty optional: the bus was not probed.
std::optional<std::vector<PciDevice>> gpus(const Snapshot& s);
/// Whether the bus is known to hold an NVIDIA GPU.
bool has_gpu(const Snapshot& s);
/// "NVIDIA H200 (0000:04:00.0), ..." with names from data/pci_ids.csv.
std::string gpu_names(const Snapshot& s);

const LibraryProbe* library(const Snapshot& s, std::string_view name);
bool opens(const Snapshot& s, std::string_view name);
/// Probed, and it did not open.
bool missing(const Snapshot& s, std::string_view name);
/// A file of this name that is neither a stub nor a compatibility library, in any place.
const Candidate* real_candidate(const Snapshot& s, std::string_view name);
bool is_stub(std::string_view path);
bool is_compat(std::string_view path);

const CallProbe* call(const Snapshot& s, std::string_view api, std::string_view variant = "");
/// Whether it was called and the end of it is known.
bool ended(const CallProbe* made);
std::optional<int> code(const Snapshot& s, std::string_view api);
bool succeeded(const Snapshot& s, std::string_view api);
/// Called, and it did not succeed: another code, a signal, or no end.
bool failed(const Snapshot& s, std::string_view api);

const DeviceNode* node(const Snapshot& s, std::string_view path);
/// Nodes whose open() gave this errno.
std::vector<std::string> nodes_with(const Snapshot& s, int error);
bool any_gpu_node(const Snapshot& s);

bool module_loaded(const Snapshot& s, std::string_view name);
/// The list of modules is known and this one is not in it.
bool module_absent(const Snapshot& s, std::string_view name);

std::optional<std::string> variable(const Snapshot& s, std::string_view name);

/// Driver version of the opened libcuda ("580.65.06"), from its file name or as reported.
std::string driver_library_version(const Snapshot& s);
/// Devices the driver or the runtime counts; -1: unknown.
std::int64_t driver_devices(const Snapshot& s);
/// The number cuDriverGetVersion or cudaDriverGetVersion gave, 12080; 0: unknown.
int driver_cuda(const Snapshot& s);
/// "12.8" for 12080.
std::string cuda_text(int code);

/// What libcudnn.so.9 opens by name: cuDNN 9 "API reference, library structure". libcudnn_graph
/// first: all need it.
inline constexpr std::array cudnn_sublibraries = {"libcudnn_graph.so.9",
                                                  "libcudnn_ops.so.9",
                                                  "libcudnn_cnn.so.9",
                                                  "libcudnn_adv.so.9",
                                                  "libcudnn_heuristic.so.9",
                                                  "libcudnn_engines_precompiled.so.9",
                                                  "libcudnn_engines_runtime_compiled.so.9"};

/// The GPUs that CUDA lists, which are those that can be verified.
std::vector<Device> cuda_devices(const Snapshot& s);

/// "GPU 0" as CUDA counts; "GPU 0000:08:00.0" where it does not list the device.
std::string gpu_text(const Device& device);

/// CUDA's index; empty where it does not list the device.
std::optional<int> cuda_index(const Device& device);

/// What nvidia-smi -i takes: the address where it is known, since it does not count as CUDA does.
std::string smi_id(const Device& device);

/// Lines of the kernel log with `word` in them, the last ones, at most `most`.
std::vector<std::string> log_lines(const Snapshot& s, std::string_view word, std::size_t most = 2);

}  // namespace gpucheck
