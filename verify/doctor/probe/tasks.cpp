#include "verify/doctor/probe/tasks.hpp"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>

#include <cstdlib>

#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/stages.hpp"
#include "verify/worker/task.hpp"

namespace gpucheck {
namespace {

// "580.65.06" of /usr/lib/x86_64-linux-gnu/libcuda.so.580.65.06, the file behind the link; "" where
// it names none.
std::string version_in_name(const std::string& path) {
  char real[4096];
  const std::string file = realpath(path.c_str(), real) != nullptr ? real : path;
  const std::size_t so = file.rfind(".so.");
  const std::string version = so == std::string::npos ? "" : file.substr(so + 4);
  return version.find('.') == std::string::npos ? "" : version;
}

}  // namespace

int probe_nodes_task(Arguments) {
  const char* directory = std::getenv("GPUCHECK_ROOT");
  Snapshot piece;
  piece.device_nodes = probe_device_nodes(Root(directory != nullptr ? directory : ""));
  report(piece);
  return 0;
}

int probe_library_task(Arguments arguments) {
  if (arguments.size() != 1) return 64;
  LibraryProbe probe{.name = arguments[0],
                     .opened = {},
                     .error = {},
                     .signal = {},
                     .version = {},
                     .package = {},
                     .missing_symbols = {},
                     .candidates = {}};
  // RTLD_NOW, since a library that lacks a symbol of another version opens lazily and fails later.
  void* handle = dlopen(probe.name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    probe.error = dlerror();
  } else if (link_map* map = nullptr; dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0) {
    probe.opened = map->l_name;
    probe.version = version_in_name(probe.opened);
  }
  Snapshot piece;
  piece.libraries.push_back(std::move(probe));
  report(piece);
  // Exit handlers of a half-broken vendor library are no concern of this child.
  _Exit(0);
}

std::span<const Task> probe_tasks() {
  static constexpr Task rows[] = {
      {"probe-nodes", probe_nodes_task},       {"probe-library", probe_library_task},
      {"probe-nvml", probe_nvml_task},         {"probe-driver", probe_driver_task},
      {"probe-runtime", probe_runtime_task},   {"probe-cublas", probe_cublas_task},
      {"probe-cublaslt", probe_cublaslt_task}, {"probe-cudnn", probe_cudnn_task},
      {"probe-nccl", probe_nccl_task},         {"probe-nvrtc", probe_nvrtc_task}};
  return rows;
}

}  // namespace gpucheck
