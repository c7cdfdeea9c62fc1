#pragma once

#include <string>

#include "verify/workload/plan.hpp"

namespace gpucheck {

/// What decides whether a user's filters take a unit.
struct UnitKey {
  std::string op, dtype, provider;
  std::string implementation;  ///< Or the flavour of a workload; --provider takes either word.
};

/// Whether `text` matches the glob (* ? [...]; * crosses slashes).
bool matches(const std::string& glob, const std::string& text);

/// Whether op, dtype and provider are selected.
bool selected(const Selection& selection, const UnitKey& key);

/// Whether one of the selection's globs takes the id; no glob takes all.
bool selected_id(const Selection& selection, const std::string& id);

}  // namespace gpucheck
