#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verify/doctor/facts.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

std::string opened_driver(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  return driver == nullptr ? "" : driver->opened;
}

bool compat_in_use(const Snapshot& s) { return is_compat(opened_driver(s)); }

Texts drop_compat(const Snapshot& s) {
  const std::string path = opened_driver(s);
  const std::string directory = path.substr(0, path.rfind('/'));
  const auto search = variable(s, "LD_LIBRARY_PATH");
  if (search && search->find("/compat") != std::string::npos) {
    return {fmt::format("Take {} out of LD_LIBRARY_PATH (now: {})", directory, *search)};
  }
  return {as_root(s, "grep -rl compat /etc/ld.so.conf.d/") + "   # delete the file it names, then",
          as_root(s, "ldconfig")};
}

// The versions of module and library differ, as far as both are known.
bool versions_differ(const Snapshot& s) {
  const std::string library_version = driver_library_version(s);
  return s.kernel_driver && !s.kernel_driver->version.empty() && !library_version.empty() &&
         compare_versions(s.kernel_driver->version, library_version) != 0;
}

Texts version_evidence(const Snapshot& s) {
  Texts evidence;
  if (s.kernel_driver && !s.kernel_driver->version.empty()) {
    evidence.push_back("Kernel module: " + s.kernel_driver->version);
  }
  if (const std::string version = driver_library_version(s); !version.empty()) {
    evidence.push_back("libcuda: " + version + " (" + opened_driver(s) + ")");
  }
  if (const LibraryProbe* nvml = library(s, "libnvidia-ml.so.1");
      nvml != nullptr && !nvml->version.empty()) {
    evidence.push_back("libnvidia-ml: " + nvml->version);
  }
  for (const char* api : {"nvmlInit", "cuInit"}) {
    if (failed(s, api)) evidence.push_back(said(s, api));
  }
  return evidence;
}

Texts damaged_files(const Snapshot& s, std::string_view words, bool empty) {
  Texts files;
  for (const LibraryProbe& probed : s.libraries) {
    if (probed.name != "libcuda.so.1" && probed.name != "libcuda.so" &&
        probed.name != "libnvidia-ml.so.1")
      continue;
    for (const Candidate& candidate : probed.candidates) {
      if (candidate.error.find(words) != std::string::npos ||
          (empty && candidate.kind == "file" && candidate.size == 0)) {
        files.push_back(candidate.path);
      }
    }
    if (files.empty() && probed.error.find(words) != std::string::npos) {
      files.push_back(probed.error.substr(0, probed.error.find(':')));
    }
  }
  return files;
}

}  // namespace

Findings library_module_mismatch(const Snapshot& s) {
  if (on_wsl(s) || compat_in_use(s) || is_stub(opened_driver(s))) return {};
  const bool said_so =
      code(s, "nvmlInit") == 18 || code(s, "cuInit") == 803 || code(s, "cudaGetDeviceCount") == 803;
  const bool seen = versions_differ(s) && (failed(s, "nvmlInit") || failed(s, "cuInit"));
  if (!said_so && !seen) return {};
  // The module in memory stays the old one until it is reloaded.
  const bool reload = !in_container(s);
  return error(
      "The driver's library and its kernel module are of different versions", version_evidence(s),
      reload ? Texts{as_root(s, "reboot") +
                         "   # after an upgrade the old module stays loaded until then",
                     "If the versions still differ: two drivers are installed; remove the one from "
                     "NVIDIA's "
                     ".run installer (sudo nvidia-uninstall) or the distribution's"}
             : Texts{"Start the container again, so that it gets the host's present libraries",
                     "If they still differ: the image carries libcuda.so.* or libnvidia-ml.so.* of "
                     "its own; "
                     "delete them in its Dockerfile"});
}

Findings compat_does_not_fit(const Snapshot& s) {
  if (!compat_in_use(s) || (code(s, "cuInit") != 803 && code(s, "cudaGetDeviceCount") != 803))
    return {};
  // https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
  Texts fix = drop_compat(s);
  fix.emplace_back("Or use the cuda-compat package that is newer than the kernel driver");
  return error(
      "A forward-compatibility libcuda (cuda-compat) is in use that does not fit the kernel driver",
      version_evidence(s), std::move(fix));
}

Findings compat_on_unsupported_gpu(const Snapshot& s) {
  if (code(s, "cuInit") != 804 && code(s, "cudaGetDeviceCount") != 804) return {};
  Texts evidence = version_evidence(s);
  if (has_gpu(s)) evidence.push_back("On the PCI bus: " + gpu_names(s));
  const bool compat = compat_in_use(s);
  // Without the compat package the code means a library newer than the module: a newer libcuda in
  // the image of a container, or an upgrade that has not been followed by a restart.
  // https://docs.nvidia.com/cuda/cuda-driver-api/ CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE
  Texts fix = compat             ? drop_compat(s)
              : in_container(s)  ? Texts{"Delete libcuda.so.* from the image, so that the container "
                                         "gets the host's, and start it again"}
                                 : Texts{as_root(s, "reboot") +
                                         "   # after an upgrade the old module stays loaded until "
                                         "then"};
  fix.emplace_back("Or update the driver itself:");
  for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  return error(compat
                   ? "cuda-compat is in use on a GPU it does not support: only data-centre GPUs, "
                     "some RTX server boards, Jetson"
                   : "The driver's library is newer than its kernel module, which this GPU does "
                     "not support (forward compatibility)",
               std::move(evidence), std::move(fix));
}

