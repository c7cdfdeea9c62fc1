#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>

#include "kernels/device/runtime_calls.hpp"
#include "tests/cli/program.hpp"
#include "tests/fakes/fake_root.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/text/setup.hpp"

namespace gpucheck {
namespace {

/// What the fake driver does, on which machine, and the catalogue rows that explain it.
struct Scene {
  const char* name;
  Variables variables;
  std::function<void(const FakeRoot&)> machine;
  const char* root_causes;
  int exit_code = 2;
  /// Root causes in a build with NVIDIA's run time, which the fake driver lacks most functions for;
  /// null: the same.
  const char* with_run_time = nullptr;
};

// The name alone, or the bytes of the struct become part of the test's name.
void PrintTo(const Scene& scene, std::ostream* out) { *out << scene.name; }

void as_it_is(const FakeRoot&) {}

// Where the driver starts, a machine without cuDNN has that cause (L1) besides.
const Scene scenes[] = {
    {"100_without_a_gpu",
     {{"FAKE_CUDA_INIT", "100"}, {"FAKE_NVML_INIT", "9"}},
     [](const FakeRoot& r) { r.without_gpu(), r.without_module(); },
     "D0"},
    {"100_without_the_module",
     {{"FAKE_CUDA_INIT", "100"}, {"FAKE_NVML_INIT", "9"}},
     [](const FakeRoot& r) { r.without_module(); },
     "D2"},
    {"100_without_a_module_for_this_kernel",
     {{"FAKE_CUDA_INIT", "100"}, {"FAKE_NVML_INIT", "9"}},
     [](const FakeRoot& r) {
       r.without_module(), r.write("/lib/modules/6.8.0-45-generic/modules.dep", "\n");
     },
     "D2"},
    {"100_with_devices_hidden",
     {{"FAKE_CUDA_HIDDEN", "100"}, {"CUDA_VISIBLE_DEVICES", "-1"}},
     as_it_is,
     "S16"},
    {"802_without_nvswitch", {{"FAKE_CUDA_INIT", "802"}}, as_it_is, "D20"},
    {"802_with_nvswitch",
     {{"FAKE_CUDA_INIT", "802"}},
     [](const FakeRoot& r) { r.with_nvswitch(); },
     "D19"},
    {"803_after_an_upgrade", {{"FAKE_CUDA_INIT", "803"}, {"FAKE_NVML_INIT", "18"}}, as_it_is, "D6"},
    {"804", {{"FAKE_CUDA_INIT", "804"}}, as_it_is, "D18"},
    {"999_without_uvm",
     {{"FAKE_CUDA_INIT", "999"}},
     [](const FakeRoot& r) { r.remove("/dev/nvidia-uvm"); },
     "D10"},
    {"999_with_everything_there", {{"FAKE_CUDA_INIT", "999"}}, as_it_is, "driver.unexplained_code"},
    {"3_with_hmm", {{"FAKE_CUDA_INIT", "3"}}, as_it_is, "D9"},
    {"3_without_hmm",
     {{"FAKE_CUDA_INIT", "3"}},
     [](const FakeRoot& r) { r.write("/sys/module/nvidia_uvm/parameters/uvm_disable_hmm", "Y\n"); },
     "driver.unexplained_code"},
    {"34", {{"FAKE_CUDA_INIT", "34"}}, as_it_is, "D15"},
    {"46", {{"FAKE_CUDA_INIT", "46"}}, as_it_is, "S2"},
    {"101", {{"FAKE_CUDA_INIT", "101"}}, as_it_is, "driver.unexplained_code"},
    {"102", {{"FAKE_CUDA_INIT", "102"}}, as_it_is, "S19"},
    {"805", {{"FAKE_CUDA_INIT", "805"}}, as_it_is, "S9"},
    {"an_old_version",
     {{"FAKE_CUDA_VERSION", "12080"}},
     [](const FakeRoot& r) {
       r.install("cublas/libcublas.so.13", "/usr/local/cuda-13.0/lib64/libcublas.so.13");
     },
     "D13 L1"},
    {"a_crash", {{"FAKE_CUDA_INIT", "crash"}}, as_it_is, "driver.start_ends_badly"},
    {"a_hang", {{"FAKE_CUDA_INIT", "hang"}}, as_it_is, "driver.start_ends_badly"},
    {"a_crash_on_load", {{"FAKE_CUDA_LOAD", "crash"}}, as_it_is, "driver.library_unsafe"},
    {"a_hang_on_load", {{"FAKE_CUDA_LOAD", "hang"}}, as_it_is, "driver.library_unsafe"},
    {"nvml_hang",
     {{"FAKE_NVML_INIT", "hang"}},
     as_it_is,
     "D8 L1",
     1,
     "driver.unexplained_code D8 L1"},
};

std::string first_word(const std::string& text) { return text.substr(0, text.find(' ')); }

class FakeDriver : public testing::TestWithParam<Scene> {};

TEST_P(FakeDriver, LeadsToItsRootCause) {
  FakeRoot root;
  GetParam().machine(root);
  Variables variables = GetParam().variables;
  variables["LD_LIBRARY_PATH"] = fake("cuda") + ":" + fake("nvml");
  const Snapshot snapshot = probe_with(root, variables);
  const bool run_time = runtime_calls() != nullptr && GetParam().with_run_time != nullptr;
  EXPECT_EQ(root_causes(snapshot), run_time ? GetParam().with_run_time : GetParam().root_causes);
}

// The whole program comes to the same end, and calls no number wrong.
TEST_P(FakeDriver, EndsTheProgramWithItsRootCause) {
  FakeRoot root;
  GetParam().machine(root);
  Call call{.arguments = {"verify", "--op", "bias", "--provider", "kernel"},
            .environment = {{"GPUCHECK_ROOT", root.path()},
                            {"GPUCHECK_TEST_DEADLINE", "2"},
                            {"LD_LIBRARY_PATH", fake("cuda") + ":" + fake("nvml")}}};
  call.environment.insert(call.environment.end(), GetParam().variables.begin(),
                          GetParam().variables.end());
  const Ran ran = run_program(call);
  EXPECT_EQ(ran.code, GetParam().exit_code) << ran.out << ran.err;
  EXPECT_TRUE(lines_of(ran.out).back().starts_with(GetParam().exit_code == 1 ? "SICK DEVICE: "
                                                                             : "NOT VERIFIED: "))
      << ran.out;
  EXPECT_NE(ran.out.find("[" + first_word(GetParam().root_causes)), std::string::npos) << ran.out;
}

INSTANTIATE_TEST_SUITE_P(Scenes, FakeDriver, testing::ValuesIn(scenes),
                         [](const auto& scene) { return scene.param.name; });

TEST(FakeDriverFiles, ACompatLibraryThatDoesNotFitIsD17) {
  FakeRoot root;
  const std::string file =
      root.install("cuda/libcuda.so.1", "/usr/local/cuda-12.8/compat/libcuda.so.1");
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_CUDA_INIT", "803"},
                        {"LD_LIBRARY_PATH", file.substr(0, file.rfind('/')) + ":" + fake("nvml")}});
  EXPECT_EQ(root_causes(snapshot), "D17");
}

