#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

enum class Severity { info, warning, error };

constexpr std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

/// A diagnosis: what is wrong, why we think so, and what to type.
struct Finding {
  std::string id;         ///< Stable and dotted: wsl.driver_library_not_on_path.
  std::string catalogue;  ///< Row of the failure catalogue, "W1"; empty where it has none.
  Severity severity = Severity::info;
  bool root_cause = false;
  std::string title;
  std::vector<std::string> evidence;
  std::vector<std::string> fix;
  std::optional<int> device;
  bool sick_device =
      false;  ///< The device itself is at fault (exit code 1), not the set-up around it (2).
};

/// A pure function from facts to diagnoses: it opens nothing and asks nobody.
using Rule = std::vector<Finding> (*)(const Snapshot&);

}  // namespace gpucheck
