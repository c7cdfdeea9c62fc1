#include <gtest/gtest.h>

#include <algorithm>

#include "tests/fakes/fake_root.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/setup_rows.hpp"
#include "verify/worker/process.hpp"

namespace gpucheck {
namespace {

// probe_with() gives every child 2 s at most.
constexpr double child_seconds = 2;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string fake_driver() { return fake("cuda") + ":" + fake("nvml"); }

bool found_id(const Snapshot& snapshot, std::string_view id) {
  const auto findings = diagnose(snapshot);
  return std::ranges::find(findings, id, &Finding::id) != findings.end();
}

// Less time than cuInit may take does not tell a hang from a start without persistence mode.
TEST(Deadline, WhatTheRunsLimitCutsIsNotProbed) {
  FakeRoot root;
  const auto start = Clock::now();
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_CUDA_INIT", "hang"}, {"LD_LIBRARY_PATH", fake_driver()}}, after(1));
  EXPECT_LT(seconds_since(start), child_seconds);
  EXPECT_FALSE(ended(call(snapshot, "cuInit")));
  EXPECT_EQ(root_causes(snapshot), "machine.cannot_tell");
  EXPECT_EQ(setup_rows(snapshot).front().state, SetupState::unknown);
}

TEST(Deadline, ACutNvmlIsNoSickDevice) {
  FakeRoot root;
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_NVML_INIT", "hang"}, {"LD_LIBRARY_PATH", fake_driver()}}, after(1));
  EXPECT_FALSE(ended(call(snapshot, "nvmlInit")));
  EXPECT_FALSE(found(snapshot, "D8"));
  const bool said =
      found_id(snapshot, "machine.not_fully_probed") || found_id(snapshot, "machine.cannot_tell");
  EXPECT_TRUE(said || snapshot.built_with.cuda == 0);  // Without CUDA there is nothing after it.
}

TEST(Deadline, ACutOpeningIsNeitherAHangNorAMissingLibrary) {
  FakeRoot root;
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_CUDA_LOAD", "hang"}, {"LD_LIBRARY_PATH", fake_driver()}}, after(1));
  const LibraryProbe* driver = library(snapshot, "libcuda.so.1");
  ASSERT_NE(driver, nullptr);
  EXPECT_FALSE(driver->timed_out || driver->signal);
  EXPECT_FALSE(missing(snapshot, "libcuda.so.1"));
  EXPECT_EQ(root_causes(snapshot), "machine.cannot_tell");
}

TEST(Deadline, WithNoTimeNothingIsProbedAndNothingIsFine) {
  FakeRoot root;
  const Snapshot snapshot = probe_with(root, {{"LD_LIBRARY_PATH", fake_driver()}}, after(0));
  EXPECT_TRUE(snapshot.calls.empty());
  EXPECT_FALSE(root_causes(snapshot).empty());
}

TEST(Deadline, ADriverThatHangsOnLoadIsNotStarted) {
  FakeRoot root;
  const auto start = Clock::now();
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_CUDA_LOAD", "hang"}, {"LD_LIBRARY_PATH", fake_driver()}});
  EXPECT_LT(seconds_since(start), 2 * child_seconds);
  const CallProbe* init = call(snapshot, "cuInit");
  ASSERT_NE(init, nullptr);
  EXPECT_FALSE(ended(init));
  EXPECT_EQ(init->log, "not called, since opening libcuda.so.1 did not end");
}

// The copy that LD_LIBRARY_PATH names hangs, and so does the one found without it.
TEST(Deadline, TheDriverAndItsVariantsShareOneDeadline) {
  FakeRoot root;
  const std::string file = root.install("cuda/libcuda.so.1", "/opt/driver/libcuda.so.1");
  const auto start = Clock::now();
  const Snapshot snapshot =
      probe_with(root, {{"FAKE_CUDA_INIT", "hang"},
                        {"GPUCHECK_LIBRARIES", fake("cuda")},
                        {"LD_LIBRARY_PATH", file.substr(0, file.rfind('/')) + ":" + fake("nvml")}});
  EXPECT_LT(seconds_since(start), 2 * child_seconds);
  ASSERT_NE(call(snapshot, "cuInit"), nullptr);
  EXPECT_TRUE(call(snapshot, "cuInit")->timed_out);
}

}  // namespace
}  // namespace gpucheck
