#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gpucheck/result.hpp"

namespace gpucheck {

/// A CUDA runtime call that failed in the middle of work; carries the code so that out-of-memory
/// can be told apart.
class CudaError : public std::runtime_error {
 public:
  CudaError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

/// A vendor library call that failed in the middle of work.
class LibraryError : public std::runtime_error {
 public:
  LibraryError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

/// Something a case needs is not here (a library, memory): the case is not run, which is not a
/// fault.
class NotRun : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws CudaError with name, text and call site unless `code` (a cudaError_t) is cudaSuccess.
void require_cuda(int code, std::source_location at = std::source_location::current());

// Every vendor library has a require() of its own status type beside its declarations (cublas.hpp,
// cudnn.hpp, ...).

/// Throws LibraryError with code, the vendor's name for it, the vendor's words and the call site.
[[noreturn]] void throw_library_error(int code, std::string_view name, std::string_view text,
                                      std::source_location at);

/// The library a case cannot do without; throws NotRun with the loader's words where it could not
/// be opened.
template <class Api>
const Api& needed(const Result<Api>& library) {
  if (!library) throw NotRun(library.error().what);
  return *library;
}

}  // namespace gpucheck
