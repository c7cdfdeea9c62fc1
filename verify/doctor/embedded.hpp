#pragma once

#include <span>
#include <string_view>

namespace gpucheck {

/// A file that was compiled into the program.
struct EmbeddedFile {
  std::string_view name;  ///< "driver_requirements.csv", "machines/D1.json".
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files();

/// Text of one of them; empty where there is none of that name.
std::string_view embedded(std::string_view name);

}  // namespace gpucheck