// Code 804 alone does not say that the cuda-compat package is what was opened.
TEST(FakeDriverFiles, D18NamesCompatOnlyWhereItWasOpened) {
  FakeRoot root;
  const std::string file =
      root.install("cuda/libcuda.so.1", "/usr/local/cuda-13.0/compat/libcuda.so.1");
  const std::string compat = file.substr(0, file.rfind('/'));
  for (const std::string& directory : {compat, fake("cuda")}) {
    const auto findings = diagnose(probe_with(
        root, {{"FAKE_CUDA_INIT", "804"}, {"LD_LIBRARY_PATH", directory + ":" + fake("nvml")}}));
    ASSERT_FALSE(findings.empty());
    const Finding& cause = findings.front();
    EXPECT_EQ(cause.catalogue, "D18");
    const bool named = cause.title.find("cuda-compat") != std::string::npos;
    EXPECT_EQ(named, directory == compat) << cause.title;
    const std::string first = directory == compat ? "out of LD_LIBRARY_PATH" : "reboot";
    EXPECT_NE(cause.fix.front().find(first), std::string::npos) << cause.fix.front();
  }
}

TEST(FakeDriverFiles, AnEmptyLibraryIsD16) {
  FakeRoot root;
  root.write("/opt/empty/libcuda.so.1", "");
  const Snapshot snapshot =
      probe_with(root, {{"LD_LIBRARY_PATH", root.path() + "/opt/empty:" + fake("nvml")}});
  EXPECT_EQ(root_causes(snapshot), "D16") << library(snapshot, "libcuda.so.1")->error;
}

