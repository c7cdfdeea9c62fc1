#include <fmt/format.h>

#include <map>

#include "verify/report/text/numbers.hpp"
#include "verify/report/text/workload_table.hpp"
#include "verify/report/verdict.hpp"

namespace gpucheck {
namespace {

constexpr int cases_shown = 10;
constexpr int mismatches_shown = 3;

std::string device_text(std::optional<int> device) {
  return device ? fmt::format("GPU {}", *device) : "the CPU";
}

std::string mismatch_text(const Mismatch& m, Dtype dtype) {
  std::string index;
  for (const std::int64_t i : m.index) index += (index.empty() ? "" : ",") + std::to_string(i);
  const std::size_t digits = 2 * bytes(dtype);
  return fmt::format("    [{}] expected {} (0x{:0{}x}), got {} (0x{:0{}x})\n", index, m.expected,
                     m.expected_bits, digits, m.got, m.got_bits, digits);
}

std::string trouble_text(const CaseResult& r, const Style& style) {
  std::string what;
  if (r.outcome == Outcome::failed) {
    what =
        fmt::format("{} of {} numbers wrong", grouped(r.numbers.wrong), grouped(r.numbers.checked));
    if (!r.numbers.pattern.empty()) what += ", " + one_line(r.numbers.pattern);
    if (!r.reason.empty()) what += "; " + one_line(r.reason);
  } else {
    what = one_line(r.reason);
  }
  const std::string label = r.outcome == Outcome::failed  ? "WRONG"
                            : r.outcome == Outcome::error ? "ERROR"
                                                          : "UNTRUSTED";
  std::string text = fmt::format("{} {} on {}\n  {}\n", style.paint(Tone::bad, label), r.id,
                                 device_text(r.device), wrapped(what, style.width, 2));
  int shown = 0;
  for (const Mismatch& m : r.numbers.mismatches) {
    if (style.verbose || shown++ < mismatches_shown) text += mismatch_text(m, r.dtype);
  }
  if (!r.repro.empty()) text += style.paint(Tone::strong, "  again  ") + r.repro + "\n";
  return text;
}

// One line for each reason, however many cases share it.
std::string omissions_text(const std::vector<Omission>& omissions, std::string_view heading,
                           const Style& style) {
  std::map<std::string, std::vector<const Omission*>> by_reason;
  for (const Omission& o : omissions) by_reason[o.reason].push_back(&o);
  std::string text;
  for (const auto& [reason, list] : by_reason) {
    text += fmt::format("{} {}: {}\n", style.paint(Tone::warning, heading),
                        counted(list.size(), "check"), wrapped(one_line(reason), style.width, 4));
    std::size_t shown = 0;
    for (const Omission* o : list) {
      if (!style.verbose && ++shown > 3) break;
      text += fmt::format("  {} on {}\n", o->id, device_text(o->device));
    }
    if (!style.verbose && list.size() > 3)
      text += fmt::format("  and {} more (--verbose lists them)\n", list.size() - 3);
  }
  return text;
}

}  // namespace

std::string troubles_text(const Report& report, const Style& style) {
  std::string text;
  int count = 0;
  for (const CaseResult& r : report.cases) {
    if (!is_wrong(r) || (++count > cases_shown && !style.verbose)) continue;
    text += trouble_text(r, style);
  }
  if (count > cases_shown && !style.verbose)
    text += fmt::format("and {} more (--verbose shows all)\n", count - cases_shown);
  text += omissions_text(report.verdict.not_run, "not run:", style);
  if (style.verbose)
    text += omissions_text(report.verdict.not_applicable, "does not exist here:", style);
  return text;
}

}  // namespace gpucheck
