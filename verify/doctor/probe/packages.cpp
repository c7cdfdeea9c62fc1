#include <stdlib.h>

#include <algorithm>
#include <array>
#include <set>

#include "verify/doctor/probe/stages.hpp"

namespace gpucheck {
namespace {

constexpr const char* lists = "/var/lib/dpkg/info";

// A machine has thousands of lists; these words are in the names of all packages with our
// libraries: libcuda1, libnvidia-compute-580, libcublas-13-0, cuda-nvrtc-13-0, libcudnn9-cuda-13.
bool may_hold_vendor_library(std::string_view package) {
  constexpr std::array words = {"cuda", "nvidia", "cudnn",     "cublas",
                                "nccl", "nvrtc",  "nvjitlink", "cusparse"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return package.find(word) != std::string_view::npos; });
}

// Where /lib is a link to /usr/lib, a package may say either.
std::string_view without_usr(std::string_view path) {
  return path.starts_with("/usr/lib") ? path.substr(4) : path;
}

// The names of the file as the machine has them: what was opened or would be, and the file behind
// that link.
std::set<std::string> paths_of(const Root& root, const LibraryProbe& library) {
  std::string path = library.opened;
  for (const Candidate& each : library.candidates) {
    if (path.empty() && each.opens.value_or(false)) path = each.path;
  }
  std::set<std::string> paths;
  if (path.empty() || library.name == "libz.so.1") return paths;
  const auto add = [&](std::string_view whole) {
    if (whole.starts_with(root.directory())) whole.remove_prefix(root.directory().size());
    paths.emplace(without_usr(whole));
  };
  add(path);
  char real[4096];
  for (const std::string& each : {path, root.at(path)}) {
    if (realpath(each.c_str(), real) != nullptr) add(real);
  }
  return paths;
}

}  // namespace

void name_packages(const Root& root, std::vector<LibraryProbe>& libraries) {
  std::vector<std::pair<LibraryProbe*, std::set<std::string>>> wanted;
  for (LibraryProbe& each : libraries) {
    if (auto paths = paths_of(root, each); !paths.empty())
      wanted.emplace_back(&each, std::move(paths));
  }
  if (wanted.empty()) return;
  for (const std::string& file : root.list(lists).value_or(std::vector<std::string>())) {
    const std::string package = file.substr(0, file.find(':'));  // libcuda1:amd64.list
    if (!file.ends_with(".list") || !may_hold_vendor_library(package)) continue;
    const std::string text = root.text(std::string(lists) + "/" + file);
    for (const std::string_view line : lines(text)) {
      for (auto& [library, paths] : wanted) {
        if (paths.contains(std::string(without_usr(line))))
          library->package = package.substr(0, package.find(".list"));
      }
    }
  }
}

}  // namespace gpucheck
