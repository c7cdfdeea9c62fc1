#include "tests/machines/machines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "verify/doctor/embedded.hpp"

namespace gpucheck {

const std::vector<Machine>& machines() {
  static const std::vector<Machine> all = [] {
    std::vector<Machine> found;
    for (const EmbeddedFile& file : embedded_files()) {
      if (!file.name.starts_with("machines/")) continue;
      const std::string name(file.name.substr(9, file.name.size() - 9 - 5));
      auto json = parse_json(file.text);
      EXPECT_TRUE(json) << name << (json ? "" : ": " + json.error().what);
      if (json) found.push_back({name, std::move(*json)});
    }
    return found;
  }();
  return all;
}

const Json& machine(const std::string& name) {
  for (const Machine& each : machines()) {
    if (each.name == name) return each.json;
  }
  ADD_FAILURE() << "no machine is called " << name;
  static const Json none = Json::object();
  return none;
}

bool is_catalogue_id(const std::string& name) {
  return name.size() >= 2 && std::string("WDCGLS").find(name[0]) != std::string::npos &&
         std::all_of(name.begin() + 1, name.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool above_info(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings,
                             [](const Finding& f) { return f.severity != Severity::info; });
}

std::string roots(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& each : findings) {
    if (each.root_cause) text += each.id + " [" + each.catalogue + "] ";
  }
  return text;
}

}  // namespace gpucheck
