#include <errno.h>
#include <fmt/format.h>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

bool no_node_visible(const Snapshot& s) {
  if (!s.device_nodes) return false;
  const DeviceNode* dxg = node(s, "/dev/dxg");
  return !any_gpu_node(s) && (dxg == nullptr || !dxg->exists.value_or(false));
}

std::string shown(const Snapshot& s, std::string_view name) {
  const auto value = variable(s, name);
  return std::string(name) + (value                  ? "=" + *value
                              : s.environment_probed ? " is not set"
                                                     : ": not probed");
}

}  // namespace

Findings container_without_gpu(const Snapshot& s) {
  if (!in_container(s) || !no_node_visible(s) || opens(s, "libcuda.so.1") || !s.devices.empty())
    return {};
  const auto on_bus = gpus(s);
  if (on_bus && on_bus->empty() && !on_wsl(s))
    return {};  // The bus of a container is that of its host: D0.
  Texts evidence = {fmt::format("Inside a container ({})", *s.host.container),
                    "No /dev/nvidia* and no /dev/dxg", said_of_library(s, "libcuda.so.1"),
                    shown(s, "NVIDIA_VISIBLE_DEVICES")};
  if (has_gpu(s)) evidence.push_back("The host has " + gpu_names(s));
  return error("The container was started without a GPU", std::move(evidence),
               start_container_with_gpu(s));
}

Findings container_without_compute(const Snapshot& s) {
  if (!in_container(s) || !missing(s, "libcuda.so.1") ||
      real_candidate(s, "libcuda.so.1") != nullptr)
    return {};
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver->signal || driver->timed_out ||
      driver->error.find("No such file") == std::string::npos)
    return {};
  if (!any_gpu_node(s) && !opens(s, "libnvidia-ml.so.1")) return {};
  // https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html
  return error(
      "The container has the GPU but not the CUDA driver library: the capability \"compute\" was "
      "not asked for",
      {said_of_library(s, "libcuda.so.1"), said_of_library(s, "libnvidia-ml.so.1"),
       shown(s, "NVIDIA_DRIVER_CAPABILITIES")},
      {"docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility ...",
       "In a compose file: capabilities: [gpu, compute, utility]"});
}

Findings container_lost_devices(const Snapshot& s) {
  const Texts refused = nodes_with(s, EPERM);
  if (!in_container(s) || refused.empty() || !(failed(s, "nvmlInit") || failed(s, "cuInit")))
    return {};
  Texts evidence = {
      fmt::format("open() of {} gives EPERM: the device cgroup forbids it", refused.front())};
  for (const char* api : {"nvmlInit", "cuInit"}) {
    if (failed(s, api)) evidence.push_back(said(s, api));
  }
  // https://github.com/NVIDIA/nvidia-container-toolkit/issues/48
  return error(
      "The container lost its right to the GPU (on the host, systemd re-read its units or rewrote "
      "the cgroup)",
      std::move(evidence),
      {"Restart the container",
       "To keep it from happening again, on the host: sudo nvidia-ctk system "
       "create-dev-char-symlinks "
       "--create-all, or start containers with CDI (--device nvidia.com/gpu=all)"});
}

Findings stale_cdi(const Snapshot& s) {
  Texts evidence;
  for (const CdiSpec& spec : s.cdi) {
    if (!spec.missing_paths.empty()) {
      evidence.push_back(fmt::format("{} names {}, which does not exist ({} such paths)", spec.file,
                                     spec.missing_paths.front(), spec.missing_paths.size()));
    }
  }
  if (evidence.empty()) return {};
  // https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html
  return warning("The container device description (CDI) is of an older driver",
                 std::move(evidence),
                 {as_root(s, "nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml")});
}

Findings small_shared_memory(const Snapshot& s) {
  constexpr std::uint64_t enough = std::uint64_t{1}
                                   << 30;  // NCCL's segments are some 10 MB per channel and GPU.
  const std::size_t gpus = cuda_devices(s).size();
  if (gpus < 2 || s.simulated || s.limits.shm_free_bytes.value_or(enough) >= enough) return {};
  const auto megabytes = *s.limits.shm_free_bytes >> 20;
  return warning(
      fmt::format("/dev/shm has {} MB free; NCCL between {} GPUs needs more", megabytes, gpus),
      {fmt::format("statvfs(/dev/shm): {} MB free", megabytes)},
      in_container(s)
          ? Texts{"docker run --shm-size=1g ...   # or --ipc=host; in Kubernetes an emptyDir with "
                  "medium: Memory on /dev/shm"}
          : Texts{as_root(s, "mount -o remount,size=8G /dev/shm")});
}

}  // namespace gpucheck
