#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verify/report/text/findings.hpp"
#include "verify/report/text/numbers.hpp"
#include "verify/report/text/screen.hpp"
#include "verify/report/verdict.hpp"

namespace gpucheck {
namespace {

std::set<int> gpus_of(const Report& report) {
  std::set<int> gpus;
  for (const CaseResult& r : report.cases) {
    if (r.device && r.outcome == Outcome::passed) gpus.insert(*r.device);
  }
  return gpus;
}

// "94 of 94 checks ran, 0 wrong.", or "40 of 49 checks ran, 0 wrong, 9 errors."
std::string count_text(const Report& report) {
  const Verdict& v = report.verdict;
  if (v.asked == 0)
    return v.not_applicable.empty()
               ? "Nothing was computed."
               : "Nothing was computed: " + one_line(v.not_applicable.front().reason) + ".";
  const auto errors = std::ranges::count(report.cases, Outcome::error, &CaseResult::outcome);
  const auto wrong = std::ranges::count_if(report.cases, is_wrong) - errors;
  const bool cpu_only =
      std::ranges::none_of(report.cases, [](const CaseResult& r) { return r.device.has_value(); });
  return fmt::format("{}{} of {} checks ran, {} wrong{}.",
                     cpu_only && v.status != Status::passed ? "On the CPU " : "", grouped(v.ran),
                     grouped(v.asked), grouped(wrong),
                     errors > 0 ? ", " + counted(errors, "error") : "");
}

std::string failed_text(const Report& report) {
  const auto first = std::ranges::find_if(report.cases, is_wrong);
  if (first == report.cases.end()) {
    for (const Finding& f : report.findings) {
      if (f.sick_device && f.severity == Severity::error)
        return "SICK DEVICE: " + one_line(f.title) + ".";
    }
    return "FAILED.";
  }
  const std::string where = first->device ? fmt::format("GPU {}", *first->device) : "the CPU";
  return fmt::format("FAILED on {}: {}", where, first->id);
}

std::string not_verified_text(const Report& report) {
  const Finding* cause = main_cause(report.findings);
  if (cause != nullptr) return "NOT VERIFIED: " + one_line(cause->title) + ".";
  const Verdict& v = report.verdict;
  if (v.asked == 0) return "NOT VERIFIED: no check of those asked for exists on these devices.";
  if (!v.not_run.empty()) {
    return fmt::format("NOT VERIFIED: {} did not run, {}.", counted(v.not_run.size(), "check"),
                       one_line(v.not_run.front().reason));
  }
  return "NOT VERIFIED: no GPU passed a check.";
}

std::string passed_text(const Report& report) {
  const std::size_t gpus = gpus_of(report).size();
  if (gpus == 0) return "CPU only: no GPU was verified.";
  return fmt::format("gpucheck works well on {}{}.", report.simulated ? "a simulation of " : "",
                     counted(gpus, "GPU"));
}

}  // namespace

std::string verdict_line(const Report& report, const Style& style) {
  const Verdict& v = report.verdict;
  double seconds = 0;
  for (const Phase& phase : report.phases) {
    if (phase.name == "total") seconds = phase.seconds;
  }
  std::string text;
  Tone tone = Tone::bad;
  if (v.exit_code == 130) {
    text = "INTERRUPTED: not everything was verified.", tone = Tone::warning;
  } else if (v.status == Status::failed) {
    text = failed_text(report);
  } else if (v.status == Status::passed) {
    text = passed_text(report), tone = Tone::good;
  } else {
    text = not_verified_text(report), tone = Tone::warning;
  }
  text = style.paint(tone, text) + "  " + count_text(report);
  if (seconds > 0) text += fmt::format("  {:.1f} s", seconds);
  if (report.simulated) text += "  (simulated)";
  return text + "\n";
}

}  // namespace gpucheck
