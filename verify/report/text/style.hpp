#pragma once

#include <string>
#include <string_view>

namespace gpucheck {

enum class Tone { good, warning, bad, faint, strong };

/// How text may look where it goes.
struct Style {
  bool color = false;
  bool utf8 = false;
  bool verbose = false;
  int width = 0;  ///< Columns of the terminal; 0: no limit.

  /// The text in the colour of the tone, or as it is.
  std::string paint(Tone tone, std::string_view text) const;
  /// What separates the parts of a line: a middle dot, or a dash where the locale has none.
  std::string_view dot() const { return utf8 ? " · " : " - "; }
};

/// Columns a text takes on a terminal, escape sequences not counted.
int display_width(std::string_view text);

/// Lines of at most `width` columns (0: one line), broken at spaces; every line after the first
/// starts with `indent` spaces.
std::string wrapped(std::string_view text, int width, int indent);

/// Text of somebody else's (a path, a library's words) that cannot move the cursor or add lines.
std::string one_line(std::string_view text);

}  // namespace gpucheck
