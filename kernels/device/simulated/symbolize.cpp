#include "kernels/device/simulated/symbolize.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace gpucheck::simt {
namespace {

// The lines a command prints.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return lines;
  char line[4096];
  while (std::fgets(line, sizeof line, pipe)) {
    lines.emplace_back(line);
    while (!lines.back().empty() && lines.back().back() <= ' ') lines.back().pop_back();
  }
  pclose(pipe);
  return lines;
}

bool in_a_kernel(const std::string& line) {
  return line.find("/simulated/simt") == line.npos &&
         line.find("/device/simulated/") == line.npos && line.find("/include/") == line.npos &&
         line.find("??") == line.npos && line.find(':') != line.npos;
}

// Of a chain of inlined calls, innermost first, the first place that is in a kernel file.
std::string first_in_a_kernel(const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (in_a_kernel(line)) return line.substr(0, line.find(" (discriminator"));
  return "";
}

}  // namespace

std::string source_of(const void* program_counter) {
  Dl_info module{};
  if (!dladdr(program_counter, &module) || !module.dli_fname) return "an unknown place";
  const auto base = reinterpret_cast<std::uintptr_t>(module.dli_fbase);
  const bool fixed = static_cast<const Elf64_Ehdr*>(module.dli_fbase)->e_type == ET_EXEC;
  const auto address = reinterpret_cast<std::uintptr_t>(program_counter) - (fixed ? 0 : base);
  char where[32];
  std::snprintf(where, sizeof where, "0x%zx", std::size_t(address));
  const std::string file = "'" + std::string(module.dli_fname) + "' ";
  for (const std::string& command : {"addr2line -i -e " + file + where,
                                     "llvm-symbolizer --output-style=GNU -i -e " + file + where})
    if (std::string found = first_in_a_kernel(lines_of(command + " 2>/dev/null")); !found.empty())
      return found;
  return std::string(module.dli_fname) + "+" + where;
}

}  // namespace gpucheck::simt
