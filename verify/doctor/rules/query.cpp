#include "verify/doctor/rules/query.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/facts.hpp"

namespace gpucheck {

bool on_wsl(const Snapshot& s) { return s.host.wsl == 2; }

bool in_container(const Snapshot& s) { return s.host.container.value_or("none") != "none"; }

bool on_tegra(const Snapshot& s) {
  return s.host.kernel_release.find("tegra") != std::string::npos;
}

std::optional<std::vector<PciDevice>> gpus(const Snapshot& s) {
  if (!s.pci) return std::nullopt;
  std::vector<PciDevice> found;
  for (const PciDevice& device : *s.pci) {
    if (device.vendor == "10de" && device.pci_class.starts_with("03")) found.push_back(device);
  }
  return found;
}

bool has_gpu(const Snapshot& s) {
  const auto found = gpus(s);
  return found && !found->empty();
}

std::string gpu_names(const Snapshot& s) {
  std::string text;
  for (const PciDevice& device : gpus(s).value_or(std::vector<PciDevice>())) {
    const std::string name = pci_name(device.device);
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ",
                        name.empty() ? "NVIDIA device " + device.device : name, device.address);
  }
  return text;
}

const LibraryProbe* library(const Snapshot& s, std::string_view name) {
  const auto found = std::ranges::find(s.libraries, name, &LibraryProbe::name);
  return found == s.libraries.end() ? nullptr : &*found;
}

bool opens(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  return probed != nullptr && !probed->opened.empty();
}

bool missing(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  return probed != nullptr && probed->opened.empty() &&
         (!probed->error.empty() || probed->signal || probed->timed_out);
}

bool is_stub(std::string_view path) { return path.find("/stubs/") != std::string_view::npos; }

bool is_compat(std::string_view path) { return path.find("/compat/") != std::string_view::npos; }

const Candidate* real_candidate(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  if (probed == nullptr) return nullptr;
  for (const Candidate& candidate : probed->candidates) {
    const bool other = candidate.source == "stubs" || candidate.source == "compat" ||
                       is_stub(candidate.path) || is_compat(candidate.path);
    if (!other && candidate.opens.value_or(false)) return &candidate;
  }
  return nullptr;
}

const CallProbe* call(const Snapshot& s, std::string_view api, std::string_view variant) {
  const auto found = std::ranges::find_if(
      s.calls, [&](const CallProbe& c) { return c.api == api && c.variant == variant; });
  return found == s.calls.end() ? nullptr : &*found;
}

bool ended(const CallProbe* made) {
  return made != nullptr && (made->code || made->signal || made->timed_out);
}

std::optional<int> code(const Snapshot& s, std::string_view api) {
  const CallProbe* made = call(s, api);
  return made == nullptr ? std::nullopt : made->code;
}

bool succeeded(const Snapshot& s, std::string_view api) { return code(s, api) == 0; }

bool failed(const Snapshot& s, std::string_view api) {
  const CallProbe* made = call(s, api);
  return made != nullptr && (made->code.value_or(0) != 0 || made->signal || made->timed_out);
}

const DeviceNode* node(const Snapshot& s, std::string_view path) {
  if (!s.device_nodes) return nullptr;
  const auto found = std::ranges::find(*s.device_nodes, path, &DeviceNode::path);
  return found == s.device_nodes->end() ? nullptr : &*found;
}

std::vector<std::string> nodes_with(const Snapshot& s, int error) {
  std::vector<std::string> paths;
  if (!s.device_nodes) return paths;
  for (const DeviceNode& each : *s.device_nodes) {
    if (each.open_errno == error) paths.push_back(each.path);
  }
  return paths;
}

bool any_gpu_node(const Snapshot& s) {
  return s.device_nodes && std::ranges::any_of(*s.device_nodes, [](const DeviceNode& each) {
           return each.path.starts_with("/dev/nvidia") && each.exists.value_or(false);
         });
}

bool module_loaded(const Snapshot& s, std::string_view name) {
  return s.kernel_driver && s.kernel_driver->modules &&
         std::ranges::find(*s.kernel_driver->modules, name) != s.kernel_driver->modules->end();
}

bool module_absent(const Snapshot& s, std::string_view name) {
  return s.kernel_driver && s.kernel_driver->modules && !module_loaded(s, name);
}

std::optional<std::string> variable(const Snapshot& s, std::string_view name) {
  const auto found = s.environment.find(std::string(name));
  if (found == s.environment.end()) return std::nullopt;
  return found->second;
}

std::string driver_library_version(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  return driver == nullptr ? "" : driver->version;
}

std::int64_t driver_devices(const Snapshot& s) {
  for (const std::string_view api : {"cuDeviceGetCount", "cudaGetDeviceCount"}) {
    const CallProbe* made = call(s, api);
    if (made != nullptr && made->code == 0 && made->value) return *made->value;
  }
  return -1;
}

int driver_cuda(const Snapshot& s) {
  for (const std::string_view api : {"cudaDriverGetVersion", "cuDriverGetVersion"}) {
    const CallProbe* made = call(s, api);
    if (made == nullptr || made->code != 0 || !made->value) continue;
    if (*made->value > 0 && *made->value < 1'000'000) return static_cast<int>(*made->value);
  }
  return 0;
}

std::string cuda_text(int code) { return fmt::format("{}.{}", code / 1000, code % 1000 / 10); }

std::vector<Device> cuda_devices(const Snapshot& s) {
  std::vector<Device> listed;
  std::ranges::copy_if(s.devices, std::back_inserter(listed), &Device::cuda_visible);
  return listed;
}

std::string gpu_text(const Device& device) {
  if (device.cuda_visible) return fmt::format("GPU {}", device.index);
  return fmt::format("GPU {}", device.pci.empty() ? device.uuid : device.pci);
}

std::optional<int> cuda_index(const Device& device) {
  if (!device.cuda_visible) return std::nullopt;
  return device.index;
}

std::string smi_id(const Device& device) {
  return device.pci.empty() ? std::to_string(device.index) : device.pci;
}

std::vector<std::string> log_lines(const Snapshot& s, std::string_view word, std::size_t most) {
  std::vector<std::string> found;
  for (const std::string& line : s.kernel_log.lines) {
    if (line.find(word) != std::string::npos) found.push_back(line);
  }
  if (found.size() > most)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
  return found;
}

}  // namespace gpucheck
