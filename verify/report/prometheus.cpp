#include <fmt/format.h>

#include <cmath>
#include <map>

#include "verify/report/export.hpp"

namespace gpucheck {
namespace {

std::string label(std::string_view text) {
  std::string escaped;
  for (const char c : utf8_text(text)) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string device_label(std::optional<int> device) {
  return device ? std::to_string(*device) : "cpu";
}

std::string value(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", number);
}

std::string heading(std::string_view metric, std::string_view help) {
  return fmt::format("# HELP {} {}\n# TYPE {} gauge\n", metric, help, metric);
}

std::string checks(const Report& report) {
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const CaseResult& r : report.cases)
    ++counts[{device_label(r.device), std::string(name(r.outcome))}];
  std::string text = heading("gpucheck_checks", "Checks by device and outcome.");
  for (const auto& [key, count] : counts) {
    text += fmt::format("gpucheck_checks{{device=\"{}\",outcome=\"{}\"}} {}\n", key.first,
                        key.second, count);
  }
  return text;
}

std::string findings(const Report& report) {
  // One line each: the same finding on the same device twice would be a duplicate sample.
  std::map<std::string, int> lines;
  for (const Finding& f : report.findings) {
    ++lines[fmt::format("gpucheck_finding{{id=\"{}\",severity=\"{}\",device=\"{}\"}}", label(f.id),
                        name(f.severity), f.device ? std::to_string(*f.device) : "")];
  }
  std::string text = heading("gpucheck_finding", "What the doctor found.");
  for (const auto& [line, count] : lines) text += fmt::format("{} {}\n", line, count);
  return text;
}

std::string measurements(const Report& report) {
  std::map<std::string, const Measurement*> lines;
  for (const Measurement& m : report.measurements) {
    lines[fmt::format("{{id=\"{}\",device=\"{}\"}}", label(m.id), device_label(m.device))] = &m;
  }
  std::string text =
      heading("gpucheck_median_seconds", "Median time of a case whose result was verified.");
  for (const auto& [labels, m] : lines)
    text += fmt::format("gpucheck_median_seconds{} {}\n", labels, value(m->median_seconds));
  text += heading("gpucheck_flops", "Floating-point operations of that case.");
  for (const auto& [labels, m] : lines)
    text += fmt::format("gpucheck_flops{} {}\n", labels, value(m->work.flops));
  return text;
}

}  // namespace

std::string prometheus_text(const Report& report) {
  const Verdict& v = report.verdict;
  std::string text = heading("gpucheck_info", "The program that made this.");
  text += fmt::format("gpucheck_info{{version=\"{}\",simulated=\"{}\"}} 1\n",
                      label(report.program.version), report.simulated);
  text += heading("gpucheck_verified", "1 if everything asked for ran and passed, else 0.");
  text += fmt::format("gpucheck_verified {}\n", v.status == Status::passed ? 1 : 0);
  text += heading("gpucheck_exit_code", "Exit code of the run.");
  text += fmt::format("gpucheck_exit_code {}\n", v.exit_code);
  text += heading("gpucheck_checks_asked", "Checks that were asked for.");
  text += fmt::format("gpucheck_checks_asked {}\n", v.asked);
  return text + checks(report) + findings(report) + measurements(report);
}

}  // namespace gpucheck
