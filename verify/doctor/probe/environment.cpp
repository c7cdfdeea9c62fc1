#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "verify/doctor/probe/stages.hpp"

extern char** environ;

namespace gpucheck {
namespace {

// Variables that change what CUDA does; no other is ever read into a snapshot, so no secret leaks.
constexpr std::array exact = {"LD_LIBRARY_PATH",        "LD_PRELOAD",
                              "NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES",
                              "NVIDIA_REQUIRE_CUDA",    "NVIDIA_DISABLE_REQUIRE",
                              "NVIDIA_TF32_OVERRIDE",   "VIRTUAL_ENV",
                              "CONDA_PREFIX",           "WSL_DISTRO_NAME"};
constexpr std::array prefixes = {"CUDA_", "CUDNN_", "CUBLAS_", "NCCL_", "GPUCHECK_"};

bool allowed(std::string_view name) {
  for (const std::string_view each : exact) {
    if (name == each) return true;
  }
  for (const std::string_view each : prefixes) {
    if (name.starts_with(each)) return true;
  }
  return false;
}

// Whether a directory, or the nearest one above it that exists, can be written to.
std::optional<bool> writable(std::string path) {
  while (access(path.c_str(), F_OK) != 0) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || slash == 0) return false;
    path.resize(slash);
  }
  return access(path.c_str(), W_OK) == 0;
}

}  // namespace

std::map<std::string, std::string> probe_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !allowed(pair.substr(0, equals))) continue;
    constexpr std::size_t limit = 32768;
    found[std::string(pair.substr(0, equals))] = pair.substr(equals + 1, limit);
  }
  return found;
}

Limits probe_limits(const Root& root) {
  Limits limits;
  rlimit address_space = {};
  if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY) {
    limits.address_space = address_space.rlim_cur;
  }
  struct statvfs shm = {};
  if (statvfs(root.at("/dev/shm").c_str(), &shm) == 0)
    limits.shm_free_bytes = shm.f_bavail * shm.f_frsize;
  const char* chosen = std::getenv("CUDA_CACHE_PATH");
  const char* home = std::getenv("HOME");
  if (chosen != nullptr && *chosen != '\0') {
    limits.cache_dir.path = chosen;
  } else if (home != nullptr && *home != '\0') {
    limits.cache_dir.path = std::string(home) + "/.nv/ComputeCache";
  }
  limits.cache_dir.writable =
      !limits.cache_dir.path.empty() && writable(limits.cache_dir.path).value_or(false);
  return limits;
}

}  // namespace gpucheck
