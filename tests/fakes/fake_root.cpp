#include "tests/fakes/fake_root.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/probe.hpp"

namespace gpucheck {

namespace fs = std::filesystem;

FakeRoot::FakeRoot() {
  std::string name = "/tmp/gpucheck_root_XXXXXX";  // Short, since a socket's path has 108 bytes.
  path_ = mkdtemp(name.data()) != nullptr ? name : "";
  EXPECT_FALSE(path_.empty());
  write("/proc/sys/kernel/osrelease", "6.8.0-45-generic\n");
  write("/proc/cmdline", "root=/dev/sda1\n");
  write("/proc/1/cgroup", "0::/init.scope\n");
  write("/proc/self/mountinfo", "29 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  write("/proc/self/uid_map", "         0          0 4294967295\n");
  write("/proc/modules",
        "nvidia_uvm 1 0 - Live 0x0\nnvidia_modeset 1 0 - Live 0x0\nnvidia 1 2 - Live 0x0\next4 1 0 "
        "- Live 0x0\n");
  write("/proc/devices",
        "Character devices:\n195 nvidia\n511 nvidia-uvm\n\nBlock devices:\n8 sd\n");
  write("/proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  "
        "(builder)  Tue\n");
  write("/sys/module/nvidia_uvm/parameters/uvm_disable_hmm", "N\n");
  write("/etc/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n");
  write("/lib/modules/6.8.0-45-generic/modules.dep", "updates/dkms/nvidia.ko.zst:\n");
  const std::string gpu = "/sys/bus/pci/devices/0000:08:00.0/";
  write(gpu + "vendor", "0x10de\n");
  write(gpu + "device", "0x2335\n");
  write(gpu + "class", "0x030200\n");
  fs::create_directories(path_ + "/sys/bus/pci/drivers/nvidia");
  fs::create_directory_symlink("../../drivers/nvidia", path_ + gpu + "driver");
  for (const char* node : {"/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm"}) write(node, "");
}

FakeRoot::~FakeRoot() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void FakeRoot::write(const std::string& file, const std::string& text) const {
  fs::create_directories(fs::path(path_ + file).parent_path());
  std::ofstream(path_ + file) << text;
}

void FakeRoot::remove(const std::string& file) const { fs::remove_all(path_ + file); }

std::string FakeRoot::install(const std::string& fake, const std::string& file) const {
  fs::create_directories(fs::path(path_ + file).parent_path());
  fs::copy_file(std::string(GPUCHECK_FAKES) + "/" + fake, path_ + file,
                fs::copy_options::overwrite_existing);
  return path_ + file;
}

void FakeRoot::without_gpu() const { remove("/sys/bus/pci/devices/0000:08:00.0"); }

void FakeRoot::without_module() const {
  write("/proc/modules", "ext4 1 0 - Live 0x0\n");
  write("/proc/devices", "Character devices:\n1 mem\n");
  remove("/proc/driver/nvidia");
  remove("/sys/module");
  remove("/sys/bus/pci/devices/0000:08:00.0/driver");
  for (const char* node : {"/dev/nvidia0", "/dev/nvidia-uvm"}) remove(node);
  dead_node("/dev/nvidiactl");
}

void FakeRoot::with_nvswitch() const {
  const std::string device = "/sys/bus/pci/devices/0000:c0:00.0/";
  write(device + "vendor", "0x10de\n");
  write(device + "device", "0x22a3\n");
  write(device + "class", "0x068000\n");
}

void FakeRoot::dead_node(const std::string& file) const {
  remove(file);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = path_ + file;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::ranges::copy(path, address.sun_path);
  const int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_EQ(bind(socket_file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  close(socket_file);
}

std::string fake(const std::string& name) { return std::string(GPUCHECK_FAKES) + "/" + name; }

Snapshot probe_with(const FakeRoot& root, const Variables& variables,
                    std::chrono::steady_clock::time_point until) {
  for (const char* name : {"LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "VIRTUAL_ENV", "CONDA_PREFIX",
                           "CUDA_HOME", "CUDA_PATH", "GPUCHECK_LIBRARIES"}) {
    unsetenv(name);
  }
  setenv("GPUCHECK_TEST_DEADLINE", "2", 1);
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  const Snapshot snapshot =
      probe({.root = root.path(), .python = {}, .libraries = {}, .until = until});
  for (const auto& [name, value] : variables) unsetenv(name.c_str());
  return snapshot;
}

std::string root_causes(const Snapshot& snapshot) {
  std::string text;
  for (const Finding& each : diagnose(snapshot)) {
    if (each.root_cause)
      text += (text.empty() ? "" : " ") + (each.catalogue.empty() ? each.id : each.catalogue);
  }
  return text;
}

bool found(const Snapshot& snapshot, const std::string& catalogue) {
  const auto findings = diagnose(snapshot);
  return std::ranges::find(findings, catalogue, &Finding::catalogue) != findings.end();
}

}  // namespace gpucheck
