#pragma once

#include <string>
#include <vector>

#include "verify/report/text/style.hpp"

namespace gpucheck {

enum class Align { left, right };

struct Column {
  std::string heading;
  Align align = Align::left;
  int rank =
      0;  ///< Where the terminal is too narrow, columns of the highest rank go first; 0 never goes.
};

/// Rows of cells under headings, columns as wide as their widest cell. A column without any cell is
/// left out.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string text(const Style& style) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gpucheck
