#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "kernels/device/simulated/engine.hpp"
#include "verify/workload/plan.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

/// Makes simulated GPU 0 sick for the life of the object.
class Sick {
 public:
  explicit Sick(const char* simulation) : healthy_(simt::settings().simulation) {
    simt::settings().simulation = *parse_simulation(simulation);
  }
  ~Sick() { simt::settings().simulation = healthy_; }

 private:
  Simulation healthy_;
};

std::vector<Device> gpus(int count) {
  std::vector<Device> devices;
  for (int index = 0; index < count; ++index)
    devices.push_back(
        {.index = index, .name = "simulated", .cc = 90, .free_bytes = 1 << 30, .simulated = true});
  return devices;
}

/// Runs what is planned for some GPUs, narrowed to `only`.
std::vector<CaseResult> run(int count, std::vector<std::string> only) {
  const std::vector<Device> devices = gpus(count);
  Selection selection{.only = std::move(only), .cpu = false};
  for (const Device& device : devices) selection.devices.push_back(device.index);
  std::vector<CaseResult> results;
  const Sink sink{.result = [&](const CaseResult& result) { results.push_back(result); },
                  .measurement = [](const Measurement&) {}};
  for (const Unit& unit : plan_workloads(devices, selection).units)
    run_unit(unit, devices, 1, sink);
  return results;
}

int count(const std::vector<CaseResult>& results, Outcome outcome) {
  return int(std::ranges::count(results, outcome, &CaseResult::outcome));
}

TEST(SimulatedWorkloads, AHealthyGpuPassesThemAll) {
  const std::vector<CaseResult> results = run(1, {"workload/*"});
  ASSERT_EQ(results.size(), 14u);
  for (const CaseResult& result : results) {
    EXPECT_EQ(result.outcome, Outcome::passed) << result.id << ": " << result.reason;
    EXPECT_GT(result.numbers.checked, 10u);
    EXPECT_EQ(result.device, 0);
  }
  EXPECT_THAT(results.back().note, HasSubstr("loss 2.3188 -> 0.33"));
}

TEST(SimulatedWorkloads, TwoGpusAverageTheirGradients) {
  const Sick two("healthy,gpus=2");
  const std::vector<CaseResult> results = run(2, {"workload/*/gpus2/*"});
  ASSERT_EQ(results.size(), 2u);
  for (const CaseResult& result : results)
    EXPECT_EQ(result.outcome, Outcome::passed) << result.id << ": " << result.reason;
}

TEST(SimulatedWorkloads, VendorLibrariesAreNotAskedOfASimulation) {
  const Plan plan = plan_workloads(gpus(1), {.only = {"workload/*"}, .cpu = false, .devices = {0}});
  EXPECT_EQ(plan.units.size(), 5u);
  EXPECT_EQ(plan.not_applicable.size(), 28u);
  for (const Omission& omission : plan.not_applicable)
    EXPECT_THAT(omission.reason, HasSubstr("simulated"));
}

TEST(SickGpu, WrongLanesFailTheirCases) {
  const Sick sick("wrong_lane=3");
  const std::vector<CaseResult> results = run(1, {"workload/[ABD]/*"});
  EXPECT_EQ(count(results, Outcome::failed), 3);
  EXPECT_GT(results[0].numbers.wrong, 0U);
}

TEST(SickGpu, AWrongMultiprocessorFailsTheConvolutionNet) {
  const Sick sick("wrong_sm=1");
  const std::vector<CaseResult> results = run(1, {"workload/E/kernel/f32/step1"});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].outcome, Outcome::failed);
  EXPECT_THAT(results[0].repro, HasSubstr("--only workload/E/kernel/f32/step1 --device 0"));
}

TEST(SickGpu, FlippedBitsFail) {
  const Sick sick("bit_flip=1e-3");
  EXPECT_GT(count(run(1, {"workload/E/kernel/f32/step[123]"}), Outcome::failed), 0);
}

// In a child, since a failed launch poisons its process, as it does on hardware.
TEST(SickGpu, AFailedLaunchIsAnErrorAndTheRestOfItsRunIsNotRun) {
  const auto as_expected = [] {
    const Sick sick("launch_failure=719");
    const std::vector<CaseResult> results = run(1, {"workload/E/*"});
    return results.size() == 10 && results[0].outcome == Outcome::error &&
           results[0].reason.find("719") != std::string::npos &&
           count(results, Outcome::not_run) == 9;
  };
  EXPECT_EXIT(std::_Exit(as_expected() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(SickGpu, OutOfMemoryIsAnErrorWhereItClaimsPlenty) {
  const Sick sick("out_of_memory");
  const std::vector<CaseResult> results = run(1, {"workload/A/*"});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].outcome, Outcome::error);
  EXPECT_THAT(results[0].reason,
              HasSubstr("out of memory, although the device claims to have enough"));
}

TEST(SickGpu, OfTwoOnlyTheFirstIsBlamed) {
  const Sick sick("wrong_lane=3,gpus=2");
  for (const CaseResult& result : run(2, {"workload/A/kernel/f32/step1"}))
    EXPECT_EQ(result.outcome, result.device == 0 ? Outcome::failed : Outcome::passed)
        << *result.device;
}

TEST(SickGpu, ASlowClockShowsInTheMeasurement) {
  const auto median = [](const char* simulation) {
    const Sick sick(simulation);
    const std::vector<Device> devices = gpus(1);
    double seconds = 0;
    const Sink sink{.result = [](const CaseResult&) {},
                    .measurement = [&](const Measurement& m) { seconds = m.median_seconds; }};
    Unit unit{.id = "bias/plain/f32/m64n255/real",
              .device = 0,
              .cases = {"bias/plain/f32/m64n255/real"},
              .timed = true};
    run_unit(unit, devices, 1, sink);
    return seconds;
  };
  const double healthy = median("healthy"), slow = median("slow_clock=20");
  EXPECT_GT(healthy, 0);
  EXPECT_GT(slow, 5 * healthy);
}

}  // namespace
}  // namespace gpucheck
