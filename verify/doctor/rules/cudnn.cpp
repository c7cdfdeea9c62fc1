#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <array>

#include "verify/doctor/facts.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

constexpr std::array checks = {"cudnnGraphVersionCheck", "cudnnOpsVersionCheck",
                               "cudnnCnnVersionCheck", "cudnnAdvVersionCheck"};

bool usable(const Candidate& candidate) { return candidate.opens.value_or(false); }

// Opened by name, or there as a file that could be opened by its path (a wheel's).
bool present(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  return probed != nullptr &&
         (!probed->opened.empty() || std::ranges::any_of(probed->candidates, usable));
}

bool known(const Snapshot& s, std::string_view name) { return library(s, name) != nullptr; }

std::string directory_of(const Snapshot& s, std::string_view name) {
  const LibraryProbe* probed = library(s, name);
  if (probed == nullptr) return "";
  std::string path = probed->opened;
  if (path.empty()) {
    const auto found = std::ranges::find_if(probed->candidates, usable);
    if (found != probed->candidates.end()) path = found->path;
  }
  return path.substr(0, std::min(path.rfind('/'), path.size()));
}

bool in_wheel(const std::string& directory) {
  return directory.find("site-packages") != std::string::npos;
}

std::string cuda_suffix(const Snapshot& s) {
  for (const char* major : {"13", "12", "11"}) {
    if (present(s, std::string("libcublas.so.") + major)) return major;
  }
  return driver_cuda(s) >= 13000 || driver_cuda(s) == 0 ? "13" : "12";
}

// https://docs.nvidia.com/deeplearning/cudnn/installation/latest/linux.html
Texts install_cudnn(const Snapshot& s) {
  const std::string cuda = cuda_suffix(s);
  const std::string name = "cudnn9-cuda-" + cuda;
  return {install_package(s, {.apt = name, .dnf = name, .zypper = name, .pacman = "cudnn"}) +
              "   # NVIDIA's repository: "
              "https://docs.nvidia.com/deeplearning/cudnn/installation/latest/linux.html",
          "Or in a Python environment: pip install nvidia-cudnn-cu" + cuda};
}

Texts install_again(const Snapshot& s, const std::string& directory) {
  if (in_wheel(directory))
    return {"pip install --force-reinstall --no-deps nvidia-cudnn-cu" + cuda_suffix(s)};
  return install_cudnn(s);
}

bool zlib_missing(const Snapshot& s) { return missing(s, "libz.so.1") && !present(s, "libz.so.1"); }

}  // namespace

Findings no_cudnn(const Snapshot& s) {
  // Without a GPU that works nobody misses it yet.
  if (!succeeded(s, "cuInit") || cuda_devices(s).empty() || !known(s, "libcudnn.so.9")) return {};
  if (present(s, "libcudnn.so.9") || present(s, "libcudnn.so.8")) return {};
  Texts evidence = {said_of_library(s, "libcudnn.so.9")};
  if (known(s, "libcudnn.so.8")) evidence.push_back(said_of_library(s, "libcudnn.so.8"));
  return error("cuDNN is not installed", std::move(evidence), install_cudnn(s));
}

Findings cudnn_not_on_path(const Snapshot& s) {
  if (cuda_devices(s).empty() || s.simulated || opens(s, "libcudnn.so.9") ||
      opens(s, "libcudnn.so.8"))
    return {};
  const bool nine = present(s, "libcudnn.so.9");
  if (!nine && !present(s, "libcudnn.so.8")) return {};
  const std::string directory = directory_of(s, nine ? "libcudnn.so.9" : "libcudnn.so.8");
  return found(
      Severity::info,
      "cuDNN is installed where the loader does not look; programs find it only by its path",
      {"It is in " + directory},
      {fmt::format("export LD_LIBRARY_PATH={}:$LD_LIBRARY_PATH", directory)});
}

Findings cudnn_incomplete(const Snapshot& s) {
  if (!present(s, "libcudnn.so.9") || zlib_missing(s)) return {};
  Texts absent;
  for (const char* name : cudnn_sublibraries) {
    if (known(s, name) && !present(s, name) && missing(s, name))
      absent.push_back(said_of_library(s, name));
  }
  for (const char* api : checks) {
    const auto result = code(s, api);
    // 3009 SUBLIBRARY_UNAVAILABLE, 1008 SUBLIBRARY_LOADING_FAILED.
    if (result == 3009 || result == 1008) absent.push_back(said(s, api));
  }
  const CallProbe* version = call(s, "cudnnGetVersion");
  const bool aborted = version != nullptr && version->signal == SIGABRT;
  if (absent.empty() && !aborted) return {};
  if (aborted)
    absent.push_back(said(*version) + ": cuDNN ends the program where a sublibrary is missing");
  if (aborted && !version->log.empty())
    absent.push_back("It printed: " + version->log.substr(0, 300));
  const std::string directory = directory_of(s, "libcudnn.so.9");
  absent.push_back("libcudnn.so.9 is in " + directory);
  Texts fix = install_again(s, directory);
  fix.push_back(
      fmt::format("If the file is there: export LD_LIBRARY_PATH={}:$LD_LIBRARY_PATH", directory));
  return error("cuDNN is incomplete: not all of its sublibraries can be opened", std::move(absent),
               std::move(fix));
}

