#include "kernels/device/nvrtc.hpp"

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

const Result<Nvrtc>& nvrtc() {
  static const Result<Nvrtc> library = [] {
    std::vector<std::string> sonames = toolkit_sonames("libnvrtc.so.");
    // The SONAME in CUDA 11.2 to 11.8.
    std::ranges::replace(sonames, std::string("libnvrtc.so.11"), std::string("libnvrtc.so.11.2"));
    return open_api<Nvrtc>(names_to_open(sonames, search_environment()));
  }();
  return library;
}

void require(NvrtcStatus status, std::source_location at) {
  if (status == NvrtcStatus{}) return;
  throw_library_error(int(status), nvrtc() ? nvrtc()->error_string(status) : "nvrtcResult", "", at);
}

}  // namespace gpucheck
