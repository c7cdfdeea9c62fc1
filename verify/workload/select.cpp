#include "verify/workload/select.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace gpucheck {

bool matches(const std::string& glob, const std::string& text) {
  return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

bool selected(const Selection& selection, const UnitKey& key) {
  const auto takes = [](const std::vector<std::string>& globs, const std::string& text) {
    return std::ranges::any_of(globs, [&](const std::string& glob) { return matches(glob, text); });
  };
  return (selection.ops.empty() || takes(selection.ops, key.op)) &&
         (selection.dtypes.empty() || takes(selection.dtypes, key.dtype)) &&
         (selection.providers.empty() || takes(selection.providers, key.provider) ||
          takes(selection.providers, key.implementation));
}

bool selected_id(const Selection& selection, const std::string& id) {
  return selection.only.empty() ||
         std::ranges::any_of(selection.only,
                             [&](const std::string& glob) { return matches(glob, id); });
}

}  // namespace gpucheck
