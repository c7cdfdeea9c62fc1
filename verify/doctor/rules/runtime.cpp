#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/facts.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// First device on which a launch ended with this code.
const Device* launch_failed_on(const Snapshot& s, int wanted) {
  int index = -1;
  for (const LaunchProbe& launch : s.launches) {
    if (launch.code == wanted) index = launch.device;
  }
  for (const CallProbe& made : s.calls) {
    if (made.api == "kernelLaunch" && made.code == wanted) index = made.device.value_or(0);
  }
  const auto found = std::ranges::find_if(
      s.devices, [&](const Device& d) { return d.cuda_visible && d.index == index; });
  return found == s.devices.end() ? nullptr : &*found;
}

// A CUDA context takes some hundreds of megabytes before the first allocation.
constexpr std::uint64_t enough_to_start_bytes = std::uint64_t{2} << 30;

std::string cc_text(int cc) { return fmt::format("{}.{}", cc / 10, cc % 10); }

Texts kernel_evidence(const Snapshot& s, const Device& device) {
  return {fmt::format("GPU {} ({}) has compute capability {}", device.index, device.name,
                      cc_text(device.cc)),
          "A kernel launch returned 209 (cudaErrorNoKernelImageForDevice)",
          fmt::format("gpucheck was built with CUDA {} for sm_{} and PTX {}",
                      cuda_text(s.built_with.cuda), fmt::join(s.built_with.archs, ", sm_"),
                      s.built_with.ptx)};
}

Findings on(const Device& device, Findings findings) {
  for (Finding& each : findings) each.device = device.index;
  return findings;
}

}  // namespace

Findings no_kernel_image(const Snapshot& s) {
  const Device* device = launch_failed_on(s, 209);
  if (device == nullptr || (device->cc < 75 && s.built_with.cuda >= 13000)) return {};
  const std::string first = first_toolkit(device->cc);
  return on(
      *device,
      error(fmt::format("This build has no code for compute capability {}", cc_text(device->cc)),
            kernel_evidence(s, *device),
            {fmt::format("Build gpucheck with a toolkit that knows it{}: scripts/run --toolkit DIR",
                         first.empty() ? "" : fmt::format(" (CUDA {} or newer)", first)),
             fmt::format("Other programs: use a build for sm_{}", device->cc)}));
}

Findings gpu_dropped_by_cuda13(const Snapshot& s) {
  const Device* device = launch_failed_on(s, 209);
  if (device == nullptr || device->cc >= 75 || s.built_with.cuda < 13000) return {};
  std::string last = last_toolkit(device->cc);
  if (last.empty() || last == "current") last = "12.9";
  // CUDA 13.0 release notes: Maxwell, Pascal and Volta are removed from compiler and libraries.
  return on(
      *device,
      error(fmt::format("CUDA 13 no longer supports this GPU (compute capability {})",
                        cc_text(device->cc)),
            kernel_evidence(s, *device),
            {fmt::format("Use CUDA {}, the last for this GPU: scripts/run --toolkit DIR", last),
             "Other programs: their builds for CUDA 12, and cuDNN up to 9.10"}));
}

Findings out_of_memory(const Snapshot& s) {
  for (const char* api : {"cuInit", "cudaGetDeviceCount", "cudaMalloc", "kernelLaunch"}) {
    const CallProbe* made = call(s, api);
    if (made == nullptr || made->code != 2 ||
        (s.limits.address_space && std::string_view(api) == "cuInit"))
      continue;
    Texts evidence = {said(*made)};
    Texts fix;
    bool plenty = false;
    for (const Device& device : cuda_devices(s)) {
      if (made->device && *made->device != device.index) continue;
      if (device.free_bytes) {
        evidence.push_back(fmt::format("GPU {}: {} of {} MB free", device.index,
                                       *device.free_bytes >> 20, device.memory_bytes >> 20));
        plenty = plenty || *device.free_bytes >= enough_to_start_bytes;
      }
      if (!device.processes.empty()) {
        evidence.push_back(fmt::format("Used by PID {}", fmt::join(device.processes, ", ")));
        fix.push_back(
            fmt::format("End what uses it, or wait: ps -fp {}", fmt::join(device.processes, ",")));
      }
    }
    if (fix.empty())
      fix.emplace_back("nvidia-smi   # lists the programs that use the memory; end one, or wait");
    Findings findings =
        error(plenty ? "The GPU cannot allocate memory although it reports plenty free"
                     : "The GPU has too little free memory even to start",
              std::move(evidence), std::move(fix));
    findings.front().device = made->device;
    return findings;
  }
  return {};
}

Findings jit_compiler(const Snapshot& s) {
  if (launch_failed_on(s, 221) == nullptr && launch_failed_on(s, 223) == nullptr) return {};
  const bool disabled = launch_failed_on(s, 223) != nullptr;
  if (disabled) {
    return error("Compiling PTX is disabled by the environment",
                 {"A kernel launch returned 223 (cudaErrorJitCompilationDisabled)"},
                 {"unset CUDA_DISABLE_PTX_JIT CUDA_DISABLE_JIT"});
  }
  return error("The driver's PTX compiler (libnvidia-ptxjitcompiler.so.1) is not installed",
               {"A kernel launch returned 221 (cudaErrorJitCompilerNotFound)"}, install_driver(s));
}

Findings forced_jit(const Snapshot& s) {
  if (variable(s, "CUDA_FORCE_PTX_JIT").value_or("0") == "0") return {};
  return warning(
      "CUDA_FORCE_PTX_JIT is set: every kernel is compiled anew, which is slow and may fail",
      {"CUDA_FORCE_PTX_JIT=" + *variable(s, "CUDA_FORCE_PTX_JIT")}, {"unset CUDA_FORCE_PTX_JIT"});
}

Findings cache_not_writable(const Snapshot& s) {
  if (s.limits.cache_dir.writable != false || cuda_devices(s).empty() || s.simulated) return {};
  const std::string path = s.limits.cache_dir.path;
  return found(
      Severity::info,
      "CUDA cannot keep compiled kernels, so each program start may compile them again",
      {path.empty() ? "Neither HOME nor CUDA_CACHE_PATH is set" : path + " cannot be written"},
      {"export CUDA_CACHE_PATH=/tmp/cuda-cache"});
}

}  // namespace gpucheck
