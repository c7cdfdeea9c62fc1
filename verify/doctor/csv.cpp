#include "verify/doctor/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>

#include "verify/doctor/embedded.hpp"

namespace gpucheck {
namespace {

/// Reads one record after the other.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  int line() const { return line_; }

  Result<std::vector<std::string>> record() {
    std::vector<std::string> cells;
    for (;;) {
      auto cell = text_.starts_with('"') ? quoted() : plain();
      if (!cell) return cell.error();
      cells.push_back(std::move(*cell));
      if (text_.starts_with(',')) {
        text_.remove_prefix(1);
        continue;
      }
      if (text_.starts_with('\r')) text_.remove_prefix(1);
      if (text_.starts_with('\n')) {
        text_.remove_prefix(1);
        ++line_;
      } else if (!text_.empty()) {
        return Error{fmt::format("line {}: text after a closing quote", line_), ""};
      }
      return cells;
    }
  }

 private:
  Result<std::string> plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n"), text_.size());
    std::string cell(text_.substr(0, end));
    text_.remove_prefix(end);
    if (cell.find('"') != std::string::npos) {
      return Error{
          fmt::format("line {}: a quote inside a cell that does not begin with one", line_), ""};
    }
    return cell;
  }

  Result<std::string> quoted() {
    std::string cell;
    text_.remove_prefix(1);
    for (;;) {
      const std::size_t quote = text_.find('"');
      if (quote == std::string_view::npos)
        return Error{fmt::format("line {}: a quote is not closed", line_), ""};
      cell += text_.substr(0, quote);
      text_.remove_prefix(quote + 1);
      if (!text_.starts_with('"')) break;
      cell += '"';
      text_.remove_prefix(1);
    }
    line_ += static_cast<int>(std::ranges::count(cell, '\n'));
    return cell;
  }

  std::string_view text_;
  int line_ = 1;
};

}  // namespace

const std::string& Csv::cell(const std::vector<std::string>& row, std::string_view column) const {
  static const std::string none;
  const auto found = std::ranges::find(columns, column);
  return found == columns.end() ? none : row[static_cast<std::size_t>(found - columns.begin())];
}

Result<Csv> parse_csv(std::string_view text) {
  Parser parser(text);
  Csv csv;
  while (!parser.done()) {
    const int line = parser.line();
    auto record = parser.record();
    if (!record) return record.error();
    if (csv.columns.empty()) {
      csv.columns = std::move(*record);
      continue;
    }
    if (record->size() != csv.columns.size()) {
      return Error{fmt::format("line {}: {} cells under {} columns", line, record->size(),
                               csv.columns.size()),
                   ""};
    }
    csv.rows.push_back(std::move(*record));
  }
  if (csv.columns.empty()) return Error{"it is empty", ""};
  return csv;
}

const Csv& table(std::string_view name) {
  static std::mutex one_at_a_time;
  static std::map<std::string, Csv, std::less<>> tables;
  const std::lock_guard lock(one_at_a_time);
  if (const auto found = tables.find(name); found != tables.end()) return found->second;
  auto parsed = parse_csv(embedded(std::string(name) + ".csv"));
  assert(parsed);
  return tables.emplace(name, parsed ? std::move(*parsed) : Csv()).first->second;
}

}  // namespace gpucheck
