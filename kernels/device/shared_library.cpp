#include "kernels/device/shared_library.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <memory>

namespace gpucheck {
namespace {

// Absolute, with links resolved: the file, not one of its names.
std::string real_path(const char* path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path, nullptr), std::free);
  return resolved ? resolved.get() : path;
}

}  // namespace

SharedLibrary::SharedLibrary(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    // Lazy: a symbol that nobody calls does not keep a library from opening. (It saves no time: the
    // 0.1 s of cuBLASLt are relocations of data.) Local: two majors of one library do not see each
    // other's symbols.
    handle_ = dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL);
    const char* error = handle_ == nullptr ? dlerror() : "";
    attempts_.push_back({name, error != nullptr ? error : "dlopen failed without a reason"});
    if (handle_ != nullptr) return;
  }
}

bool SharedLibrary::is_mapped(const std::string& soname) {
  void* handle = dlopen(soname.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);  // Gives back the reference just taken.
  return handle != nullptr;
}

std::string SharedLibrary::path() const {
  link_map* map = nullptr;
  if (handle_ == nullptr || dlinfo(handle_, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr)
    return "";
  return real_path(map->l_name);
}

void* SharedLibrary::find(const char* name) const {
  return handle_ == nullptr ? nullptr : dlsym(handle_, name);
}

std::string SharedLibrary::why_not() const {
  std::string text;
  for (const Attempt& attempt : attempts_) {
    if (attempt.error.empty()) continue;
    if (!text.empty()) text += "; ";
    // dlerror() names the file in most messages, but not in all.
    if (attempt.error.find(attempt.path) == std::string::npos) text += attempt.path + ": ";
    text += attempt.error;
  }
  return text;
}

}  // namespace gpucheck
