#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

const LibraryProbe* with_undefined_symbol(const Snapshot& s, std::string_view stem) {
  const auto found = std::ranges::find_if(s.libraries, [&](const LibraryProbe& probed) {
    return probed.name.starts_with(stem) &&
           probed.error.find("undefined symbol") != std::string::npos;
  });
  return found == s.libraries.end() ? nullptr : &*found;
}

Texts one_place(const Snapshot& s) {
  const auto path = variable(s, "LD_LIBRARY_PATH");
  if (path)
    return {fmt::format("Take the directory of the other version out of LD_LIBRARY_PATH (now: {})",
                        *path)};
  return {"Keep one CUDA version on the loader's path: grep -r cuda /etc/ld.so.conf.d/, then " +
          as_root(s, "ldconfig")};
}

}  // namespace

Findings cublas_pair(const Snapshot& s) {
  const LibraryProbe* broken = with_undefined_symbol(s, "libcublas.so");
  if (broken == nullptr) return {};
  return error("cuBLAS and cuBLASLt are of different versions", {broken->error}, one_place(s));
}

Findings nvjitlink_older(const Snapshot& s) {
  const LibraryProbe* broken = with_undefined_symbol(s, "libcusparse.so");
  if (broken == nullptr) broken = with_undefined_symbol(s, "libcusolver.so");
  if (broken == nullptr) return {};
  return error("An older nvJitLink is found before the one that cuSPARSE and cuSOLVER need",
               {broken->error}, one_place(s));
}

Findings cublas_does_not_start(const Snapshot& s) {
  if (!failed(s, "cublasCreate") || cuda_devices(s).empty()) return {};
  Texts evidence = {said(s, "cublasCreate")};
  for (const Device& device : cuda_devices(s)) {
    if (device.free_bytes)
      evidence.push_back(fmt::format("GPU {}: {} MB free", device.index, *device.free_bytes >> 20));
  }
  return error("cuBLAS cannot be initialised", std::move(evidence),
               {"nvidia-smi   # usually too little free memory: end what uses the GPU, or wait",
                "ldconfig -p | grep -E 'libcublas(Lt)?'   # both from one directory"});
}

Findings nvrtc_incomplete(const Snapshot& s) {
  Texts evidence;
  for (const LibraryProbe& probed : s.libraries) {
    if (!probed.name.starts_with("libnvrtc-builtins") || !missing(s, probed.name)) continue;
    const bool file = std::ranges::any_of(
        probed.candidates, [](const Candidate& c) { return c.opens.value_or(false); });
    if (!file) evidence.push_back(said_of_library(s, probed.name));
  }
  const bool compiles = succeeded(s, "nvrtcCompile");
  if (failed(s, "nvrtcCompile")) evidence.push_back(said(s, "nvrtcCompile"));
  if (evidence.empty() || compiles) return {};
  return warning("The run-time compiler NVRTC is incomplete; cuDNN's run-time engines need it",
                 std::move(evidence),
                 {install_package(s, {.apt = "cuda-nvrtc-13-0",
                                      .dnf = "cuda-nvrtc-13-0",
                                      .zypper = "cuda-nvrtc-13-0",
                                      .pacman = "cuda"}) +
                      "   # of the CUDA version in use",
                  "Or in a Python environment: pip install nvidia-cuda-nvrtc"});
}

}  // namespace gpucheck
