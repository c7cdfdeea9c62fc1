#include "verify/report/text/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gpucheck {
namespace {

std::string finding_text(const Finding& f, const Style& style) {
  const Tone tone = f.severity == Severity::error     ? Tone::bad
                    : f.severity == Severity::warning ? Tone::warning
                                                      : Tone::faint;
  std::string label(name(f.severity));
  if (f.root_cause) label = "root cause";
  if (f.device) label += fmt::format(", GPU {}", *f.device);
  const std::string code = f.catalogue.empty() ? f.id : fmt::format("{} {}", f.catalogue, f.id);
  std::string text =
      fmt::format("{}: {}\n", style.paint(tone, label),
                  wrapped(one_line(f.title), style.width, static_cast<int>(label.size()) + 2));
  for (const std::string& line : f.evidence)
    text += "  seen   " + wrapped(one_line(line), style.width, 9) + "\n";
  // A command is never broken: it would not survive being pasted.
  for (const std::string& line : f.fix)
    text += style.paint(Tone::strong, "  do     ") + one_line(line) + "\n";
  return text + style.paint(Tone::faint, "  [" + code + "]") + "\n";
}

int order(const Finding& f) { return (f.root_cause ? 0 : 10) - static_cast<int>(f.severity); }

}  // namespace

std::string findings_text(const std::vector<Finding>& findings, Severity least,
                          const Style& style) {
  std::vector<const Finding*> shown;
  for (const Finding& f : findings) {
    if (f.severity >= least) shown.push_back(&f);
  }
  std::ranges::stable_sort(shown, {}, [](const Finding* f) { return order(*f); });
  std::string text;
  for (const Finding* f : shown) text += (text.empty() ? "" : "\n") + finding_text(*f, style);
  return text;
}

const Finding* main_cause(const std::vector<Finding>& findings) {
  const Finding* cause = nullptr;
  for (const Finding& f : findings) {
    if (f.severity == Severity::error && (cause == nullptr || (f.root_cause && !cause->root_cause)))
      cause = &f;
  }
  return cause;
}

}  // namespace gpucheck
