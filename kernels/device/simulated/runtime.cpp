#include "kernels/device/simulated/runtime.hpp"

#include <charconv>
#include <cstdlib>
#include <map>
#include <string>

namespace gpucheck::simt {
namespace {

thread_local cudaError_t last_error = cudaSuccess;

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::recursive_mutex& runtime_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

cudaError_t& sticky_error() {
  static cudaError_t error = cudaSuccess;
  return error;
}

cudaError_t injected(std::string_view function) {
  static std::map<std::string, int, std::less<>> calls;
  const char* wanted = std::getenv("GPUCHECK_TEST_RUNTIME");
  if (!wanted) return cudaSuccess;
  const int count = ++calls[std::string(function)];
  for (std::string_view rest = wanted; !rest.empty();) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const std::size_t colon = item.find(':'), at = item.find('@');
    if (colon == item.npos || item.substr(0, colon) != function) continue;
    if (at == item.npos || number(item.substr(at + 1)) == count)
      return cudaError_t(number(item.substr(colon + 1, at - colon - 1)));
  }
  return cudaSuccess;
}

cudaError_t remember(cudaError_t status) {
  if (status != cudaSuccess && status != cudaErrorNotReady) last_error = status;
  return status;
}

}  // namespace gpucheck::simt

using namespace gpucheck::simt;

cudaError_t cudaGetLastError() {
  const cudaError_t error = sticky_error() != cudaSuccess ? sticky_error() : last_error;
  last_error = cudaSuccess;
  return error;
}

cudaError_t cudaPeekAtLastError() {
  return sticky_error() != cudaSuccess ? sticky_error() : last_error;
}
