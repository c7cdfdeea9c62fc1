#include "verify/report/verdict.hpp"

#include <gmock/gmock.h>

namespace gpucheck {
namespace {

using testing::SizeIs;

/// Evidence of one case on the CPU and one on GPU 0, both passed; each test spoils one thing.
class VerdictTest : public testing::Test {
 protected:
  VerdictTest() {
    add("cpu/a", {}, Outcome::passed);
    add("gpu/a", 0, Outcome::passed);
  }

  void add(const std::string& id, std::optional<int> device, Outcome outcome,
           const std::string& reason = "") {
    plan.units.push_back({.id = id, .device = device, .cases = {id}});
    results.push_back({.id = id, .device = device, .outcome = outcome, .reason = reason});
  }
  void find(Severity severity, bool sick_device) {
    findings.push_back({.id = "x", .severity = severity, .sick_device = sick_device});
  }
  Verdict judged(bool gpu_asked = true) { return verdict({plan, results, findings, gpu_asked}); }
  void expect(Status status, int exit_code, bool gpu_asked = true) {
    const Verdict v = judged(gpu_asked);
    EXPECT_EQ(name(v.status), name(status));
    EXPECT_EQ(v.exit_code, exit_code);
  }

  Plan plan;
  std::vector<CaseResult> results;
  std::vector<Finding> findings;
};

TEST_F(VerdictTest, EverythingPassedIsPassed) {
  expect(Status::passed, 0);
  const Verdict v = judged();
  EXPECT_EQ(v.asked, 2);
  EXPECT_EQ(v.ran, 2);
  EXPECT_EQ(v.passed, 2);
}

TEST_F(VerdictTest, AnyWrongOutcomeFails) {
  for (const Outcome outcome : {Outcome::failed, Outcome::error, Outcome::untrusted}) {
    results[1].outcome = outcome;
    expect(Status::failed, 1);
  }
}

TEST_F(VerdictTest, WrongResultThatNobodyAskedForFails) {
  results.push_back({.id = "gpu/b", .device = 1, .outcome = Outcome::failed});
  expect(Status::failed, 1);
}

TEST_F(VerdictTest, WrongOnTheCpuFailsToo) {
  results[0].outcome = Outcome::failed;
  expect(Status::failed, 1);
}

TEST_F(VerdictTest, CaseWithoutARecordIsNotVerified) {
  results.pop_back();
  expect(Status::not_verified, 2);
  EXPECT_EQ(judged().not_run.at(0).reason, "no result was recorded");
}

TEST_F(VerdictTest, RecordOfAnotherDeviceDoesNotCount) {
  results[1].device = 1;
  expect(Status::not_verified, 2);
  results[1].device = std::nullopt;
  expect(Status::not_verified, 2);
}

TEST_F(VerdictTest, NotRunIsNotVerified) {
  results[1].outcome = Outcome::not_run;
  results[1].reason = "cuDNN not found";
  expect(Status::not_verified, 2);
  EXPECT_EQ(judged().not_run.at(0).reason, "cuDNN not found");
}

TEST_F(VerdictTest, AskedCaseThatCallsItselfNotApplicableIsNotVerified) {
  results[1].outcome = Outcome::not_applicable;
  expect(Status::not_verified, 2);
}

TEST_F(VerdictTest, WhatThePlanKnowsCannotExistIsListedAndAskedOfNobody) {
  plan.not_applicable.push_back({"bf16", 0, "compute capability 7.5"});
  expect(Status::passed, 0);
  EXPECT_THAT(judged().not_applicable, SizeIs(1));
}

TEST_F(VerdictTest, NothingOnAGpuIsNotVerifiedUnlessOnlyTheCpuWasAsked) {
  plan.units.pop_back();
  results.pop_back();
  expect(Status::not_verified, 2);
  expect(Status::passed, 0, false);
}

TEST_F(VerdictTest, ZeroWorkIsNotVerified) {
  plan.units.clear();
  results.clear();
  expect(Status::not_verified, 2);
  expect(Status::not_verified, 2, false);
}

TEST_F(VerdictTest, RepetitionDoesNotHealAWrongResult) {
  for (const Outcome first : {Outcome::failed, Outcome::error, Outcome::untrusted}) {
    results = {results[0], results[1], results[1]};
    results[1].outcome = first;
    results[2].outcome = Outcome::passed;
    expect(Status::failed, 1);
    std::swap(results[1], results[2]);
    expect(Status::failed, 1);
  }
}

TEST_F(VerdictTest, WrongCountsMoreThanNotRun) {
  add("gpu/b", 0, Outcome::not_run, "missing");
  results[1].outcome = Outcome::failed;
  expect(Status::failed, 1);
}

TEST_F(VerdictTest, SickDeviceFailsThoughEveryNumberIsRight) {
  find(Severity::error, true);
  expect(Status::failed, 1);
}

TEST_F(VerdictTest, SetUpErrorIsNotVerifiedThoughEveryNumberIsRight) {
  find(Severity::error, false);
  expect(Status::not_verified, 2);
}

TEST_F(VerdictTest, SickDeviceCountsMoreThanASetUpError) {
  find(Severity::error, false);
  find(Severity::error, true);
  expect(Status::failed, 1);
}

TEST_F(VerdictTest, WarningsAndSetUpErrorsOfAnUnaskedGpuChangeNothing) {
  find(Severity::warning, false);
  find(Severity::info, true);
  expect(Status::passed, 0);
  find(Severity::error, false);
  expect(Status::passed, 0, false);
}

}  // namespace
}  // namespace gpucheck
