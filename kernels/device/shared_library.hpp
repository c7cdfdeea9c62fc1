#pragma once

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/result.hpp"

namespace gpucheck {

/// One try to open a library; `error` holds the loader's own words and is empty for the one that
/// succeeded.
struct Attempt {
  std::string path;
  std::string error;
};

/// A library opened at run time with every attempt that led there. It is never closed: vendor
/// libraries leave threads and exit handlers behind, so a copy of this is as good as the original.
class SharedLibrary {
 public:
  SharedLibrary() = default;
  /// Opens the first of `names` (SONAMEs or paths, in this order) that can be opened.
  explicit SharedLibrary(const std::vector<std::string>& names);

  /// Whether this process has a library of that SONAME already.
  static bool is_mapped(const std::string& soname);

  explicit operator bool() const { return handle_ != nullptr; }
  const std::vector<Attempt>& attempts() const { return attempts_; }
  /// File the loader really chose; empty when nothing was opened.
  std::string path() const;
  /// Address of an exported function, or null.
  void* find(const char* name) const;
  /// Every attempt with its error in one line, for reasons and evidence.
  std::string why_not() const;

 private:
  void* handle_ = nullptr;
  std::vector<Attempt> attempts_;
};

/// optional: absent in some versions that are supported; the member is then null.
enum class Need { required, optional };

/// A row of a library's table: the names a function goes by, newest first, and the member that
/// holds its address.
template <class Function>
struct Symbol {
  Symbol(const char* newest, Function* function, Need wanted = Need::required)
      : names{newest, nullptr}, member(function), need(wanted) {}
  Symbol(std::array<const char*, 2> newest_first, Function* function, Need wanted = Need::required)
      : names(newest_first), member(function), need(wanted) {}

  std::array<const char*, 2> names;
  Function* member;
  Need need;
};

/// Fills one member; false if the function is required and missing.
template <class Function>
bool resolve(const SharedLibrary& library, const Symbol<Function>& row) {
  void* address = nullptr;
  for (const char* name : row.names)
    if (name != nullptr && address == nullptr) address = library.find(name);
  // The way POSIX means a function to be read out of dlsym; a cast between the two kinds is only
  // conditionally supported.
  static_assert(sizeof(Function) == sizeof address);
  std::memcpy(row.member, &address, sizeof address);
  return address != nullptr || row.need == Need::optional;
}

/// Fills all members and names the required functions that are missing.
template <class... Functions>
std::vector<std::string> resolve_all(const SharedLibrary& library,
                                     const Symbol<Functions>&... rows) {
  std::vector<std::string> missing;
  const auto one = [&](const auto& row) {
    if (!resolve(library, row)) missing.emplace_back(row.names[0]);
  };
  (one(rows), ...);
  return missing;
}

/// Opens the first of `names` as the library that `Api` describes: Api has `library` and
/// `std::vector<std::string> resolve()`, which names the missing functions.
template <class Api>
Result<Api> open_api(const std::vector<std::string>& names) {
  Api api;
  api.library = SharedLibrary(names);
  if (!api.library) return Error{api.library.why_not(), "dlopen"};
  if (const std::vector<std::string> missing = api.resolve(); !missing.empty()) {
    std::string what = api.library.path() + " does not export";
    for (const std::string& name : missing) what += ' ' + name;
    return Error{what, "dlsym"};
  }
  return api;
}

}  // namespace gpucheck
