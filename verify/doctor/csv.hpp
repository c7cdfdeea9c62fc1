#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/result.hpp"

namespace gpucheck {

/// A table with a header row, RFC 4180.
struct Csv {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// Cell of a row under a column's name; "" where there is no such column.
  const std::string& cell(const std::vector<std::string>& row, std::string_view column) const;
};

/// The error names the line and what is wrong with it.
Result<Csv> parse_csv(std::string_view text);

/// A table of data/, parsed at the first call. Asserts that it exists and is well formed, which a
/// test has proved.
const Csv& table(std::string_view name);

}  // namespace gpucheck
