#include "verify/doctor/setup_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/query.hpp"

namespace gpucheck {
namespace {

const Candidate* usable_candidate(const LibraryProbe& library) {
  const auto found = std::ranges::find_if(
      library.candidates, [](const Candidate& c) { return c.opens.value_or(false); });
  return found == library.candidates.end() ? nullptr : &*found;
}

std::string path_of(const LibraryProbe& library) {
  if (!library.opened.empty()) return library.opened;
  const Candidate* candidate = usable_candidate(library);
  return candidate == nullptr ? "" : candidate->path;
}

// First of the names that was opened or lies somewhere.
const LibraryProbe* present(const Snapshot& s, std::initializer_list<const char*> names) {
  for (const bool opened : {true, false}) {
    for (const char* each : names) {
      const LibraryProbe* probed = library(s, each);
      if (probed != nullptr && (opened ? !probed->opened.empty() : !path_of(*probed).empty()))
        return probed;
    }
  }
  return nullptr;
}

bool any_known(const Snapshot& s, std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [&](const char* each) { return library(s, each) != nullptr; });
}

std::string with_comma(const std::string& version, const std::string& rest) {
  return version.empty() ? rest : rest.empty() ? version : version + ", " + rest;
}

SetupRow driver_row(const Snapshot& s) {
  SetupRow row{.name = "driver", .text = {}, .path = {}};
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  if (driver == nullptr) return row.text = "not probed", row;
  row.path = path_of(*driver);
  std::string version = driver->version;
  if (version.empty() && s.kernel_driver) version = s.kernel_driver->version;
  if (const CallProbe* nvml = call(s, "nvmlSystemGetDriverVersion");
      nvml != nullptr && !nvml->log.empty()) {
    version = nvml->log;
  }
  const int cuda = driver_cuda(s);
  const std::string numbers = with_comma(version, cuda == 0 ? "" : "CUDA " + cuda_text(cuda));
  if (!ended(call(s, "cuInit"))) {
    row.state = missing(s, "libcuda.so.1") ? SetupState::error : SetupState::unknown;
    row.text = row.path.empty()             ? "not found"
               : missing(s, "libcuda.so.1") ? "cannot be opened"
                                            : with_comma(numbers, "not probed");
  } else if (succeeded(s, "cuInit")) {
    row.state = SetupState::ok;
    row.text = numbers;
  } else {
    row.state = SetupState::error;
    row.text = with_comma(numbers, said(s, "cuInit"));
  }
  return row;
}

SetupRow runtime_row(const Snapshot& s) {
  SetupRow row{.name = "CUDA runtime", .text = {}, .path = {}};
  if (s.built_with.cuda == 0) {
    row.state = SetupState::info;
    row.text = "not part of this build, which has no kernels";
    return row;
  }
  const std::string version =
      cuda_text(s.built_with.cuda) + (s.simulated ? " (simulated)" : " (linked in)");
  if (!ended(call(s, "cudaGetDeviceCount"))) return row.text = version + ", not probed", row;
  const bool works = succeeded(s, "cudaGetDeviceCount");
  row.state = works ? SetupState::ok : SetupState::error;
  row.text = works ? version : with_comma(version, said(s, "cudaGetDeviceCount"));
  return row;
}

// A library whose `create` makes a handle on the GPU.
SetupRow library_row(const Snapshot& s, const char* title, std::initializer_list<const char*> names,
                     const char* create) {
  SetupRow row{.name = title, .text = {}, .path = {}};
  const LibraryProbe* found = present(s, names);
  if (found == nullptr) {
    if (!any_known(s, names)) return row.text = "not probed", row;
    // Without a GPU that works nobody misses it yet.
    row.state = succeeded(s, "cuInit") ? SetupState::error : SetupState::info;
    row.text = "not found";
    return row;
  }
  row.path = path_of(*found);
  const CallProbe* made = call(s, create);
  if (!ended(made)) {
    row.text = with_comma(found->version, "not probed");
  } else if (succeeded(s, create)) {
    row.state = SetupState::ok;
    row.text = found->version.empty() ? "works" : found->version;
  } else {
    row.state = SetupState::error;
    row.text = with_comma(found->version, said(*made));
  }
  return row;
}

SetupRow cudnn_row(const Snapshot& s) {
  SetupRow row = library_row(s, "cuDNN", {"libcudnn.so.9", "libcudnn.so.8"}, "cudnnCreate");
  if (row.path.find("libcudnn.so.9") == std::string::npos) return row;
  int known = 0, here = 0;
  for (const char* each : cudnn_sublibraries) {
    const LibraryProbe* probed = library(s, each);
    known += probed != nullptr ? 1 : 0;
    here += probed != nullptr && !path_of(*probed).empty() ? 1 : 0;
  }
  if (known == 0) return row;
  row.text += fmt::format(", {} of {} sublibraries", here, cudnn_sublibraries.size());
  if (here < known) row.state = SetupState::error;
  return row;
}

SetupRow nccl_row(const Snapshot& s) {
  SetupRow row{.state = SetupState::info, .name = "NCCL", .text = {}, .path = {}};
  const bool needed = cuda_devices(s).size() > 1 && !s.simulated;
  const LibraryProbe* found = present(s, {"libnccl.so.2"});
  if (found == nullptr) {
    if (library(s, "libnccl.so.2") == nullptr)
      return row.state = SetupState::unknown, row.text = "not probed", row;
    row.text = needed ? "not found" : "not found; needed only for several GPUs";
    if (needed) row.state = SetupState::warning;
    return row;
  }
  row.path = path_of(*found);
  row.text = found->version.empty() ? "found, not probed" : found->version;
  if (succeeded(s, "ncclGetVersion")) row.state = SetupState::ok;
  return row;
}

}  // namespace

std::vector<SetupRow> setup_rows(const Snapshot& s) {
  if (s.simulated) return {runtime_row(s)};
  return {driver_row(s), runtime_row(s),
          library_row(s, "cuBLAS", {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"},
                      "cublasCreate"),
          cudnn_row(s), nccl_row(s)};
}

}  // namespace gpucheck
