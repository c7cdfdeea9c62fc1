#include "verify/doctor/probe/root.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "verify/worker/spawn.hpp"

namespace gpucheck {

namespace fs = std::filesystem;

Root::Root(std::string directory) : directory_(std::move(directory)) {
  while (!directory_.empty() && directory_.back() == '/') directory_.pop_back();
}

std::optional<std::string> Root::read(std::string_view path) const {
  constexpr std::size_t limit = 1 << 20;
  const Descriptor file(::open(at(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return std::nullopt;
  std::string text(limit, '\0');
  std::size_t filled = 0;
  while (filled < limit) {
    const ssize_t count = ::read(file.get(), text.data() + filled, limit - filled);
    if (count < 0 && filled == 0) return std::nullopt;
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
  }
  text.resize(filled);
  return text;
}

std::string Root::text(std::string_view path) const {
  std::string text = read(path).value_or("");
  while (!text.empty() &&
         std::string_view(" \t\r\n\0", 5).find(text.back()) != std::string_view::npos)
    text.pop_back();
  return text;
}

std::optional<std::vector<std::string>> Root::list(std::string_view path) const {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator entry(at(path), error);
  if (error) return std::nullopt;
  for (; entry != fs::directory_iterator(); entry.increment(error)) {
    if (error) break;
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

bool Root::exists(std::string_view path) const {
  struct stat about = {};
  return lstat(at(path).c_str(), &about) == 0;
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace gpucheck
