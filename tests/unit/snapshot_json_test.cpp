#include "verify/doctor/snapshot_json.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "verify/doctor/embedded.hpp"

namespace gpucheck {
namespace {

std::string written(const std::string& name, const std::string& text) {
  const std::string path = ::testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(SnapshotJson, ComesBackAsItWasWritten) {
  int seen = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with("machines/")) continue;
    ++seen;
    const auto json = parse_json(file.text);
    ASSERT_TRUE(json) << file.name;
    const Json once = snapshot_json(snapshot_from_json(*json));
    EXPECT_EQ(once, snapshot_json(snapshot_from_json(once))) << file.name;
    // Nothing of the file is lost but what it says by being empty.
    for (const auto& [key, value] : json->items()) {
      if (value.empty() || value.is_null()) continue;
      EXPECT_TRUE(once.contains(key)) << file.name << " loses " << key;
    }
  }
  EXPECT_GT(seen, 50);
}

TEST(SnapshotJson, KeepsAbsentApartFromEmpty) {
  Snapshot snapshot;
  EXPECT_FALSE(snapshot_json(snapshot).contains("environment"));
  EXPECT_FALSE(snapshot_json(snapshot).contains("pci"));
  snapshot.environment_probed = true;
  snapshot.pci.emplace();
  const Snapshot back = snapshot_from_json(snapshot_json(snapshot));
  EXPECT_TRUE(back.environment_probed);
  ASSERT_TRUE(back.pci.has_value());
  EXPECT_TRUE(back.pci->empty());
  EXPECT_FALSE(back.kernel_driver.has_value());
}

TEST(SnapshotJson, IgnoresUnknownKeysAndWrongTypes) {
  const auto json = parse_json(
      R"({"schema":"gpucheck.snapshot/1","new":1,"host":{"uid":"root","wsl":99999999999,"os_id":"debian","later":[]},
          "calls":[{"api":"cuInit","code":"zero"},7],"pci":"none"})");
  ASSERT_TRUE(json);
  const Snapshot snapshot = snapshot_from_json(*json);
  EXPECT_EQ(snapshot.host.os_id, "debian");
  EXPECT_FALSE(snapshot.host.uid);
  EXPECT_FALSE(snapshot.host.wsl);
  EXPECT_FALSE(snapshot.pci);
  ASSERT_EQ(snapshot.calls.size(), 1U);
  EXPECT_FALSE(snapshot.calls[0].code);
}

TEST(SnapshotJson, RefusesForeignFilesWithOneLine) {
  const std::pair<const char*, const char*> files[] = {
      {"foreign.json", R"({"name":"package","version":"1"})"},
      {"list.json", "[1,2]"},
      {"empty.json", ""},
      {"cut.json", R"({"schema":"gpucheck.snapshot/1","host":{"os_id":"ub)"},
      {"report.json", R"({"schema":"gpucheck.report/1","cases":[]})"}};
  for (const auto& [name, text] : files) {
    const auto snapshot = read_snapshot(written(name, text));
    ASSERT_FALSE(snapshot) << name;
    EXPECT_EQ(snapshot.error().what.find('\n'), std::string::npos) << name;
    EXPECT_NE(snapshot.error().what.find(name), std::string::npos) << snapshot.error().what;
  }
  EXPECT_FALSE(read_snapshot("/nowhere/at/all.json"));
}

TEST(SnapshotJson, ReadsTheSnapshotOfAReport) {
  const auto snapshot = read_snapshot(written(
      "inner.json",
      R"({"schema":"gpucheck.report/1","snapshot":{"schema":"gpucheck.snapshot/1","host":{"os_id":"arch"}}})"));
  ASSERT_TRUE(snapshot) << snapshot.error().what;
  EXPECT_EQ(snapshot->host.os_id, "arch");
}

TEST(Redacted, HidesWhoAndWhere) {
  Snapshot snapshot;
  snapshot.environment["LD_LIBRARY_PATH"] = "/home/alice/lib:/opt/x";
  snapshot.host.cmdline = "root=UUID=1f0e7a44-0b0b-4c4c-9d9d-0123456789ab ro";
  snapshot.kernel_log.lines = {"NVRM: GPU Board Serial Number: 1324419002233"};
  snapshot.devices.push_back({.uuid = "GPU-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"});
  snapshot.environment["CUDA_VISIBLE_DEVICES"] = "GPU-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
  const std::string text = json_text(snapshot_json(redacted(snapshot)));
  for (const char* secret : {"alice", "1f0e7a44", "1324419002233", "aaaaaaaa-bbbb"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
  const Snapshot hidden = redacted(snapshot);
  EXPECT_EQ(hidden.environment.at("CUDA_VISIBLE_DEVICES"), hidden.devices[0].uuid);
  EXPECT_NE(hidden.environment.at("LD_LIBRARY_PATH").find("/opt/x"), std::string::npos);
}

}  // namespace
}  // namespace gpucheck
