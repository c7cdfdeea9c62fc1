#include "verify/worker/schedule.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <map>

namespace gpucheck {
namespace {

using testing::HasSubstr;

using Results = std::multimap<std::string, CaseResult>;

Unit unit(const std::string& id, std::vector<std::string> cases = {},
          const std::string& group = "gpu0/kernel") {
  if (cases.empty()) cases = {id};
  return {.id = id, .device = 0, .group = group, .cases = std::move(cases), .deadline_seconds = 20};
}

Results run(const std::vector<Unit>& units, ScheduleOptions options = {}) {
  if (options.task == "cases") options.task = "test_worker";
  Results results;
  run_units(units, options,
            {.result = [&](const CaseResult& r) { results.emplace(r.id, r); },
             .measurement = [](const Measurement&) {}});
  return results;
}

const CaseResult& the(const Results& results, const std::string& id) {
  EXPECT_EQ(results.count(id), 1u) << id;
  static const CaseResult none;
  const auto found = results.find(id);
  return found == results.end() ? none : found->second;
}

TEST(Schedule, UnitsOfAGroupShareAProcessAndGroupsDoNot) {
  const Results results = run({unit("a"), unit("b"), unit("c", {}, "gpu0/cudnn")});
  EXPECT_EQ(the(results, "a").note, the(results, "b").note);
  EXPECT_NE(the(results, "a").note, the(results, "c").note);
}

TEST(Schedule, CrashCostsItsUnitAndTheRestGoesOnInANewWorker) {
  const Results results = run({unit("a"), unit("crash_before"), unit("b")});
  EXPECT_EQ(the(results, "a").outcome, Outcome::passed);
  EXPECT_EQ(the(results, "crash_before").outcome, Outcome::error);
  EXPECT_EQ(the(results, "crash_before").reason, "its worker was lost: killed by SIGSEGV");
  EXPECT_THAT(the(results, "crash_before").repro, HasSubstr("--only crash_before --device 0"));
  EXPECT_EQ(the(results, "b").outcome, Outcome::passed);
  EXPECT_NE(the(results, "a").note, the(results, "b").note);
}

TEST(Schedule, CrashInTheMiddleKeepsWhatWasDoneAndQuotesLastWords) {
  const Results results = run({unit("half", {"half/1", "half/2"})});
  EXPECT_EQ(the(results, "half/1").outcome, Outcome::passed);
  EXPECT_EQ(the(results, "half/2").outcome, Outcome::error);
  EXPECT_THAT(the(results, "half/2").reason,
              HasSubstr("killed by SIGABRT (its last words: terrible things)"));
}

TEST(Schedule, CrashAfterTheLastResultIsNotForgotten) {
  const Results results = run({unit("crash_after")});
  bool error = false;
  for (const auto& [id, result] : results) error = error || result.outcome == Outcome::error;
  EXPECT_TRUE(error);
}

TEST(Schedule, HangEndsAtTheDeadlineAndTheSecondOneEndsTheGroup) {
  setenv("GPUCHECK_TEST_DEADLINE", "0.3", 1);
  const Results results =
      run({unit("hang1"), unit("hang2"), unit("b"), unit("c", {}, "gpu0/cudnn")});
  unsetenv("GPUCHECK_TEST_DEADLINE");
  EXPECT_EQ(the(results, "hang1").outcome, Outcome::error);
  EXPECT_THAT(the(results, "hang1").reason, HasSubstr("exceeded its deadline of 0.3 s"));
  EXPECT_EQ(the(results, "b").outcome, Outcome::not_run);
  EXPECT_THAT(the(results, "b").reason, HasSubstr("hung 2 times in a row"));
  EXPECT_EQ(the(results, "c").outcome, Outcome::passed);
}

TEST(Schedule, SilenceEarlyExitAndUnreadableRecordsAreErrors) {
  const Results results = run({unit("silent"), unit("exit"), unit("unreadable"), unit("a")});
  EXPECT_EQ(the(results, "silent").outcome, Outcome::error);
  EXPECT_THAT(the(results, "silent").reason, HasSubstr("without a result"));
  EXPECT_EQ(the(results, "exit").outcome, Outcome::error);
  EXPECT_THAT(the(results, "exit").reason, HasSubstr("exited with code 0"));
  EXPECT_EQ(the(results, "unreadable").outcome, Outcome::error);
  EXPECT_THAT(the(results, "unreadable").reason, HasSubstr("unreadable"));
  EXPECT_EQ(the(results, "a").outcome, Outcome::passed);
}

TEST(Schedule, GarbageBesideGoodRecordsDoesNotHarmThem) {
  EXPECT_EQ(the(run({unit("garbage")}), "garbage").outcome, Outcome::passed);
}

TEST(Schedule, ErrorOnADeviceEndsItsProcess) {
  const Results results = run({unit("a"), unit("error"), unit("b")});
  EXPECT_NE(the(results, "a").note, the(results, "b").note);
}

TEST(Schedule, WorkerThatCannotStartIsGivenUpAfterTheSecondTime) {
  const Results results = run({unit("a"), unit("b"), unit("c")}, {.task = "test_worker_crashes"});
  EXPECT_EQ(the(results, "a").outcome, Outcome::error);
  EXPECT_THAT(the(results, "a").reason, HasSubstr("killed by SIGBUS"));
  EXPECT_EQ(the(results, "b").outcome, Outcome::error);
  EXPECT_EQ(the(results, "c").outcome, Outcome::not_run);
  EXPECT_THAT(the(results, "c").reason, HasSubstr("cannot be started"));
}

TEST(Schedule, TimeLimitLeavesTheRestNotRun) {
  const Results results = run({unit("a"), unit("hang"), unit("b")}, {.until = after(1.0)});
  EXPECT_EQ(the(results, "a").outcome, Outcome::passed);
  EXPECT_EQ(the(results, "hang").outcome, Outcome::not_run);
  EXPECT_EQ(the(results, "b").outcome, Outcome::not_run);
  EXPECT_THAT(the(results, "b").reason, HasSubstr("--timeout"));
}

TEST(Schedule, ExclusiveDeviceHasOneWorkerAtATime) {
  const Device device{.index = 0, .compute_mode = "exclusive_process"};
  const Results results = run({unit("a"), unit("b", {}, "gpu0/cudnn")}, {.devices = {device}});
  EXPECT_EQ(the(results, "a").outcome, Outcome::passed);
  EXPECT_EQ(the(results, "b").outcome, Outcome::passed);
}

TEST(ResultWithoutNumbers, ReadsItsFieldsFromTheId) {
  const CaseResult result =
      result_without_numbers({.device = 1}, "bias/plain/bf16/m8n8/exact", Outcome::not_run, "why");
  EXPECT_EQ(result.op, "bias");
  EXPECT_EQ(result.implementation, "plain");
  EXPECT_EQ(result.provider, Provider::kernel);
  EXPECT_EQ(result.dtype, Dtype::bf16);
  EXPECT_EQ(result.inputs, Inputs::exact);
  EXPECT_EQ(result.repro, "gpucheck verify --only bias/plain/bf16/m8n8/exact --device 1 --seed 1");
  EXPECT_EQ(result_without_numbers({}, "workload/E/cpu/f32/step3", Outcome::error, "").op,
            "workload/E");
  EXPECT_EQ(result_without_numbers({.device = 1, .peers = {3}}, "workload/D/kernel/f32/gpus2/step1",
                                   Outcome::error, "")
                .repro,
            "gpucheck verify --only workload/D/kernel/f32/gpus2/step1 --device 1,3 --seed 1");
}

}  // namespace
}  // namespace gpucheck
