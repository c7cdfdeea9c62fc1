#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "verify/doctor/facts.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// Majors of the CUDA libraries on this machine: libcublas.so.13 and libcudart.so.13 are of CUDA 13.
std::set<int> library_majors(const Snapshot& s) {
  std::set<int> majors;
  for (const LibraryProbe& probed : s.libraries) {
    const bool here =
        !probed.opened.empty() || std::ranges::any_of(probed.candidates, [](const Candidate& c) {
          return c.opens.value_or(false);
        });
    for (const std::string_view stem : {"libcublas.so.", "libcudart.so."}) {
      if (!here || !probed.name.starts_with(stem)) continue;
      int major = 0;
      std::from_chars(probed.name.data() + stem.size(), probed.name.data() + probed.name.size(),
                      major);
      if (major >= 9 && major < 100) majors.insert(major);
    }
  }
  return majors;
}

std::string driver_text(const Snapshot& s, int cuda) {
  std::string version = driver_library_version(s);
  if (version.empty() && s.kernel_driver) version = s.kernel_driver->version;
  if (const CallProbe* nvml = call(s, "nvmlSystemGetDriverVersion");
      nvml != nullptr && !nvml->log.empty()) {
    version = nvml->log;
  }
  return fmt::format("Driver{}{} supports CUDA up to {}", version.empty() ? "" : " ", version,
                     cuda_text(cuda));
}

std::string needed(const Snapshot& s, int major) {
  return on_wsl(s) ? smallest_windows_driver(major * 1000) : smallest_driver(major * 1000);
}

std::string needs_text(const Snapshot& s, int major) {
  const std::string driver = needed(s, major);
  return fmt::format("CUDA {} needs {}driver {}{}", major, on_wsl(s) ? "the Windows " : "",
                     driver.empty() ? "of a newer branch" : driver,
                     driver.empty() ? "" : " or newer");
}

struct Age {
  int cuda = 0;
  std::set<int> majors;
  bool usable = false;
  int too_new = 0;  ///< Smallest major the driver is too old for.
};

Age age(const Snapshot& s) {
  Age age{.cuda = driver_cuda(s), .majors = library_majors(s)};
  for (const int major : age.majors) {
    if (major <= age.cuda / 1000) {
      age.usable = true;
    } else if (age.too_new == 0) {
      age.too_new = major;
    }
  }
  return age;
}

// Minor-version compatibility ends at the major: https://docs.nvidia.com/deploy/cuda-compatibility/
Findings older_than_libraries(const Snapshot& s) {
  const Age found = age(s);
  if (found.cuda == 0 || found.too_new == 0) return {};
  Texts evidence = {driver_text(s, found.cuda), needs_text(s, found.too_new)};
  for (const int major : found.majors)
    evidence.push_back(fmt::format("CUDA {} libraries are installed", major));
  if (failed(s, "cudaGetDeviceCount")) evidence.push_back(said(s, "cudaGetDeviceCount"));
  if (found.usable) {
    return warning(
        fmt::format("The driver is too old for the CUDA {} libraries here; the older ones work",
                    found.too_new),
        std::move(evidence), install_driver(s, needed(s, found.too_new)));
  }
  return error(fmt::format("{}; the CUDA {} libraries here need {} or newer",
                           driver_text(s, found.cuda), found.too_new, needed(s, found.too_new)),
               std::move(evidence), install_driver(s, needed(s, found.too_new)));
}

}  // namespace

Findings driver_too_old(const Snapshot& s) {
  return on_wsl(s) ? Findings() : older_than_libraries(s);
}

Findings windows_driver_too_old(const Snapshot& s) {
  return on_wsl(s) ? older_than_libraries(s) : Findings();
}

Findings too_old_for_this_build(const Snapshot& s) {
  const Age found = age(s);
  const int built = s.built_with.cuda / 1000;
  if (found.cuda == 0 || built == 0 || built <= found.cuda / 1000) return {};
  const std::string driver = needed(s, built);
  // What the user's own libraries need comes first; this is about our program alone.
  const bool only_witness = found.majors.empty();
  Texts evidence = {driver_text(s, found.cuda),
                    fmt::format("gpucheck was built with CUDA {}", cuda_text(s.built_with.cuda)),
                    needs_text(s, built)};
  if (failed(s, "cudaGetDeviceCount")) evidence.push_back(said(s, "cudaGetDeviceCount"));
  Texts fix = install_driver(s, driver);
  fix.insert(fix.begin(),
             fmt::format("Build gpucheck with a CUDA {} toolkit: scripts/run --toolkit DIR; or:",
                         found.cuda / 1000));
  return gpucheck::found(only_witness ? Severity::error : Severity::warning,
                         "The driver is too old for this build of gpucheck", std::move(evidence),
                         std::move(fix));
}

Findings ptx_too_new(const Snapshot& s) {
  const bool refused =
      code(s, "kernelLaunch") == 222 ||
      std::ranges::any_of(s.launches, [](const LaunchProbe& l) { return l.code == 222; });
  if (!refused) return {};
  const int cuda = driver_cuda(s);
  Texts evidence = {"A kernel launch returned 222 (cudaErrorUnsupportedPtxVersion)"};
  if (cuda != 0) evidence.push_back(driver_text(s, cuda));
  if (s.built_with.cuda != 0) {
    evidence.push_back(
        fmt::format("The kernel came as PTX of CUDA {}", cuda_text(s.built_with.cuda)));
  }
  const std::string driver = full_driver(s.built_with.cuda);
  return error(
      "The driver cannot compile the PTX of this program: it is older than the toolkit that made "
      "it",
      std::move(evidence), install_driver(s, driver));
}

}  // namespace gpucheck
