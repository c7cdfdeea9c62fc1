#pragma once

#include <cstddef>
#include <source_location>

#include "kernels/device/shared_library.hpp"

struct _nvrtcProgram;

namespace gpucheck {

/// nvrtcResult; 0 is success.
enum class NvrtcStatus : int {};

using NvrtcProgram = _nvrtcProgram*;

/// libnvrtc.so.13, .12 or .11.2: the run-time compiler.
struct Nvrtc {
  SharedLibrary library;

  const char* (*error_string)(NvrtcStatus status);
  NvrtcStatus (*version)(int* major, int* minor);
  NvrtcStatus (*supported_arch_count)(int* count);  ///< Null before CUDA 11.2.
  NvrtcStatus (*supported_archs)(int* archs);       ///< Null before CUDA 11.2.
  NvrtcStatus (*create_program)(NvrtcProgram* program, const char* source, const char* name,
                                int header_count, const char* const* headers,
                                const char* const* include_names);
  NvrtcStatus (*destroy_program)(NvrtcProgram* program);
  NvrtcStatus (*compile_program)(NvrtcProgram program, int option_count,
                                 const char* const* options);
  NvrtcStatus (*ptx_size)(NvrtcProgram program, std::size_t* bytes);
  NvrtcStatus (*ptx)(NvrtcProgram program, char* text);
  NvrtcStatus (*log_size)(NvrtcProgram program, std::size_t* bytes);
  NvrtcStatus (*log)(NvrtcProgram program, char* text);

  std::vector<std::string> resolve();
};

/// NVRTC, opened at the first call.
const Result<Nvrtc>& nvrtc();

/// Throws LibraryError unless the call succeeded.
void require(NvrtcStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
