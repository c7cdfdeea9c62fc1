#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "kernels/device/library_search.hpp"
#include "verify/doctor/probe/stages.hpp"
#include "verify/worker/spawn.hpp"

namespace gpucheck {
std::vector<std::string> probe_mounts(const Root& root) {
  const std::string table = root.text("/proc/self/mountinfo");
  std::vector<std::string> points;
  for (std::string_view line : lines(table)) {  // id parent major:minor root POINT options ...
    for (int field = 0; field < 4 && !line.empty(); ++field)
      line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
    const std::string_view point = line.substr(0, line.find(' '));
    for (const std::string_view word : {"nvidia", "libcuda", "/wsl", "cuda"}) {
      if (point.find(word) == std::string_view::npos) continue;
      points.emplace_back(point);
      break;
    }
  }
  return points;
}

std::vector<CdiSpec> probe_cdi(const Root& root) {
  std::vector<CdiSpec> specs;
  for (const char* directory : {"/etc/cdi", "/var/run/cdi", "/run/cdi"}) {
    for (const std::string& name : root.list(directory).value_or(std::vector<std::string>())) {
      if (name.find("nvidia") == std::string::npos) continue;
      CdiSpec spec{.file = std::string(directory) + "/" + name, .missing_paths = {}};
      const std::string text = root.text(spec.file);
      for (const std::string_view line : lines(text)) {
        const std::size_t key = line.find("hostPath:");
        if (key == std::string_view::npos) continue;
        std::string_view path = line.substr(key + 9);
        path.remove_prefix(std::min(path.find_first_not_of(" \""), path.size()));
        path = path.substr(0, path.find_first_of("\" \r"));
        if (path.starts_with('/') && !root.exists(path)) spec.missing_paths.emplace_back(path);
      }
      specs.push_back(std::move(spec));
    }
  }
  return specs;
}

Fabric probe_fabric(const Root& root, const std::optional<std::vector<PciDevice>>& pci) {
  Fabric fabric;
  if (!pci) return fabric;
  const auto is_switch = [](const PciDevice& d) {
    return d.vendor == "10de" && d.pci_class == "0680";
  };
  fabric.nvswitch = std::ranges::any_of(*pci, is_switch) || root.exists("/dev/nvidia-nvswitchctl");
  return fabric;
}

Mps probe_mps(const Root& root) {
  Mps mps{.pipe_directory = variable("CUDA_MPS_PIPE_DIRECTORY"), .control_alive = {}};
  const std::string directory = mps.pipe_directory.empty() ? "/tmp/nvidia-mps" : mps.pipe_directory;
  if (!root.exists(directory + "/control")) {
    if (!mps.pipe_directory.empty()) mps.control_alive = false;
    return mps;
  }
  mps.pipe_directory = directory;
  // A FIFO opens for writing only while somebody reads it.
  const Descriptor control(
      ::open(root.at(directory + "/control").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  if (control.open() || errno == ENXIO) mps.control_alive = control.open();
  return mps;
}

std::vector<Toolkit> probe_toolkits(const Root& root) {
  std::vector<std::string> paths;
  if (root.is_machine()) paths = {variable("CUDA_HOME"), variable("CUDA_PATH")};
  paths.emplace_back("/usr/local/cuda");
  for (const std::string& name : root.list("/usr/local").value_or(std::vector<std::string>())) {
    if (name.starts_with("cuda-")) paths.push_back("/usr/local/" + name);
  }
  paths.insert(paths.end(), {"/opt/cuda", "/usr/lib/cuda"});
  std::vector<Toolkit> toolkits;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    if (path.empty() || !root.exists(path)) continue;
    char real[4096];
    if (realpath(root.at(path).c_str(), real) == nullptr || !seen.insert(real).second) continue;
    Toolkit toolkit{.path = path, .version = "", .nvcc = root.exists(path + "/bin/nvcc")};
    // version.json: {"cuda": {"name": ..., "version": "13.0.2"}, ...}; before 11.1 "CUDA
    // Version 10.2.89" in version.txt.
    const std::string json = root.text(path + "/version.json");
    const std::string header = root.text(path + "/include/cuda.h");
    if (const std::size_t at = json.find("\"cuda\""); at != std::string::npos) {
      const std::size_t key = json.find("\"version\"", at);
      const std::size_t from = key == std::string::npos ? key : json.find('"', json.find(':', key));
      if (from != std::string::npos)
        toolkit.version = json.substr(from + 1, json.find('"', from + 1) - from - 1);
    } else if (const std::size_t define = header.find("#define CUDA_VERSION ");
               define != std::string::npos) {
      const int code = std::atoi(header.c_str() + define + 21);
      toolkit.version = std::to_string(code / 1000) + "." + std::to_string(code % 1000 / 10);
    }
    toolkits.push_back(std::move(toolkit));
  }
  return toolkits;
}

KernelLog probe_kernel_log(const Root& root) {
  constexpr std::size_t most_lines = 200;
  KernelLog log;
  const Descriptor file(::open(root.at("/dev/kmsg").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) {
    if (errno != ENOENT) log.readable = false;
    return log;
  }
  log.readable = true;
  std::string text;
  char record[8192];  // A read gives one record "priority,sequence,time,flags;message", or more of
                      // a plain file.
  while (text.size() < (1 << 22)) {
    const ssize_t count = ::read(file.get(), record, sizeof record);
    if (count < 0 && errno == EPIPE)
      continue;  // Overwritten while we read: go on with the oldest that is left.
    if (count <= 0) {
      if (count < 0 && errno == EPERM) log.readable = false;
      break;
    }
    text.append(record, static_cast<std::size_t>(count));
  }
  for (std::string_view line : lines(text)) {
    const bool ours = line.find("NVRM") != std::string_view::npos ||
                      line.find("nvidia") != std::string_view::npos ||
                      line.find("nouveau") != std::string_view::npos;
    if (!ours || line.starts_with(' '))
      continue;  // Records go on with lines of "KEY=value", indented.
    line.remove_prefix(std::min(line.find(';') + 1, line.size()));
    log.lines.emplace_back(line.substr(0, 400));
  }
  if (log.lines.size() > most_lines)
    log.lines.erase(log.lines.begin(), log.lines.end() - most_lines);
  return log;
}

}  // namespace gpucheck
