#include "verify/report/text/style.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gpucheck {

std::string Style::paint(Tone tone, std::string_view text) const {
  if (!color || text.empty()) return std::string(text);
  constexpr std::string_view codes[] = {"32", "33", "31;1", "2", "1"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(tone)], text);
}

int display_width(std::string_view text) {
  int width = 0;
  bool escape = false;
  for (const char c : text) {
    if (c == '\x1b') escape = true;
    const bool continuation = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!escape && !continuation) ++width;
    if (escape && c == 'm') escape = false;
  }
  return width;
}

std::string wrapped(std::string_view text, int width, int indent) {
  if (width <= indent + 20) return std::string(text);
  std::string lines;
  int used = indent;  // The caller has written that much of the first line.
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const bool first = used == indent;
    if (!first && used + 1 + display_width(word) > width) {
      lines += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!first) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += display_width(word);
    begin = end + 1;
  }
  return lines;
}

std::string one_line(std::string_view text) {
  std::string clean(text.substr(0, 2000));
  std::ranges::replace_if(
      clean, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return clean;
}

}  // namespace gpucheck
