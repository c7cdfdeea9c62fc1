#include "verify/doctor/embedded.hpp"

#include <algorithm>

namespace gpucheck {

std::string_view embedded(std::string_view name) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
  return found == files.end() ? std::string_view() : found->text;
}

}  // namespace gpucheck
