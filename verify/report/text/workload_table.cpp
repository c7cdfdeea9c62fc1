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
  std::string key, work, by;  ///< Two shapes may read the same; their keys differ.
  std::optional<int> device;
  std::vector<const CaseResult*> cases;
  const Measurement* measurement = nullptr;
};

using TextOf = std::function<std::string(const CaseResult&)>;

const Measurement* measurement_of(const Report& report, const CaseResult& r) {
  const auto found = std::ranges::find_if(report.measurements, [&](const Measurement& m) {
    return m.id == r.id && m.device == r.device;
  });
  return found == report.measurements.end() ? nullptr : &*found;
}

std::vector<Row> rows_of(const Report& report, const TextOf& key_of, const TextOf& work_of) {
  std::vector<Row> rows;
  for (const CaseResult& r : report.cases) {
    const std::string key = key_of(r), by = implementation_label(r);
    const auto same = [&](const Row& row) {
      return row.key == key && row.by == by && row.device == r.device;
    };
    auto row = std::ranges::find_if(rows, same);
    if (row == rows.end()) {
      // Beside the other implementations of the same work, if there are any.
      const auto last = std::ranges::find(rows.rbegin(), rows.rend(), key, &Row::key);
      row = rows.insert(last == rows.rend() ? rows.end() : last.base(),
                        Row{key, work_of(r), by, r.device, {}, nullptr});
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
    if (std::ranges::count(row.cases, outcome, &CaseResult::outcome) > 0)
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

// Work per second; 0: not known.
double rate(const Measurement* m) {
  if (m == nullptr || !(m->median_seconds > 0)) return 0;
  return (m->work.flops > 0 ? m->work.flops : m->work.bytes) / m->median_seconds;
}

std::string rate_cell(const Measurement* m) {
  if (rate(m) == 0) return "";
  return rate_text(rate(m), m->work.flops > 0 ? "FLOP/s" : "B/s");
}

// How much faster than the fastest the CPU is at this op and dtype. Rates and not seconds, since a
// CPU is given less of the same work than a GPU.
std::string ratio_text(const Row& row, const std::vector<Row>& rows) {
  if (rate(row.measurement) == 0 || !row.device) return "";
  const CaseResult& mine = *row.cases.front();
  double best = 0;
  for (const Row& other : rows) {
    const CaseResult& r = *other.cases.front();
    if (!other.device && r.op == mine.op && r.dtype == mine.dtype)
      best = std::max(best, rate(other.measurement));
  }
  if (best == 0) return "";
  const double ratio = rate(row.measurement) / best;
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
  const auto key = [](const CaseResult& r) {
    return fmt::format("{} {} {}", r.op, shape_of(r.id), name(r.dtype));
  };
  const auto rows = rows_of(report, key, work_label);
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
    table.add({"  " + (row.key == previous ? "" : row.work), by_text(row, several),
               result_text(row, style), numbers_text(row), worst_text(row), time_text(row),
               rate_cell(row.measurement), ratio_text(row, rows)});
    const std::string note = note_of(row);
    const std::string by = row.by == "-" ? "" : ", " + by_text(row, several);
    if (!note.empty()) notes += fmt::format("  {}{}: {}\n", row.work, by, note);
    previous = row.key;
  }
  notes += by_reference_text(rows);
  return table.empty() ? "" : table.text(style) + style.paint(Tone::faint, notes);
}

std::string op_table(const Report& report, const Style& style) {
  const auto op = [](const CaseResult& r) { return r.op; };
  const auto rows = rows_of(report, op, op);
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
    table.add({"  " + (row.key == previous ? "" : row.work), by_text(row, several),
               result_text(row, style), grouped(passed) + " / " + grouped(row.cases.size()),
               numbers_text(row), worst_text(row), time_text(row)});
    previous = row.key;
  }
  return table.empty() ? "" : table.text(style);
}

}  // namespace gpucheck