TEST(FakeDriverFiles, ALibraryOfAnotherProcessorIsToldFromNone) {
  FakeRoot root;
  root.write("/opt/other/libcuda.so.1", std::string("\x7f"
                                                    "ELF\x01\x01\x01",
                                                    7) +
                                            std::string(200, '\0'));
  const Snapshot snapshot =
      probe_with(root, {{"LD_LIBRARY_PATH", root.path() + "/opt/other:" + fake("nvml")}});
  if (opens(snapshot, "libcuda.so.1"))
    GTEST_SKIP() << "this machine has a driver, which the loader then takes";
  EXPECT_EQ(root_causes(snapshot), "driver.library_foreign")
      << library(snapshot, "libcuda.so.1")->error;
}

TEST(FakeDriverFiles, NoLibraryAtAllIsD1) {
  FakeRoot root;
  root.without_module();
  const Snapshot snapshot = probe_with(root, {});
  if (opens(snapshot, "libcuda.so.1")) GTEST_SKIP() << "this machine has a driver";
  EXPECT_EQ(root_causes(snapshot), "D1");
}

TEST(FakeDriverFiles, AMissingFunctionIsNamed) {
  FakeRoot root;
  const Snapshot snapshot =
      probe_with(root, {{"LD_LIBRARY_PATH", fake("cuda_without_init") + ":" + fake("nvml")}});
  const LibraryProbe* driver = library(snapshot, "libcuda.so.1");
  ASSERT_NE(driver, nullptr);
  EXPECT_NE(std::ranges::find(driver->missing_symbols, "cuInit"), driver->missing_symbols.end());
  EXPECT_FALSE(root_causes(snapshot).empty());
}

/// "0 GPU-...01 8:...", as many lines as there are devices; those that CUDA does not list in
/// brackets.
std::string devices_of(const Variables& more) {
  FakeRoot root;
  Variables variables = {{"LD_LIBRARY_PATH", fake("cuda") + ":" + fake("nvml")},
                         {"FAKE_CUDA_DEVICES", "2"},
                         {"FAKE_NVML_DEVICES", "2"}};
  variables.insert(more.begin(), more.end());
  std::string text;
  for (const Device& d : probe_with(root, variables).devices) {
    EXPECT_EQ(d.pci, d.uuid.ends_with("01") ? "0000:09:00.0" : "0000:08:00.0");
    EXPECT_EQ(d.cc, d.cuda_visible ? 90 : 0);
    const std::string line = std::to_string(d.index) + " " + d.uuid;
    text += d.cuda_visible ? line + "\n" : "[" + line + "]\n";
  }
  return text;
}

TEST(FakeDriverFiles, DevicesComeFromDriverAndNvml) {
  const std::string first = "GPU-00000000-0000-0000-0000-000000000000";
  const std::string second = "GPU-00000000-0000-0000-0000-000000000001";
  EXPECT_EQ(devices_of({}), "0 " + first + "\n1 " + second + "\n");
  EXPECT_EQ(devices_of({{"CUDA_VISIBLE_DEVICES", "0"}}), "0 " + first + "\n[1 " + second + "]\n");
  EXPECT_EQ(devices_of({{"CUDA_VISIBLE_DEVICES", "1"}}), "0 " + second + "\n[0 " + first + "]\n");
  EXPECT_EQ(devices_of({{"CUDA_VISIBLE_DEVICES", "1,0"}}), "0 " + second + "\n1 " + first + "\n");
  EXPECT_EQ(devices_of({{"FAKE_CUDA_INIT", "999"}}), "[0 " + first + "]\n[1 " + second + "]\n");
}

// A hidden device is known to the doctor, and neither counted nor printed as one of CUDA's.
TEST(FakeDriverFiles, AHiddenDeviceIsNoDeviceToVerify) {
  FakeRoot root;
  const Snapshot snapshot =
      probe_with(root, {{"LD_LIBRARY_PATH", fake("cuda") + ":" + fake("nvml")},
                        {"FAKE_CUDA_DEVICES", "2"},
                        {"FAKE_NVML_DEVICES", "2"},
                        {"CUDA_VISIBLE_DEVICES", "1"}});
  ASSERT_EQ(snapshot.devices.size(), 2U);
  ASSERT_EQ(cuda_devices(snapshot).size(), 1U);
  EXPECT_EQ(gpu_text(snapshot.devices[1]), "GPU 0000:08:00.0");
  const std::string text = devices_text(snapshot, Style());
  EXPECT_NE(text.find("PCI 0000:09:00.0"), std::string::npos) << text;
  EXPECT_EQ(text.find("0000:08:00.0"), std::string::npos) << text;
  const Snapshot again = snapshot_from_json(snapshot_json(snapshot));
  EXPECT_EQ(cuda_devices(again).size(), 1U);
}

}  // namespace
}  // namespace gpucheck
