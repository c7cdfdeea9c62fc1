#include "verify/doctor/rules/finding.hpp"

#include <fmt/format.h>

#include "verify/doctor/codes.hpp"
#include "verify/doctor/rules/query.hpp"

namespace gpucheck {

std::string said(const CallProbe& call) {
  std::string text = call.api;
  if (call.device) text += fmt::format(" on GPU {}", *call.device);
  if (call.timed_out) {
    text += fmt::format(" had not returned after {:.0f} s", call.seconds);
  } else if (call.signal) {
    text += fmt::format(" was killed by signal {}", *call.signal);
  } else if (call.code) {
    const std::string name = name_of_returned(call.api, *call.code);
    text += fmt::format(" returned {}{}", *call.code, name.empty() ? "" : " (" + name + ")");
    if (*call.code == 0 && call.value) text += fmt::format(", value {}", *call.value);
  } else {
    text += call.log.empty() ? " gave no answer" : ": " + call.log;
  }
  if (!call.variant.empty()) text += " with " + call.variant;
  return text;
}

std::string said(const Snapshot& s, std::string_view api) {
  const CallProbe* made = call(s, api);
  return made == nullptr ? std::string(api) + ": not probed" : said(*made);
}

std::string said_of_library(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  if (probed == nullptr) return fmt::format("{}: not probed", name);
  if (!probed->opened.empty()) return fmt::format("{} is {}", name, probed->opened);
  if (probed->timed_out) return fmt::format("opening {} did not end", name);
  if (probed->signal)
    return fmt::format("opening {} was killed by signal {}", name, *probed->signal);
  if (probed->error.empty()) return fmt::format("{}: not probed", name);
  // The loader's own words begin with the name already.
  return probed->error.starts_with(name) ? probed->error
                                         : fmt::format("{}: {}", name, probed->error);
}

Findings sick(Findings findings, std::optional<int> device) {
  for (Finding& each : findings) {
    each.sick_device = true;
    each.device = device;
  }
  return findings;
}

}  // namespace gpucheck