Findings zlib_for_cudnn(const Snapshot& s) {
  if (!zlib_missing(s) || !(present(s, "libcudnn.so.9") || present(s, "libcudnn.so.8"))) return {};
  Texts evidence = {said_of_library(s, "libz.so.1")};
  if (failed(s, "cudnnGetVersion")) evidence.push_back(said(s, "cudnnGetVersion"));
  // cuDNN release notes 8.3: zlib is a dependency; the Linux libraries of 9.19 still have it in
  // DT_NEEDED.
  return error(
      "cuDNN needs zlib, which is not installed", std::move(evidence),
      {install_package(s, {.apt = "zlib1g", .dnf = "zlib", .zypper = "libz1", .pacman = "zlib"})});
}

Findings cudnn_mixed(const Snapshot& s) {
  Texts evidence;
  for (const char* api : checks) {
    if (code(s, api) == 1002) evidence.push_back(said(s, api));
  }
  Texts directories;
  for (const char* name : cudnn_sublibraries) {
    const LibraryProbe* probed = library(s, name);
    if (probed == nullptr || probed->opened.empty()) continue;
    const std::string directory = directory_of(s, name);
    if (std::ranges::find(directories, directory) == directories.end())
      directories.push_back(directory);
  }
  const bool scattered = directories.size() > 1;
  if (evidence.empty() && !scattered) return {};
  if (scattered)
    evidence.push_back(
        fmt::format("Its sublibraries come from {}", fmt::join(directories, " and ")));
  if (const auto path = variable(s, "LD_LIBRARY_PATH"))
    evidence.push_back("LD_LIBRARY_PATH=" + *path);
  const bool certain =
      std::ranges::any_of(checks, [&](const char* api) { return code(s, api) == 1002; });
  Texts fix;
  if (variable(s, "LD_LIBRARY_PATH"))
    fix.emplace_back("Take the directory of the other cuDNN out of LD_LIBRARY_PATH");
  fix.emplace_back(
      "Remove one of the two: dpkg -l | grep cudnn; pip list | grep cudnn; ldconfig -p | grep "
      "cudnn");
  // Without the version check this may be a distribution that splits one version over directories.
  return found(certain ? Severity::error : Severity::warning,
               "Files of two cuDNN versions are mixed", std::move(evidence), std::move(fix));
}

Findings cudnn_drops_gpu(const Snapshot& s) {
  const CallProbe* version = call(s, "cudnnGetVersion");
  if (version == nullptr || version->code != 0 || version->value.value_or(0) < 91100) return {};
  for (const Device& device : cuda_devices(s)) {
    if (device.cc <= 0 || device.cc >= 75 || device.simulated) continue;
    const auto number = *version->value;
    Findings made = error(
        fmt::format("This cuDNN no longer supports the GPU (compute capability {}.{})",
                    device.cc / 10, device.cc % 10),
        {fmt::format("cuDNN {}.{}.{}; Maxwell, Pascal and Volta ended with 9.10", number / 10000,
                     number % 10000 / 100, number % 100)},
        {"pip install 'nvidia-cudnn-cu12<9.11'   # or the package cudnn9-cuda-12 at version 9.10"});
    made.front().device = device.index;
    return made;
  }
  return {};
}

Findings cudnn_does_not_start(const Snapshot& s) {
  if (!failed(s, "cudnnCreate") || cuda_devices(s).empty()) return {};
  Texts evidence = {said(s, "cudnnCreate")};
  const CallProbe* create = call(s, "cudnnCreate");
  if (!create->log.empty()) evidence.push_back("cuDNN says: " + create->log.substr(0, 300));
  for (const Device& device : cuda_devices(s)) {
    if (device.free_bytes)
      evidence.push_back(fmt::format("GPU {}: {} MB free", device.index, *device.free_bytes >> 20));
  }
  if (call(s, "cudnnGetVersion") != nullptr) evidence.push_back(said(s, "cudnnGetVersion"));
  return error(
      "cuDNN cannot be initialised", std::move(evidence),
      {"nvidia-smi   # with less than some 500 MB free, end what uses the GPU",
       fmt::format(
           "Use the cuDNN build for the CUDA of this machine: pip install nvidia-cudnn-cu{}",
           cuda_suffix(s))});
}

}  // namespace gpucheck
