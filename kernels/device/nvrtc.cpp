#include "kernels/device/nvrtc.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

std::vector<std::string> Nvrtc::resolve() {
  return resolve_all(library, Symbol{"nvrtcGetErrorString", &error_string},                       //
                     Symbol{"nvrtcVersion", &version},                                            //
                     Symbol{"nvrtcGetNumSupportedArchs", &supported_arch_count, Need::optional},  //
                     Symbol{"nvrtcGetSupportedArchs", &supported_archs, Need::optional},          //
                     Symbol{"nvrtcCreateProgram", &create_program},                               //
                     Symbol{"nvrtcDestroyProgram", &destroy_program},                             //
                     Symbol{"nvrtcCompileProgram", &compile_program},
                     Symbol{"nvrtcGetPTXSize", &ptx_size},                                      //
                     Symbol{"nvrtcGetPTX", &ptx}, Symbol{"nvrtcGetProgramLogSize", &log_size},  //
                     Symbol{"nvrtcGetProgramLog", &log});
}

namespace {

// NVRTC opens its built-ins by their bare name when it first compiles, and has no RUNPATH that
// leads to them: off the loader's path it fails with NVRTC_ERROR_BUILTIN_OPERATION_FAILURE, unless
// the process has them already.
void open_builtins(const Nvrtc& nvrtc) {
  int major = 0, minor = 0;
  if (nvrtc.version(&major, &minor) != NvrtcStatus{}) return;
  const std::string path = nvrtc.library.path();
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  // Stays open, as all of them; where it is not there, the compilation says so.
  SharedLibrary({fmt::format("{}libnvrtc-builtins.so.{}.{}", directory, major, minor)});
}

}  // namespace

const Result<Nvrtc>& nvrtc() {
  static const Result<Nvrtc> library = [] {
    std::vector<std::string> sonames = toolkit_sonames("libnvrtc.so.");
    // The SONAME in CUDA 11.2 to 11.8.
    std::ranges::replace(sonames, std::string("libnvrtc.so.11"), std::string("libnvrtc.so.11.2"));
    Result<Nvrtc> opened = open_api<Nvrtc>(names_to_open(sonames, search_environment()));
    if (opened) open_builtins(*opened);
    return opened;
  }();
  return library;
}

void require(NvrtcStatus status, std::source_location at) {
  if (status == NvrtcStatus{}) return;
  throw_library_error(int(status), nvrtc() ? nvrtc()->error_string(status) : "nvrtcResult", "", at);
}

}  // namespace gpucheck
