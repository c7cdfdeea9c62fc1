#include "verify/report/text/workload_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "verify/report/text/labels.hpp"
#include "verify/report/text/numbers.hpp"
#include "verify/report/text/table.hpp"

namespace gpucheck {
namespace {

/// Cases that share a line.
struct Row {
  std::string work, by;
  std::optional<int> device;
  std::vector<const CaseResult*> cases;
  const Measurement* measurement = nullptr;
};

const Measurement* measurement_of(const Report& report, const CaseResult& r) {
  const auto found = std::ranges::find_if(report.measurements, [&](const Measurement& m) {
    return m.id == r.id && m.device == r.device;
  });
  return found == report.measurements.end() ? nullptr : &*found;
}

std::vector<Row> rows_of(const Report& report,
                         const std::function<std::string(const CaseResult&)>& work_of) {
  std::vector<Row> rows;
  for (const CaseResult& r : report.cases) {
    const std::string work = work_of(r), by = implementation_label(r);
    const auto same = [&](const Row& row) {
      return row.work == work && row.by == by && row.device == r.device;
    };
    auto row = std::ranges::find_if(rows, same);
    if (row == rows.end()) {
      // Beside the other implementations of the same work, if there are any.
      const auto last = std::ranges::find(rows.rbegin(), rows.rend(), work, &Row::work);
      row = rows.insert(last == rows.rend() ? rows.end() : last.base(),
                        Row{work, by, r.device, {}, nullptr});
    }
    row->cases.push_back(&r);
    if (row->measurement == nullptr) row->measurement = measurement_of(report, r);
  }
  return rows;
}

// The worst that happened to any of the cases.
std::string result_text(const Row& row, const Style& style) {
  constexpr std::tuple<Outcome, std::string_view, Tone> ranks[] = {
      {Outcome::failed, "WRONG", Tone::bad},        {Outcome::error, "ERROR", Tone::bad},
      {Outcome::untrusted, "untrusted", Tone::bad}, {Outcome::not_run, "not run", Tone::warning},
      {Outcome::passed, "pass", Tone::good},        {Outcome::not_applicable, "-", Tone::faint}};
  for (const auto& [outcome, text, tone] : ranks) {
    if (std::ranges::any_of(row.cases, [&](const CaseResult* r) { return r->outcome == outcome; }))
      return style.paint(tone, text);
  }
  return "";
}

std::string numbers_text(const Row& row) {
  std::uint64_t wrong = 0, checked = 0;
  for (const CaseResult* r : row.cases) wrong += r->numbers.wrong, checked += r->numbers.checked;
  return checked == 0 ? "-" : grouped(wrong) + " / " + grouped(checked);
}

std::string worst_text(const Row& row) {
  double worst = 0;
  bool any = false;
  for (const CaseResult* r : row.cases) {
    any = any || r->numbers.checked > 0;
    if (!(r->numbers.worst <= worst)) worst = r->numbers.worst;  // NaN is worse than any number.
  }
  return any ? error_text(worst) : "-";
}

std::string time_text(const Row& row) {
  if (row.measurement != nullptr) return duration_text(row.measurement->median_seconds);
  double seconds = 0;
  for (const CaseResult* r : row.cases) seconds += r->seconds;
  return duration_text(seconds);
}

std::string rate_cell(const Measurement* m) {
  if (m == nullptr || !(m->median_seconds > 0)) return "";
  return m->work.flops > 0 ? rate_text(m->work.flops / m->median_seconds, "FLOP/s")
                           : rate_text(m->work.bytes / m->median_seconds, "B/s");
}

// How much faster than the fastest way to do the same on the CPU.
std::string ratio_text(const Row& row, const std::vector<Row>& rows) {
  if (row.measurement == nullptr || !row.device) return "";
  double best = 0;
  for (const Row& other : rows) {
    if (other.work != row.work || other.device || other.measurement == nullptr) continue;
    const double seconds = other.measurement->median_seconds;
    if (best == 0 || seconds < best) best = seconds;
  }
  if (best == 0) return "";
  const double ratio = best / row.measurement->median_seconds;
  return fmt::format("{:.{}f}x", ratio, ratio < 0.095 ? 3 : ratio < 9.95 ? 1 : 0);
}

// What the last case has to tell, such as the loss of a training run.
std::string note_of(const Row& row) {
  std::string note;
  for (const CaseResult* r : row.cases) {
    if (!r->note.empty()) note = one_line(r->note);
  }
  return note;
}

// Which ops of which rows nobody but the reference computed; the same for every CPU.
std::string by_reference_text(const std::vector<Row>& rows) {
  std::map<std::string, std::set<std::string>> ops_by;
  for (const Row& row : rows)
    for (const CaseResult* r : row.cases)
      ops_by[row.by].insert(r->by_reference.begin(), r->by_reference.end());
  std::string text;
  for (const auto& [by, ops] : ops_by)
    if (!ops.empty())
      text +=
          fmt::format("  {} has no {}: done in float64, not counted\n", by, fmt::join(ops, ", "));
  return text;
}

bool several_gpus(const Report& report) {
  std::set<std::optional<int>> devices;
  for (const CaseResult& r : report.cases) devices.insert(r.device);
  devices.erase(std::nullopt);
  return devices.size() > 1;
}

std::string by_text(const Row& row, bool several) {
  return several && row.device ? fmt::format("GPU {} {}", *row.device, row.by) : row.by;
}

}  // namespace

std::string workload_table(const Report& report, const Style& style) {
  const auto rows = rows_of(report, work_label);
  const bool several = several_gpus(report);
  Table table({{"Workload"},
               {"by"},
               {"result"},
               {"wrong / checked", Align::right},
               {"error/bound", Align::right, 4},
               {"time", Align::right, 2},
               {"rate", Align::right},
               {"vs CPU", Align::right, 3}});
  std::string previous, notes;
  for (const Row& row : rows) {
    table.add({"  " + (row.work == previous ? "" : row.work), by_text(row, several),
               result_text(row, style), numbers_text(row), worst_text(row), time_text(row),
               rate_cell(row.measurement), ratio_text(row, rows)});
    const std::string note = note_of(row);
    const std::string by = row.by == "-" ? "" : ", " + by_text(row, several);
    if (!note.empty()) notes += fmt::format("  {}{}: {}\n", row.work, by, note);
    previous = row.work;
  }
  notes += by_reference_text(rows);
  return table.empty() ? "" : table.text(style) + style.paint(Tone::faint, notes);
}

std::string op_table(const Report& report, const Style& style) {
  const auto rows = rows_of(report, [](const CaseResult& r) { return r.op; });
  const bool several = several_gpus(report);
  Table table({{"Operation"},
               {"by"},
               {"result"},
               {"passed / asked", Align::right},
               {"wrong / checked", Align::right},
               {"error/bound", Align::right, 4},
               {"time", Align::right, 3}});
  std::string previous;
  for (const Row& row : rows) {
    const auto passed = std::ranges::count(row.cases, Outcome::passed, &CaseResult::outcome);
    table.add({"  " + (row.work == previous ? "" : row.work), by_text(row, several),
               result_text(row, style), grouped(passed) + " / " + grouped(row.cases.size()),
               numbers_text(row), worst_text(row), time_text(row)});
    previous = row.work;
  }
  return table.empty() ? "" : table.text(style);
}

}  // namespace gpucheck
