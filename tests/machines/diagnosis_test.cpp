#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/machines/machines.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/snapshot_json.hpp"

namespace gpucheck {
namespace {

std::vector<Finding> diagnosis(const std::string& name) {
  return diagnose(snapshot_from_json(machine(name)));
}

const Finding* with_id(const std::vector<Finding>& findings, std::string_view id) {
  const auto found = std::ranges::find(findings, id, &Finding::id);
  return found == findings.end() ? nullptr : &*found;
}

TEST(Diagnosis, NamesTheCatalogueRowOfEveryBrokenMachine) {
  int seen = 0;
  for (const Machine& each : machines()) {
    if (!is_catalogue_id(each.name)) continue;
    ++seen;
    const auto findings = diagnose(snapshot_from_json(each.json));
    const auto own = std::ranges::find(findings, each.name, &Finding::catalogue);
    ASSERT_NE(own, findings.end()) << each.name;
    if (own->severity != Severity::error) continue;
    EXPECT_TRUE(own->root_cause) << each.name;
    for (const Finding& other : findings) {
      EXPECT_FALSE(other.root_cause && other.catalogue != each.name)
          << each.name << ": " << roots(findings);
    }
  }
  EXPECT_GE(seen, 60);
}

TEST(Diagnosis, FindsNothingAboveInfoOnHealthyMachines) {
  int seen = 0;
  for (const Machine& each : machines()) {
    if (!each.name.starts_with("healthy-")) continue;
    ++seen;
    for (const Finding& finding : diagnose(snapshot_from_json(each.json))) {
      EXPECT_EQ(finding.severity, Severity::info)
          << each.name << ": " << finding.id << ": " << finding.title;
    }
  }
  EXPECT_GE(seen, 8);
}

TEST(Diagnosis, NamesFaultsOutsideTheCatalogueByTheirId) {
  for (const Machine& each : machines()) {
    if (each.name.find('.') == std::string::npos || each.name.starts_with("driver.start_"))
      continue;
    if (each.name == "driver.library_crashes") continue;
    EXPECT_NE(with_id(diagnose(snapshot_from_json(each.json)), each.name), nullptr) << each.name;
  }
  EXPECT_EQ(roots(diagnosis("driver.start_hangs")), "driver.start_ends_badly [] ");
  EXPECT_EQ(roots(diagnosis("driver.start_crashes")), "driver.start_ends_badly [] ");
  EXPECT_EQ(roots(diagnosis("driver.library_crashes")), "driver.library_unsafe [] ");
}

TEST(Diagnosis, TellsADriverTooOldForThisBuildFromOneTooOldForTheMachine) {
  const auto findings = diagnosis("driver-older-than-build-only");
  const Finding* ours = with_id(findings, "driver.too_old_for_this_build");
  ASSERT_NE(ours, nullptr);
  EXPECT_EQ(ours->title, "The driver is too old for this build of gpucheck");
  EXPECT_EQ(ours->severity, Severity::warning);
  EXPECT_EQ(roots(findings), "");

  const auto too_old = diagnosis("D13");
  EXPECT_EQ(roots(too_old), "driver.older_than_libraries [D13] ");
  const std::string& title = too_old.front().title;
  for (const char* number : {"570.86.10", "12.8", "580.65.06"})
    EXPECT_NE(title.find(number), std::string::npos) << title;
}

TEST(Diagnosis, SaysThatNothingIsKnown) {
  EXPECT_EQ(roots(diagnosis("nothing-known")), "machine.cannot_tell [] ");
  EXPECT_EQ(roots(diagnose(Snapshot())), "machine.cannot_tell [] ");
}

TEST(Diagnosis, SaysThatADeviceIsSick) {
  for (const char* name : {"S3", "S4", "S5", "S6", "S11"})
    EXPECT_TRUE(diagnosis(name).front().sick_device) << name;
  for (const char* name : {"D1", "S8", "S16", "L2"})
    EXPECT_FALSE(diagnosis(name).front().sick_device) << name;
}

TEST(Diagnosis, GivesEvidenceAndAFixForEverythingAboveInfo) {
  for (const Machine& each : machines()) {
    for (const Finding& finding : diagnose(snapshot_from_json(each.json))) {
      EXPECT_FALSE(finding.title.empty()) << each.name;
      if (finding.severity == Severity::info) continue;
      EXPECT_FALSE(finding.evidence.empty()) << each.name << ": " << finding.id;
      EXPECT_FALSE(finding.fix.empty()) << each.name << ": " << finding.id;
      for (const std::string& line : finding.fix)
        EXPECT_FALSE(line.empty()) << each.name << ": " << finding.id;
    }
  }
}

TEST(Diagnosis, FixesFitTheMachine) {
  const auto fix_of = [](const std::string& name, const char* os, int uid) {
    Snapshot snapshot = snapshot_from_json(machine(name));
    snapshot.host.os_id = os;
    snapshot.host.uid = uid;
    std::string text;
    const auto findings = diagnose(snapshot);
    for (const std::string& line : findings.front().fix) text += line + "\n";
    return text;
  };
  EXPECT_NE(fix_of("D1", "ubuntu", 1000).find("sudo ubuntu-drivers install"), std::string::npos);
  EXPECT_EQ(fix_of("D1", "ubuntu", 0).find("sudo"), std::string::npos);
  EXPECT_NE(fix_of("D1", "debian", 1000).find("apt install"), std::string::npos);
  EXPECT_NE(fix_of("D1", "rocky", 1000).find("dnf install"), std::string::npos);
  EXPECT_NE(fix_of("D1", "opensuse-leap", 1000).find("zypper install"), std::string::npos);
  EXPECT_NE(fix_of("D1", "arch", 1000).find("pacman -S"), std::string::npos);
  EXPECT_NE(fix_of("W8", "ubuntu", 1000).find("In Windows"), std::string::npos);
  EXPECT_NE(fix_of("C2", "ubuntu", 0).find("--gpus all"), std::string::npos);
}

TEST(Rules, HaveUniqueIdsAndAMachineEach) {
  std::set<std::string_view> ids, met;
  for (const RuleRow& row : all_rules()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
  for (const Machine& each : machines()) {
    const Snapshot snapshot = snapshot_from_json(each.json);
    for (const RuleRow& row : all_rules()) {
      if (!row.rule(snapshot).empty()) met.insert(row.id);
    }
  }
  for (const RuleRow& row : all_rules())
    EXPECT_TRUE(met.contains(row.id)) << row.id << " fires on no machine";
}

TEST(WhatStops, ABrokenSetUpStopsTheGpusThatRanNoKernelAndASicknessNone) {
  Snapshot snapshot;
  snapshot.calls.push_back({.api = "kernelLaunch", .device = 0, .code = 0});
  snapshot.calls.push_back({.api = "kernelLaunch", .device = 1, .code = 209});
  Finding cause;
  cause.id = "architecture.no_kernel_image";
  cause.severity = Severity::error;
  cause.root_cause = true;
  EXPECT_EQ(what_stops(snapshot, {cause}, 0), nullptr);
  const std::vector<Finding> findings = {cause};
  EXPECT_EQ(what_stops(snapshot, findings, 1), &findings.front());
  Finding sick = cause, missing_library = cause;
  sick.sick_device = true;
  missing_library.id = "cudnn.not_installed";
  EXPECT_EQ(what_stops(snapshot, {sick, missing_library}, 1), nullptr);
}

}  // namespace
}  // namespace gpucheck
