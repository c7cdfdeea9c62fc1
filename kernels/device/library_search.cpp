#include "kernels/device/library_search.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "kernels/device/build.hpp"

namespace gpucheck {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  if (list.empty()) return parts;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(':', from), list.size());
    parts.push_back(
        to == from ? "." : list.substr(from, to - from));  // To the loader an empty entry is ".".
    from = to + 1;
  }
  return parts;
}

// Entries of a directory whose name starts with `prefix`, the highest version first.
std::vector<std::string> entries(const std::string& directory, const std::string& prefix) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().filename().string().starts_with(prefix))
      found.push_back(entry->path().string());
  std::ranges::sort(
      found, [](const auto& a, const auto& b) { return strverscmp(a.c_str(), b.c_str()) > 0; });
  return found;
}

#if defined(__aarch64__)
constexpr std::array architecture = {"aarch64-linux", "aarch64-linux-gnu"};
#else
constexpr std::array architecture = {"x86_64-linux", "x86_64-linux-gnu"};
#endif

std::vector<std::string> toolkits(const SearchEnvironment& environment) {
  std::vector<std::string> roots = split(environment.cuda_home);
  roots.push_back(environment.root + "/usr/local/cuda");
  for (std::string& root : entries(environment.root + "/usr/local", "cuda-"))
    roots.push_back(std::move(root));
  roots.push_back(environment.root + "/opt/cuda");
  return roots;
}

// Wheels put libraries below site-packages/nvidia/<component>/lib, the toolkit's of CUDA 13 below
// nvidia/cu13/lib.
std::vector<std::string> wheel_directories(const std::string& prefix) {
  std::vector<std::string> found;
  for (const std::string& python : entries(prefix + "/lib", "python3"))
    for (const std::string& component : entries(python + "/site-packages/nvidia", ""))
      found.push_back(component + "/lib");
  return found;
}

std::vector<LibraryPlace> all_places(const SearchEnvironment& environment) {
  std::vector<LibraryPlace> places;
  const auto add = [&](const std::vector<std::string>& paths, const char* source) {
    for (const std::string& path : paths) places.push_back({path, source});
  };
  const std::string& root = environment.root;
  const std::string gnu = architecture[1];
  add(split(environment.libraries), "GPUCHECK_LIBRARIES");
  add(split(environment.ld_library_path), "LD_LIBRARY_PATH");
  add({root + "/lib/" + gnu, root + "/usr/lib/" + gnu, root + "/lib64", root + "/usr/lib64",
       root + "/lib", root + "/usr/lib", root + "/usr/local/lib",
       root + "/usr/lib/" + gnu + "/nvidia/current", root + "/run/opengl-driver/lib",
       root + "/usr/local/nvidia/lib64", root + "/usr/local/nvidia/lib"},
      "default");
  const std::vector<std::string> roots = toolkits(environment);
  for (const std::string& toolkit : roots)
    add({toolkit + "/lib64", toolkit + "/lib", toolkit + "/targets/" + architecture[0] + "/lib"},
        "toolkit");
  add({root + "/usr/lib/wsl/lib"}, "wsl");
  for (const std::string& prefix : split(environment.virtual_env))
    add(wheel_directories(prefix), "wheel");
  for (const std::string& prefix : split(environment.conda_prefix)) {
    add(wheel_directories(prefix), "wheel");
    add({prefix + "/lib", prefix + "/targets/" + architecture[0] + "/lib"}, "conda");
  }
  for (const std::string& toolkit : roots) add({toolkit + "/compat"}, "compat");
  for (const std::string& toolkit : roots)
    add({toolkit + "/lib64/stubs", toolkit + "/lib/stubs"}, "stubs");
  return places;
}

// Keeps the first of places that are the same file or directory, and only those that exist.
std::vector<LibraryPlace> existing(const std::vector<LibraryPlace>& places) {
  std::vector<LibraryPlace> kept;
  std::vector<std::string> seen;
  for (const LibraryPlace& place : places) {
    std::error_code error;
    const std::string real = fs::canonical(place.path, error).string();
    if (error || std::ranges::find(seen, real) != seen.end()) continue;
    seen.push_back(real);
    kept.push_back(place);
  }
  return kept;
}

}  // namespace

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

