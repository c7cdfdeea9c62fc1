#pragma once

#include <string>
#include <vector>

#include "gpucheck/finding.hpp"
#include "verify/report/json_reader.hpp"

namespace gpucheck {

/// A shipped snapshot: "D1" of tests/machines/D1.json.
struct Machine {
  std::string name;
  Json json;
};

/// All of them, as they are compiled into the program.
const std::vector<Machine>& machines();

/// The one of this name; fails the test where there is none.
const Json& machine(const std::string& name);

/// Whether the name is a row of the failure catalogue, "L12".
bool is_catalogue_id(const std::string& name);

bool above_info(const std::vector<Finding>& findings);

/// Ids of the root causes, for messages.
std::string roots(const std::vector<Finding>& findings);

}  // namespace gpucheck
