#include "verify/report/text/table.hpp"

#include <algorithm>
#include <numeric>

namespace gpucheck {
namespace {

constexpr int gap = 3;

std::string padded(const std::string& cell, int width, Align align) {
  const std::string spaces(std::max(0, width - display_width(cell)), ' ');
  return align == Align::left ? cell + spaces : spaces + cell;
}

}  // namespace

std::string Table::text(const Style& style) const {
  std::vector<int> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], display_width(columns_[i].heading));
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), 0,
                           [](int sum, int w) { return w > 0 ? sum + w + gap : sum; });
  };
  for (int rank = 9; rank > 0 && style.width > 0 && total() > style.width + gap; --rank) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].rank == rank) widths[i] = 0;
    }
  }

  const auto line = [&](auto cell_of) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > 0)
        text += (text.empty() ? "" : std::string(gap, ' ')) +
                padded(cell_of(i), widths[i], columns_[i].align);
    }
    return text.erase(text.find_last_not_of(' ') + 1) + "\n";
  };
  std::string text =
      style.paint(Tone::strong, line([&](std::size_t i) { return columns_[i].heading; }));
  for (const auto& row : rows_) text += line([&](std::size_t i) { return row[i]; });
  return text;
}

}  // namespace gpucheck
