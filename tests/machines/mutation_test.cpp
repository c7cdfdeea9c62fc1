#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/machines/machines.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/setup_rows.hpp"
#include "verify/doctor/snapshot_json.hpp"

namespace gpucheck {
namespace {

using Judge = std::function<void(const Json&, const std::string& where)>;

// Calls `judge` with every copy of `json` that lacks one key, down to `depth`; list elements stand
// for themselves.
void without_each_key(const Json& json, int depth, const Judge& judge) {
  for (const auto& [key, value] : json.items()) {
    Json less = json;
    if (json.is_object()) {
      less.erase(key);
      judge(less, key);
      less[key] = value.is_array() ? Json::array() : Json();
      judge(less, key + " emptied");
    }
    if (depth == 0 || !value.is_structured()) continue;
    without_each_key(value, depth - 1, [&](const Json& inner, const std::string& where) {
      Json changed = json;
      if (json.is_array()) {
        changed[std::stoul(key)] = inner;
      } else {
        changed[key] = inner;
      }
      judge(changed, key + "/" + where);
    });
  }
}

void with_absurd_numbers(Json& json, const Json& number) {
  for (Json& value : json) {
    if (value.is_structured()) with_absurd_numbers(value, number);
    if (value.is_number()) value = number;
  }
}

// How much of the GPUs' health is said to be unknown. Nearly every machine has such a finding, so
// it speaks of a fact that was taken away only where it has grown.
std::size_t unknown_health(const std::vector<Finding>& findings) {
  std::size_t length = 0;
  for (const Finding& f : findings) {
    if (f.id == "device.health_unknown") length += f.title.size();
  }
  return length;
}

TEST(Mutation, NoMissingFactMakesABrokenMachineFine) {
  for (const Machine& each : machines()) {
    const auto before = diagnose(snapshot_from_json(each.json));
    const bool broken = !before.empty() && before.front().root_cause;
    without_each_key(each.json, 1, [&](const Json& json, const std::string& where) {
      const auto after = diagnose(snapshot_from_json(json));
      if (!broken) return;
      EXPECT_TRUE(above_info(after) || unknown_health(after) > unknown_health(before))
          << each.name << " without " << where << " is called fine";
    });
  }
}

TEST(Mutation, WhatWasNotProbedIsNeverOk) {
  for (const char* name : {"healthy-bare-metal", "healthy-wsl"}) {
    for (const char* key : {"calls", "libraries", "devices"}) {
      Json json = machine(name);
      json.erase(key);
      const Snapshot snapshot = snapshot_from_json(json);
      EXPECT_TRUE(above_info(diagnose(snapshot))) << name << " without " << key;
      const auto rows = setup_rows(snapshot);
      if (std::string(key) == "devices") continue;
      EXPECT_TRUE(std::ranges::none_of(
          rows,
          [](const SetupRow& row) { return row.name == "cuDNN" && row.state == SetupState::ok; }))
          << name << " without " << key;
    }
  }
}

TEST(Mutation, DeepHolesAndAbsurdValuesCrashNothing) {
  for (const char* name : {"healthy-bare-metal", "L5", "D15"}) {
    without_each_key(machine(name), 3, [](const Json& json, const std::string&) {
      diagnose(snapshot_from_json(json));
      setup_rows(snapshot_from_json(json));
    });
  }
  for (const Machine& each : machines()) {
    for (const Json& number : {Json(-1), Json(std::int64_t{1} << 62), Json(~std::uint64_t{0}),
                               Json(1e308), Json(2147483647)}) {
      Json absurd = each.json;
      with_absurd_numbers(absurd, number);
      diagnose(snapshot_from_json(absurd));
      setup_rows(snapshot_from_json(absurd));
    }
  }
}

}  // namespace
}  // namespace gpucheck
