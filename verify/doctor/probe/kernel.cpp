#include <unistd.h>

#include <algorithm>
#include <regex>

#include "verify/doctor/probe/stages.hpp"

namespace gpucheck {
namespace {

std::string without_0x(const std::string& text) {
  return text.starts_with("0x") ? text.substr(2) : text;
}

// Name of the directory a link points to: "nvidia" for .../bus/pci/drivers/nvidia.
std::string link_name(const std::string& path) {
  char target[512];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  if (length <= 0) return "";
  const std::string text(target, static_cast<std::size_t>(length));
  return text.substr(text.rfind('/') + 1);
}

std::optional<std::vector<std::string>> loaded_modules(const Root& root) {
  const auto table = root.read("/proc/modules");
  if (!table) return std::nullopt;
  std::vector<std::string> modules;
  for (const std::string_view line : lines(*table)) {
    const std::string_view name = line.substr(0, line.find(' '));
    if (name.starts_with("nvidia") || name.starts_with("nova") || name == "nouveau" ||
        name == "vfio_pci") {
      modules.emplace_back(name);
    }
  }
  std::ranges::sort(modules);
  return modules;
}

std::optional<std::vector<std::string>> character_devices(const Root& root) {
  const auto table = root.read("/proc/devices");
  if (!table) return std::nullopt;
  std::vector<std::string> devices;
  for (const std::string_view line : lines(*table)) {
    if (line.starts_with("Block devices")) break;
    const std::size_t name = line.find("nvidia");
    if (name != std::string_view::npos) devices.emplace_back(line.substr(name));
  }
  return devices;
}

// "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  555.58.02  Release Build ..."
void read_version(const Root& root, KernelDriver& driver) {
  const std::string text = root.text("/proc/driver/nvidia/version");
  static const std::regex number(R"(Module\s.*?(\d{3,}\.\d+(?:\.\d+)?))");
  std::smatch match;
  const std::string first_line(text.substr(0, std::min<std::size_t>(text.find('\n'), 500)));
  if (std::regex_search(first_line, match, number)) {
    driver.version = match[1];
    driver.open = first_line.find("Open Kernel Module") != std::string::npos;
  } else {
    driver.version = root.text("/sys/module/nvidia/version");
  }
}

std::optional<bool> module_file_present(const Root& root, const std::string& kernel_release) {
  const std::string directory = "/lib/modules/" + kernel_release;
  const auto index = root.read(directory + "/modules.dep");
  if (!index) return std::nullopt;
  // The index holds one megabyte at most here, but DKMS modules stand first (updates/, extra/) or
  // in these folders.
  if (index->find("/nvidia.ko") != std::string::npos) return true;
  for (const char* folder :
       {"/updates/dkms", "/extra", "/extra/nvidia", "/kernel/drivers/video", "/misc"}) {
    for (const std::string& name :
         root.list(directory + folder).value_or(std::vector<std::string>())) {
      if (name.starts_with("nvidia.ko") || name.starts_with("nvidia-current.ko")) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<KernelDriver> probe_kernel_driver(const Root& root) {
  KernelDriver driver;
  driver.modules = loaded_modules(root);
  driver.character_devices = character_devices(root);
  read_version(root, driver);
  if (!driver.modules && !driver.character_devices && driver.version.empty()) return std::nullopt;
  std::string release = root.text("/proc/sys/kernel/osrelease");
  if (!release.empty()) driver.module_file_present = module_file_present(root, release);
  for (const char* name :
       {"nvidia_uvm/parameters/uvm_disable_hmm", "nvidia/parameters/NVreg_EnableGpuFirmware"}) {
    const std::string value = root.text("/sys/module/" + std::string(name));
    std::string key = name;
    key.replace(key.find("/parameters/"), 12, ".");
    if (!value.empty()) driver.parameters[key] = value;
  }
  return driver;
}

std::optional<std::vector<PciDevice>> probe_pci(const Root& root) {
  const std::string bus = "/sys/bus/pci/devices";
  const auto addresses = root.list(bus);
  if (!addresses) return std::nullopt;
  std::vector<PciDevice> devices;
  for (const std::string& address : *addresses) {
    const std::string directory = bus + "/" + address;
    PciDevice device{.address = address,
                     .vendor = without_0x(root.text(directory + "/vendor")),
                     .device = without_0x(root.text(directory + "/device")),
                     .pci_class = without_0x(root.text(directory + "/class")).substr(0, 4),
                     .driver = ""};
    // Other adapters with a display class are kept too: they answer "but I do have a graphics
    // card".
    if (device.vendor != "10de" && !device.pci_class.starts_with("03")) continue;
    device.driver = link_name(root.at(directory + "/driver"));
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace gpucheck