Findings stub_in_use(const Snapshot& s) {
  const auto search = variable(s, "LD_LIBRARY_PATH");
  const bool on_path = search && search->find("/stubs") != std::string::npos;
  const bool used =
      code(s, "cuInit") == 34 || code(s, "cudaGetDeviceCount") == 34 || is_stub(opened_driver(s));
  if (!used && !on_path) return {};
  Texts evidence = {said_of_library(s, "libcuda.so.1")};
  if (failed(s, "cuInit")) evidence.push_back(said(s, "cuInit"));
  if (on_path) evidence.push_back("LD_LIBRARY_PATH=" + *search);
  Texts fix;
  if (on_path) {
    fix.emplace_back(
        "Take the stubs directory out of LD_LIBRARY_PATH; it belongs in LIBRARY_PATH, for linking "
        "only");
  } else {
    fix.push_back(fmt::format("Remove the stub {} (or the link to it): it is for linking only",
                              opened_driver(s)));
  }
  if (used && module_absent(s, "nvidia") && !on_wsl(s)) {
    fix.emplace_back("Then install the real driver:");
    for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  }
  return found(used ? Severity::error : Severity::warning,
               used ? "The CUDA driver library in use is the toolkit's stub, which answers every "
                      "call with an error"
                    : "A stubs directory is on LD_LIBRARY_PATH: programs may open the stub instead "
                      "of the driver",
               std::move(evidence), std::move(fix));
}

Findings empty_driver_library(const Snapshot& s) {
  if (opens(s, "libcuda.so.1") && succeeded(s, "cuInit")) return {};
  const Texts files = damaged_files(s, "file too short", true);
  if (files.empty()) return {};
  Texts fix;
  for (const std::string& file : files) fix.push_back(as_root(s, "rm " + file));
  fix.emplace_back(
      in_container(s)
          ? "Start the container with --gpus all; do not commit images from GPU containers"
          : "Then install the driver again:");
  if (!in_container(s)) {
    for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  }
  return error(
      "The driver library is an empty file, as a committed GPU container leaves behind",
      {said_of_library(s, "libcuda.so.1"), fmt::format("Empty: {}", fmt::join(files, ", "))},
      std::move(fix));
}

Findings foreign_driver_library(const Snapshot& s) {
  if (opens(s, "libcuda.so.1") || !missing(s, "libcuda.so.1")) return {};
  Texts files = damaged_files(s, "wrong ELF class", false);
  for (const char* words : {"invalid ELF header", "cannot open shared object file: Exec format",
                            "wrong architecture", "not an ELF file"}) {
    for (std::string& file : damaged_files(s, words, false)) files.push_back(std::move(file));
  }
  if (files.empty()) return {};
  const std::set<std::string> unique(files.begin(), files.end());
  Texts fix = {
      fmt::format("Remove {} from where the loader looks, or its directory from LD_LIBRARY_PATH",
                  *unique.begin())};
  for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  return error("The driver library found is not for this kind of processor, or no library at all",
               {said_of_library(s, "libcuda.so.1"),
                fmt::format("Not usable here ({}): {}", s.host.arch, fmt::join(unique, ", "))},
               std::move(fix));
}

Findings driver_library_unsafe(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver == nullptr || (!driver->signal && !driver->timed_out)) return {};
  const std::string what =
      driver->timed_out ? "does not return from being opened" : "crashes while it is opened";
  Texts fix = {"LD_LIBRARY_PATH= gpucheck doctor   # whether another copy works"};
  for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  Texts evidence = {said_of_library(s, "libcuda.so.1")};
  for (const Candidate& candidate : driver->candidates)
    evidence.push_back(candidate.source + ": " + candidate.path);
  return error("The CUDA driver library " + what, std::move(evidence), std::move(fix));
}

Findings driver_library_not_on_path(const Snapshot& s) {
  const Candidate* candidate = real_candidate(s, "libcuda.so.1");
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (!missing(s, "libcuda.so.1") || candidate == nullptr || candidate->source == "wsl") return {};
  if (driver->signal || driver->timed_out ||
      driver->error.find("No such file") == std::string::npos)
    return {};
  const std::string directory = candidate->path.substr(0, candidate->path.rfind('/'));
  return error(
      "The CUDA driver library is installed where the loader does not look",
      {said_of_library(s, "libcuda.so.1"), candidate->path + " exists"},
      {fmt::format("echo {} | {} && {}", directory, as_root(s, "tee /etc/ld.so.conf.d/nvidia.conf"),
                   as_root(s, "ldconfig")),
       fmt::format("Or for this shell only: export LD_LIBRARY_PATH={}:$LD_LIBRARY_PATH",
                   directory)});
}

Findings several_drivers(const Snapshot& s) {
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver == nullptr || on_wsl(s)) return {};
  std::set<std::string> real;
  for (const Candidate& candidate : driver->candidates) {
    const bool installed = candidate.source == "cache" || candidate.source == "default";
    if (installed && candidate.opens.value_or(false) && !is_compat(candidate.path) &&
        !is_stub(candidate.path)) {
      real.insert(candidate.path);
    }
  }
  if (real.size() < 2) return {};
  return warning("Several copies of the CUDA driver library are installed",
                 {fmt::format("{}", fmt::join(real, ", ")), said_of_library(s, "libcuda.so.1")},
                 {"Keep one: sudo nvidia-uninstall removes that of NVIDIA's .run installer"});
}

}  // namespace gpucheck
