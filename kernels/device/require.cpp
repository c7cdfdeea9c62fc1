#include "kernels/device/require.hpp"

#include <fmt/format.h>

namespace gpucheck {

void throw_library_error(int code, std::string_view name, std::string_view text,
                         std::source_location at) {
  const std::string separator = text.empty() ? "" : ": ";
  throw LibraryError(code, fmt::format("{}:{}: {} ({}){}{}", at.file_name(), at.line(), name, code,
                                       separator, text));
}

}  // namespace gpucheck
