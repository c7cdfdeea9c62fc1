#include "verify/workload/plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "kernels/ops.hpp"
#include "verify/workload/catalogue.hpp"
#include "verify/workload/select.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

Device gpu(int index, bool simulated = false) {
  return {.index = index, .name = "test", .cc = 90, .sms = 4, .simulated = simulated};
}

std::vector<std::string> ids(const Plan& plan) {
  std::vector<std::string> all;
  for (const Unit& unit : plan.units) all.insert(all.end(), unit.cases.begin(), unit.cases.end());
  return all;
}

bool asks(const Plan& plan, const std::string& id) { return std::ranges::count(ids(plan), id) > 0; }

TEST(Plan, IdsAreUniqueTogetherWithTheDevice) {
  const std::vector<Device> devices = {gpu(0), gpu(1)};
  for (const Plan& plan :
       {plan_workloads(devices, {.devices = {0, 1}}), plan_verify(devices, {.devices = {0, 1}})}) {
    std::set<std::pair<std::string, std::optional<int>>> seen;
    for (const Unit& unit : plan.units)
      for (const std::string& id : unit.cases)
        EXPECT_TRUE(seen.insert({id, unit.device}).second) << id;
    for (const Omission& omission : plan.not_applicable) {
      EXPECT_TRUE(seen.insert({omission.id, omission.device}).second) << omission.id;
      EXPECT_NE(omission.reason, "");
    }
  }
}

TEST(Plan, TheCpuAloneRunsAllWorkloadsByTheReference) {
  const Plan plan = plan_workloads({}, {});
  for (const char* id : {"workload/A/reference/f32/step1", "workload/D/reference/f32/step1",
                         "workload/E/reference/f32/step10", "self-test/compare"})
    EXPECT_TRUE(asks(plan, id)) << id;
  for (const Unit& unit : plan.units) {
    EXPECT_FALSE(unit.device);
    EXPECT_EQ(unit.group, "cpu");
    EXPECT_GE(unit.deadline_seconds, 30);
    EXPECT_FALSE(unit.cases.empty());
  }
}

TEST(Plan, EveryGpuIsAskedByTheKernels) {
  const Plan plan = plan_workloads({gpu(0), gpu(3)}, {.devices = {0, 3}});
  for (const int device : {0, 3})
    for (const char letter : {'A', 'B', 'C', 'D', 'E'}) {
      const std::string id = std::string("workload/") + letter + "/kernel/f32";
      const auto found = std::ranges::find_if(
          plan.units, [&](const Unit& unit) { return unit.id == id && unit.device == device; });
      ASSERT_NE(found, plan.units.end()) << id;
      EXPECT_EQ(found->group, "gpu" + std::to_string(device) + "/kernel");
    }
}

TEST(Plan, SeveralGpusAverageTheirGradients) {
  EXPECT_FALSE(
      asks(plan_workloads({gpu(0)}, {.devices = {0}}), "workload/C/kernel/f32/gpus2/step1"));
  const Plan plan = plan_workloads({gpu(0), gpu(1)}, {.devices = {0, 1}});
  EXPECT_TRUE(asks(plan, "workload/C/kernel/f32/gpus2/step1"));
  EXPECT_TRUE(asks(plan, "workload/D/kernel/f32/gpus2/step1"));
  EXPECT_FALSE(asks(plan_workloads({gpu(0), gpu(1)}, {.devices = {1}}),
                    "workload/C/kernel/f32/gpus2/step1"));
}

TEST(Plan, ThroughputFitsTheDevice) {
  const Plan real = plan_workloads({gpu(0)}, {.cpu = false, .devices = {0}});
  EXPECT_TRUE(asks(real, "matmul_nn/plain/f32/m1024n1024k1024/real"));
  const Plan simulated = plan_workloads({gpu(0, true)}, {.cpu = false, .devices = {0}});
  EXPECT_TRUE(asks(simulated, "matmul_nn/plain/f32/m512n512k512/real"));
  EXPECT_TRUE(asks(simulated, "conv2d_fprop/plain/bf16/n1c64h56w56k64r3s3_p1s1d1g1_nhwc/real"));
  for (const Unit& unit : real.units)
    EXPECT_EQ(unit.timed, unit.id.starts_with("matmul") || unit.id.starts_with("conv2d"))
        << unit.id;
}

