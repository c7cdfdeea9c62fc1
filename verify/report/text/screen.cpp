#include "verify/report/text/screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verify/doctor/rules/query.hpp"
#include "verify/report/text/findings.hpp"
#include "verify/report/text/numbers.hpp"
#include "verify/report/text/setup.hpp"
#include "verify/report/text/workload_table.hpp"

namespace gpucheck {
namespace {

std::string blocks(std::initializer_list<std::string> texts) {
  std::string screen;
  for (const std::string& text : texts) {
    if (!text.empty()) screen += text + "\n";
  }
  return screen;
}

// What the simulated GPU was told to be; a shipped snapshot has none.
std::string simulated_text(const Report& report) {
  const auto hook = report.program.test_hooks.find("GPUCHECK_SICKNESS");
  const std::string gpu =
      hook == report.program.test_hooks.end() ? "" : " GPU (" + one_line(hook->second) + ")";
  return "simulated" + gpu + ", no evidence about a real one";
}

}  // namespace

std::string title_line(const Report& report, const Style& style) {
  const BuiltWith& built = report.program.built_with;
  std::string text = "gpucheck " + report.program.version;
  if (report.simulated) text += std::string(style.dot()) + simulated_text(report);
  if (!report.simulated && built.cuda == 0)
    text += fmt::format("{}built without CUDA", style.dot());
  if (!report.simulated && built.cuda > 0) {
    text += fmt::format("{}built with CUDA {} for sm_{}", style.dot(), cuda_text(built.cuda),
                        fmt::join(built.archs, " "));
  }
  text = style.paint(Tone::strong, text) + "\n";
  for (const auto& [hook, value] : report.program.test_hooks) {
    if (hook == "GPUCHECK_SICKNESS") continue;  // The line above says it.
    text += style.paint(Tone::warning, fmt::format("{} is set to {}: a test, and no evidence", hook,
                                                   one_line(value))) +
            "\n";
  }
  return text;
}

std::string machine_screen(const Report& report, const Style& style) {
  const Severity least = style.verbose ? Severity::info : Severity::warning;
  return blocks({setup_text(report.snapshot, style), devices_text(report.snapshot, style),
                 findings_text(report.findings, least, style)});
}

std::string workload_screen(const Report& report, const Style& style) {
  return blocks({workload_table(report, style), troubles_text(report, style),
                 style.verbose ? phases_text(report, style) : std::string()});
}

std::string op_screen(const Report& report, const Style& style) {
  return blocks({op_table(report, style), troubles_text(report, style),
                 style.verbose ? phases_text(report, style) : std::string()});
}

std::string phases_text(const Report& report, const Style& style) {
  std::string text = style.paint(Tone::strong, "Phases") + "\n";
  for (const Phase& phase : report.phases)
    text += fmt::format("  {:<24}{:>10}\n", phase.name, duration_text(phase.seconds));
  return text;
}

}  // namespace gpucheck
