#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>

#include "tests/fakes/fake_root.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/snapshot_json.hpp"

extern char** environ;

namespace gpucheck {
namespace {

TEST(FakeMachine, IsReadBelowItsRoot) {
  FakeRoot root;
  const Snapshot snapshot = probe_with(root, {});
  EXPECT_EQ(snapshot.host.os_id, "ubuntu");
  EXPECT_EQ(snapshot.host.os_version, "24.04");
  EXPECT_EQ(snapshot.host.wsl, 0);
  EXPECT_EQ(snapshot.host.container, "none");
  EXPECT_EQ(snapshot.host.user_namespace, false);
  ASSERT_TRUE(snapshot.pci);
  ASSERT_EQ(snapshot.pci->size(), 1U);
  EXPECT_EQ(snapshot.pci->front().driver, "nvidia");
  ASSERT_TRUE(snapshot.kernel_driver);
  EXPECT_EQ(snapshot.kernel_driver->version, "580.95.05");
  EXPECT_EQ(snapshot.kernel_driver->open, true);
  EXPECT_EQ(snapshot.kernel_driver->module_file_present, true);
  EXPECT_TRUE(module_loaded(snapshot, "nvidia_uvm"));
  ASSERT_NE(node(snapshot, "/dev/nvidia0"), nullptr);
  EXPECT_EQ(node(snapshot, "/dev/nvidia0")->open_errno, 0);
  EXPECT_EQ(node(snapshot, "/dev/dxg")->exists, false);
}

TEST(FakeMachine, ANodeWithoutADriverGivesEnxio) {
  FakeRoot root;
  root.without_module();
  const Snapshot snapshot = probe_with(root, {});
  EXPECT_EQ(node(snapshot, "/dev/nvidiactl")->open_errno, ENXIO);
}

TEST(FakeMachine, WslAndContainersAreRecognised) {
  FakeRoot root;
  root.write("/proc/sys/kernel/osrelease", "5.15.167.4-microsoft-standard-WSL2\n");
  EXPECT_EQ(probe_with(root, {}).host.wsl, 2);
  root.write("/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n");
  EXPECT_EQ(probe_with(root, {}).host.wsl, 1);
  root.write("/.dockerenv", "");  // Left behind in a virtual machine: no overlay, no cgroup.
  EXPECT_EQ(probe_with(root, {}).host.container, "none");
  root.write("/proc/self/mountinfo", "29 1 0:1 / / rw - overlay overlay rw\n");
  EXPECT_EQ(probe_with(root, {}).host.container, "docker");
  root.write("/proc/1/cgroup", "0::/kubepods/besteffort/pod1\n");
  EXPECT_EQ(probe_with(root, {}).host.container, "kubernetes");
}

TEST(FakeMachine, AContainerWithoutGpuIsC2) {
  FakeRoot root;
  root.write("/proc/1/cgroup", "0::/docker/0123\n");
  for (const char* each : {"/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm"}) root.remove(each);
  const Snapshot snapshot = probe_with(root, {});
  if (opens(snapshot, "libcuda.so.1")) GTEST_SKIP() << "this machine has a driver";
  EXPECT_EQ(root_causes(snapshot), "C2");
}

TEST(FakeMachine, AContainerWithoutComputeIsC3) {
  FakeRoot root;
  root.write("/proc/1/cgroup", "0::/docker/0123\n");
  const Snapshot snapshot = probe_with(
      root, {{"LD_LIBRARY_PATH", fake("nvml")}, {"NVIDIA_DRIVER_CAPABILITIES", "utility"}});
  if (opens(snapshot, "libcuda.so.1")) GTEST_SKIP() << "this machine has a driver";
  EXPECT_EQ(root_causes(snapshot), "C3");
}

TEST(FakeMachine, AWslLibraryOffThePathIsW1) {
  FakeRoot root;
  root.without_gpu();
  root.without_module();
  root.write("/proc/sys/kernel/osrelease", "5.15.167.4-microsoft-standard-WSL2\n");
  root.write("/dev/dxg", "");
  root.install("cuda/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1");
  const Snapshot snapshot = probe_with(root, {});
  if (opens(snapshot, "libcuda.so.1")) GTEST_SKIP() << "this machine has a driver";
  EXPECT_EQ(root_causes(snapshot), "W1");
}

TEST(FakeMachine, TheDriversPackageIsFoundInTheListsOfDpkg) {
  FakeRoot root;
  root.without_gpu();
  root.without_module();
  root.write("/proc/sys/kernel/osrelease", "5.15.167.4-microsoft-standard-WSL2\n");
  root.write("/dev/dxg", "");
  const std::string lists = "/var/lib/dpkg/info/";
  root.write(lists + "libcuda1:amd64.list", "/.\n/lib/x86_64-linux-gnu/libcuda.so.1\n");
  root.write(lists + "nvidia-other.list", "/usr/lib/x86_64-linux-gnu/libcuda.so.12\n");
  const std::string file =
      root.install("cuda/libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1");
  const Snapshot snapshot =
      probe_with(root, {{"LD_LIBRARY_PATH", file.substr(0, file.rfind('/')) + ":" + fake("nvml")},
                        {"FAKE_CUDA_INIT", "100"}});
  EXPECT_EQ(library(snapshot, "libcuda.so.1")->package, "libcuda1");
  EXPECT_EQ(library(snapshot, "libnvidia-ml.so.1")->package, "");
  const auto findings = diagnose(snapshot);
  ASSERT_EQ(findings.front().catalogue, "W4");
  const auto& evidence = findings.front().evidence;
  EXPECT_NE(std::ranges::find(evidence, "It belongs to the package libcuda1"), evidence.end());
}

TEST(FakeMachine, KernelLogLinesOfTheDriverAreKept) {
  FakeRoot root;
  root.write("/dev/kmsg",
             "6,1,2,-;NVRM: Xid (PCI:0000:08:00): 79, pid=1, GPU has fallen off the "
             "bus.\n6,2,3,-;usb 1-1: new\n");
  const Snapshot snapshot = probe_with(root, {});
  ASSERT_EQ(snapshot.kernel_log.lines.size(), 1U);
  EXPECT_TRUE(found(snapshot, "S5"));
}

TEST(FakeMachine, AnEmptyRootIsUnknownNotFine) {
  FakeRoot root;
  for (const char* each : {"/proc", "/sys", "/dev", "/etc", "/lib"}) root.remove(each);
  const Snapshot snapshot = probe_with(root, {});
  EXPECT_FALSE(snapshot.pci);
  EXPECT_FALSE(snapshot.kernel_driver);
  EXPECT_FALSE(root_causes(snapshot).empty());
}

TEST(FakeMachine, OnlyVariablesOfTheAllowListAreKept) {
  FakeRoot root;
  const Snapshot snapshot = probe_with(root, {{"AWS_SECRET_ACCESS_KEY", "hunter2"},
                                              {"NVIDIA_VISIBLE_DEVICES", "all"},
                                              {"CUDA_DEVICE_ORDER", "PCI_BUS_ID"}});
  EXPECT_TRUE(snapshot.environment.contains("NVIDIA_VISIBLE_DEVICES"));
  EXPECT_TRUE(snapshot.environment.contains("CUDA_DEVICE_ORDER"));
  EXPECT_EQ(json_text(snapshot_json(snapshot)).find("hunter2"), std::string::npos);
}

TEST(FakeMachine, AnEmptyEnvironmentIsSurvived) {
  FakeRoot root;
  std::map<std::string, std::string> saved;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string pair = *entry;
    saved[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  }
  clearenv();
  const Snapshot snapshot = probe({.root = root.path(), .python = {}, .libraries = {}});
  for (const auto& [name, value] : saved) setenv(name.c_str(), value.c_str(), 1);
  EXPECT_TRUE(snapshot.environment_probed);
  EXPECT_TRUE(snapshot.environment.empty());
  EXPECT_EQ(snapshot.limits.cache_dir.writable, false);
  EXPECT_FALSE(root_causes(snapshot).empty());
}

TEST(FakeLibraries, CudnnChecksAreFacts) {
  FakeRoot root;
  root.install("cudnn/libcudnn.so.9", "/usr/local/cuda-13.0/lib64/libcudnn.so.9");
  root.install("cublas/libcublas.so.13",
               "/usr/lib/libz.so.1");  // Any library: it is only looked at.
  const std::string path = fake("cuda") + ":" + fake("nvml") + ":" + fake("cudnn");
  EXPECT_TRUE(found(
      probe_with(root,
                 {{"LD_LIBRARY_PATH", path}, {"FAKE_CUDA_INIT", "46"}, {"FAKE_CUDNN_CNN", "3009"}}),
      "L2"));
  EXPECT_TRUE(found(
      probe_with(root,
                 {{"LD_LIBRARY_PATH", path}, {"FAKE_CUDA_INIT", "46"}, {"FAKE_CUDNN_OPS", "1002"}}),
      "L5"));
  const Snapshot aborted = probe_with(
      root, {{"LD_LIBRARY_PATH", path}, {"FAKE_CUDA_INIT", "46"}, {"FAKE_CUDNN_VERSION", "crash"}});
  ASSERT_NE(call(aborted, "cudnnGetVersion"), nullptr);
  EXPECT_EQ(call(aborted, "cudnnGetVersion")->signal, SIGABRT);
  EXPECT_TRUE(found(aborted, "L2"));
  EXPECT_FALSE(
      found(probe_with(root, {{"LD_LIBRARY_PATH", path}, {"FAKE_CUDA_INIT", "46"}}), "L5"));
}

}  // namespace
}  // namespace gpucheck
