#include <fmt/format.h>

#include <map>

#include "verify/report/export.hpp"

namespace gpucheck {
namespace {

// XML 1.0 has no way to write most control characters at all.
std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : utf8_text(text)) {
    switch (c) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      case '\n': xml += "&#10;"; break;
      case '\t': xml += "&#9;"; break;
      default: xml += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return xml;
}

struct Suite {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
  std::string cases;

  void add(std::string_view group, std::string_view name, double time, std::string_view body) {
    ++tests;
    seconds += time;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"{}\n",
                         escaped(group), escaped(name), time,
                         body.empty() ? "/>" : fmt::format(">{}</testcase>", body));
  }
};

std::string element(std::string_view tag, std::string_view message) {
  return fmt::format("<{} message=\"{}\"/>", tag, escaped(message));
}

void add(Suite& suite, const CaseResult& r) {
  std::string body;
  if (r.outcome == Outcome::failed || r.outcome == Outcome::untrusted) {
    ++suite.failures;
    const std::string numbers =
        fmt::format("{} of {} numbers wrong{}{}{}{}", r.numbers.wrong, r.numbers.checked,
                    r.numbers.pattern.empty() ? "" : ", ", r.numbers.pattern,
                    r.reason.empty() ? "" : "; ", r.reason);
    body = fmt::format("<failure message=\"{}\">{}</failure>", escaped(numbers), escaped(r.repro));
  } else if (r.outcome == Outcome::error) {
    ++suite.errors;
    body = fmt::format("<error message=\"{}\">{}</error>", escaped(r.reason), escaped(r.repro));
  } else if (r.outcome != Outcome::passed) {
    ++suite.skipped;
    body = element("skipped", r.reason);
  }
  suite.add("gpucheck." + r.op, r.id, r.seconds, body);
}

std::string suite_name(std::optional<int> device) {
  return device ? fmt::format("GPU {}", *device) : "CPU";
}

}  // namespace

std::string junit_text(const Report& report) {
  std::map<std::string, Suite> suites;
  for (const CaseResult& r : report.cases) add(suites[suite_name(r.device)], r);
  for (const Finding& f : report.findings) {
    Suite& suite = suites["set-up"];
    const bool error = f.severity == Severity::error;
    suite.failures += error ? 1 : 0;
    suite.add("gpucheck.doctor", f.id, 0, error ? element("failure", f.title) : "");
  }
  // A reader of JUnit that counts only failures must not take "nothing ran" for success.
  Suite& verdict = suites["verdict"];
  const bool passed = report.verdict.status == Status::passed;
  verdict.failures += passed ? 0 : 1;
  verdict.add("gpucheck", "verdict", 0,
              passed ? "" : element("failure", name(report.verdict.status)));

  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& [name, s] : suites) {
    text += fmt::format(
        "  <testsuite name=\"{}{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.6f}\">\n{}  </testsuite>\n",
        report.simulated ? "simulated " : "", name, s.tests, s.failures, s.errors, s.skipped,
        s.seconds, s.cases);
  }
  return text + "</testsuites>\n";
}

}  // namespace gpucheck
