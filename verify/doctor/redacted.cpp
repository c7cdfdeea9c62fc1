#include <unistd.h>

#include <cstdlib>
#include <regex>

#include "verify/doctor/snapshot_fields.hpp"
#include "verify/doctor/snapshot_json.hpp"

namespace gpucheck {
namespace {

void replace_all(std::string& text, const std::string& old, const std::string& replacement) {
  if (old.empty()) return;
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos;
       at += replacement.size()) {
    text.replace(at, old.size(), replacement);
  }
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

/// Visits every string of a snapshot.
class Redactor {
 public:
  template <class T>
  void operator()(const char* key, std::optional<T>& value) {
    if (value) (*this)(key, *value);
  }
  template <class T>
  void operator()(const char* key, std::vector<T>& list) {
    for (T& value : list) (*this)(key, value);
  }
  void operator()(const char* key, std::map<std::string, std::string>& map) {
    for (auto& [name, value] : map) (*this)(key, value);
  }
  void operator()(const char*, std::string& text) { redact(text); }
  template <class T>
  void operator()(const char*, T& value) {
    if constexpr (std::is_class_v<T>) fields(*this, value);
  }

 private:
  void redact(std::string& text) {
    if (text.size() < 6) return;
    replace_home(text);
    replace_uuids(text);
    static const std::regex serial(R"((serial(?:[ _]?number)?\s*[:=]\s*)\S+)", std::regex::icase);
    if (text.size() < longest_line) text = std::regex_replace(text, serial, "$1redacted");
    // A name such as "ubuntu" or "gpu" is part of too many other words to be replaced.
    if (host_.size() >= 8) replace_all(text, host_, "host");
  }

  void replace_home(std::string& text) {
    if (home_.size() > 1 && home_ != "/root") replace_all(text, home_, "/home/user");
    for (std::size_t at = 0; (at = text.find("/home/", at)) != std::string::npos;) {
      at += 6;
      const std::size_t end = std::min(text.find_first_of("/: \"'", at), text.size());
      text.replace(at, end - at, "user");
    }
  }

  // The first UUID seen becomes ...0001 and so on, so that equal ones stay equal.
  void replace_uuids(std::string& text) {
    static const std::regex uuid(
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    if (text.size() >= longest_line) return text.clear();
    std::string result;
    std::size_t from = 0;
    for (std::sregex_iterator match(text.begin(), text.end(), uuid), end; match != end; ++match) {
      const auto number =
          std::to_string(uuids_.emplace(match->str(), uuids_.size() + 1).first->second);
      result.append(text, from, static_cast<std::size_t>(match->position()) - from);
      result += "00000000-0000-0000-0000-" +
                std::string(12 - std::min<std::size_t>(12, number.size()), '0') + number;
      from = static_cast<std::size_t>(match->position() + match->length());
    }
    if (from > 0) text = result + text.substr(from);
  }

  static constexpr std::size_t longest_line =
      1 << 14;  // std::regex recurses with the length of its input.
  std::string home_ = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  std::string host_ = host_name();
  std::map<std::string, std::size_t> uuids_;
};

}  // namespace

Snapshot redacted(Snapshot snapshot) {
  Redactor redactor;
  fields(redactor, snapshot);
  return snapshot;
}

}  // namespace gpucheck
