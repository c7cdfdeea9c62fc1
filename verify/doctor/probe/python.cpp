#include <algorithm>
#include <cstdlib>
#include <set>

#include "verify/doctor/probe/stages.hpp"

namespace gpucheck {
namespace {

bool of_interest(std::string_view package) {
  if (package.starts_with("nvidia")) return true;
  for (const std::string_view name :
       {"torch", "paddlepaddle", "paddlepaddle_gpu", "tensorflow", "jax", "jaxlib", "cupy",
        "onnxruntime_gpu", "triton", "numba"}) {
    if (package == name) return true;
  }
  return package.starts_with("cupy_cuda") || package.starts_with("jax_cuda");
}

// "nvidia_cudnn_cu13-9.19.0.56.dist-info" holds name and version; nothing has to be opened.
void read_packages(const Root& root, const std::string& site, PythonPrefix& prefix) {
  for (const std::string& entry : root.list(site).value_or(std::vector<std::string>())) {
    if (!entry.ends_with(".dist-info")) continue;
    const std::string stem = entry.substr(0, entry.size() - 10);
    const std::size_t dash = stem.rfind('-');
    if (dash == std::string::npos || !of_interest(stem.substr(0, dash))) continue;
    std::string name = stem.substr(0, dash);
    std::ranges::replace(name, '_', '-');
    prefix.packages[name] = stem.substr(dash + 1);
  }
}

}  // namespace

std::vector<PythonPrefix> probe_python(const Root& root, const std::vector<std::string>& prefixes) {
  std::vector<std::string> all = prefixes;
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      all.emplace_back(value);
  }
  std::vector<PythonPrefix> found;
  std::set<std::string> seen;
  for (const std::string& path : all) {
    if (!seen.insert(path).second) continue;
    PythonPrefix prefix{.prefix = path, .packages = {}};
    for (const std::string& version :
         root.list(path + "/lib").value_or(std::vector<std::string>())) {
      if (version.starts_with("python3"))
        read_packages(root, path + "/lib/" + version + "/site-packages", prefix);
    }
    found.push_back(std::move(prefix));
  }
  return found;
}

}  // namespace gpucheck