SearchEnvironment search_environment() {
  SearchEnvironment environment{.libraries = variable("GPUCHECK_LIBRARIES"),
                                .ld_library_path = variable("LD_LIBRARY_PATH"),
                                .virtual_env = variable("VIRTUAL_ENV"),
                                .conda_prefix = variable("CONDA_PREFIX"),
                                .cuda_home = variable("CUDA_HOME"),
                                .root = ""};
  if (const std::string path = variable("CUDA_PATH"); !path.empty())
    environment.cuda_home += (environment.cuda_home.empty() ? "" : ":") + path;
  return environment;
}

std::vector<LibraryPlace> search_directories(const SearchEnvironment& environment) {
  return existing(all_places(environment));
}

std::vector<LibraryPlace> library_files(const std::string& name,
                                        const SearchEnvironment& environment) {
  std::vector<LibraryPlace> files;
  for (const LibraryPlace& directory : search_directories(environment))
    files.push_back({directory.path + "/" + name, directory.source});
  std::ifstream stream(environment.root + "/etc/ld.so.cache", std::ios::binary);
  const std::string cache((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  // Before the defaults, as the loader does, so that a file in both is said to come from the cache.
  const auto defaults = std::ranges::find_if(files, [](const LibraryPlace& place) {
    return place.source != "GPUCHECK_LIBRARIES" && place.source != "LD_LIBRARY_PATH";
  });
  std::vector<LibraryPlace> cached;
  for (const std::string& path : cached_paths(cache, name))
    cached.push_back({environment.root + path, "cache"});
  files.insert(defaults, cached.begin(), cached.end());
  return existing(files);
}

std::vector<std::string> cached_paths(std::string_view cache, std::string_view name) {
  // glibc's sysdeps/generic/dl-cache.h: a header of 48 bytes, then entries of 24 bytes {int32
  // flags; uint32 key, value, osversion; uint64 hwcap}; key and value are offsets of strings from
  // the header's start.
  constexpr std::string_view magic = "glibc-ld.so.cache1.1";
  constexpr std::size_t header_bytes = 48, entry_bytes = 24;
  std::vector<std::string> paths;
  const std::size_t start = cache.find(magic);  // An old-format table may stand before it.
  if (start == std::string_view::npos) return paths;
  cache.remove_prefix(start);
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, cache.data() + at, sizeof value);
    return value;
  };
  const auto text = [&](std::size_t at) -> std::string_view {
    if (at >= cache.size()) return {};
    const std::size_t end = cache.find('\0', at);
    return end == std::string_view::npos ? std::string_view() : cache.substr(at, end - at);
  };
  if (cache.size() < header_bytes) return paths;
  const std::size_t count = number(magic.size());
  for (std::size_t i = 0; i < count && header_bytes + (i + 1) * entry_bytes <= cache.size(); ++i) {
    const std::size_t entry = header_bytes + i * entry_bytes;
    if (text(number(entry + 4)) == name) paths.emplace_back(text(number(entry + 8)));
  }
  return paths;
}

std::vector<std::string> names_to_open(const std::vector<std::string>& sonames,
                                       const SearchEnvironment& environment) {
  std::vector<std::string> names;
  for (const std::string& soname : sonames) {
    const std::vector<LibraryPlace> files = library_files(soname, environment);
    for (const LibraryPlace& file : files)
      if (file.source == "GPUCHECK_LIBRARIES") names.push_back(file.path);
    names.push_back(soname);
    for (const LibraryPlace& file : files)
      if (file.source == "default" || file.source == "toolkit" || file.source == "wsl" ||
          file.source == "wheel" || file.source == "conda")
        names.push_back(file.path);
  }
  return names;
}

std::vector<std::string> toolkit_sonames(std::string_view stem) {
  std::vector<int> majors = {13, 12, 11};
  std::ranges::stable_partition(
      majors, [own = built_with().cuda / 1000](int major) { return major == own; });
  std::vector<std::string> sonames;
  for (const int major : majors) sonames.push_back(std::string(stem) + std::to_string(major));
  return sonames;
}

}  // namespace gpucheck
