#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpucheck {

/// The tree that is looked at: the machine's own "/", or the directory GPUCHECK_ROOT names. Nothing
/// here blocks and nothing throws; what cannot be read is absent.
class Root {
 public:
  explicit Root(std::string directory);

  /// Where an absolute path of the machine really lies.
  std::string at(std::string_view path) const { return directory_ + std::string(path); }
  bool is_machine() const { return directory_.empty(); }
  const std::string& directory() const { return directory_; }

  /// First megabyte of a file.
  std::optional<std::string> read(std::string_view path) const;
  /// Same without the white space at the end; "" where it cannot be read.
  std::string text(std::string_view path) const;
  /// Names in a directory, sorted; empty optional where it cannot be listed.
  std::optional<std::vector<std::string>> list(std::string_view path) const;
  bool exists(std::string_view path) const;

 private:
  std::string directory_;
};

/// Lines of a text, without their ends.
std::vector<std::string_view> lines(std::string_view text);

}  // namespace gpucheck
