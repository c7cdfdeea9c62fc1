#pragma once

#include <string_view>

namespace gpucheck {

/// failed: wrong numbers. error: a call failed. untrusted: the output could not have shown an
/// error. not_run: asked, but something was missing. not_applicable: cannot exist here, so it was
/// not asked.
enum class Outcome { passed, failed, error, untrusted, not_run, not_applicable };

/// Name as it stands in reports.
constexpr std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::failed: return "failed";
    case Outcome::error: return "error";
    case Outcome::untrusted: return "untrusted";
    case Outcome::not_run: return "not_run";
    case Outcome::not_applicable: return "not_applicable";
  }
  return "";
}

}  // namespace gpucheck