TEST(Plan, EveryCaseOfVerifyIsFoundAgainByItsId) {
  const Plan plan = plan_verify({gpu(0)}, {.devices = {0}});
  EXPECT_GT(plan.units.size(), 100u);
  int sampled = 0;
  for (const Unit& unit : plan.units) {
    if (unit.id.starts_with("workload/") || unit.id.starts_with("self-test/") ||
        ++sampled % 37 != 0)
      continue;
    const auto found = find_case(unit.id);
    ASSERT_TRUE(found) << unit.id;
    EXPECT_EQ(case_id(*found->op, *found->implementation, found->c), unit.id);
  }
  EXPECT_FALSE(find_case("matmul_nn/plain/f32/m3n3k3/none"));
  EXPECT_FALSE(find_case("nothing"));
}

TEST(Plan, FiltersNarrowIt) {
  const std::vector<Device> devices = {gpu(0)};
  const Plan step = plan_verify(devices, {.only = {"workload/E/kernel/f32/step3"}, .devices = {0}});
  ASSERT_EQ(step.units.size(), 1u);
  EXPECT_EQ(step.units[0].id, "workload/E/kernel/f32");
  EXPECT_EQ(step.units[0].cases, std::vector<std::string>{"workload/E/kernel/f32/step3"});
  for (const Unit& unit : plan_verify(devices, {.ops = {"bias"}, .devices = {0}}).units)
    EXPECT_TRUE(unit.id.starts_with("bias/")) << unit.id;
  for (const Unit& unit : plan_verify(devices, {.dtypes = {"f16"}, .devices = {0}}).units)
    EXPECT_THAT(unit.id, HasSubstr("/f16/"));
  for (const Unit& unit : plan_verify(devices, {.providers = {"kernel"}, .devices = {0}}).units)
    EXPECT_TRUE(unit.device);
  EXPECT_TRUE(plan_verify(devices, {.only = {"nothing*"}, .devices = {0}}).units.empty());
}

TEST(Plan, GlobsCrossSlashes) {
  EXPECT_TRUE(matches("matmul*exact", "matmul_nn/plain/f32/m1n1k1/exact"));
  EXPECT_TRUE(matches("*/f?2/*", "matmul_nn/plain/f32/m1n1k1/exact"));
  EXPECT_FALSE(matches("matmul", "matmul_nn/plain"));
}

TEST(RunUnit, RunsAWorkloadAndTheSelfTestOnTheHost) {
  std::vector<CaseResult> results;
  const Sink sink{.result = [&](const CaseResult& result) { results.push_back(result); },
                  .measurement = [](const Measurement&) {}};
  for (const Unit& unit :
       plan_workloads({}, {.only = {"workload/[AD]/reference*", "self-test*"}}).units)
    run_unit(unit, {}, 1, sink);
  ASSERT_EQ(results.size(), 3u);
  for (const CaseResult& result : results)
    EXPECT_EQ(result.outcome, Outcome::passed) << result.id << result.reason;
}

TEST(RunUnit, WhatIsUnknownIsAnErrorOfEachCase) {
  std::vector<CaseResult> results;
  const Sink sink{.result = [&](const CaseResult& result) { results.push_back(result); },
                  .measurement = [](const Measurement&) {}};
  run_unit({.id = "no/such/case", .cases = {"no/such/case"}}, {}, 1, sink);
  run_unit({.id = "workload/A/kernel/f32", .device = 4, .cases = {"workload/A/kernel/f32/step1"}},
           {gpu(0)}, 1, sink);
  ASSERT_EQ(results.size(), 2u);
  for (const CaseResult& result : results) {
    EXPECT_EQ(result.outcome, Outcome::error);
    EXPECT_NE(result.reason, "");
  }
}

TEST(Plan, SimulatedGpuHasMoreTimeForTheSameWork) {
  const auto deadline = [](bool simulated) {
    const Selection one = {.only = {"workload/E/kernel/f32"}, .cpu = false, .devices = {0}};
    return plan_workloads({gpu(0, simulated)}, one).units.at(0).deadline_seconds;
  };
  EXPECT_GT(deadline(true), 2 * deadline(false));
}

}  // namespace
}  // namespace gpucheck
