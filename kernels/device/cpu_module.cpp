#include "kernels/device/cpu_module.hpp"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "kernels/device/require.hpp"
#include "kernels/device/sanitizer.hpp"
#include "kernels/device/shared_library.hpp"

namespace gpucheck {
namespace {

std::string program_file() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
  if (length > 0) return std::string(path, std::size_t(length));
  // Without /proc, what the program was started as.
  const auto* started = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return started == nullptr ? "" : started;
}

std::vector<std::string> module_files() {
  if (const char* const chosen = std::getenv("GPUCHECK_CPU_MODULE"); chosen && *chosen)
    return {chosen};
  const std::string program = program_file();
  // The loader's own search is all that is left.
  if (program.find('/') == std::string::npos) return {"gpucheck_cpu.so"};
  const std::string directory = program.substr(0, program.rfind('/'));
  return {directory + "/gpucheck_cpu.so", directory + "/../lib/gpucheck/gpucheck_cpu.so"};
}

Launch prepare(std::string_view implementation, const Case& c, const Buffers& buffers) {
  const Result<CpuModule>& module = cpu_module();
  if (!module) throw NotRun(module.error().what);
  const auto found =
      std::ranges::find_if(module->implementations, [&](const CpuImplementation& one) {
        return one.op == c.op && one.implementation == implementation;
      });
  if (found == module->implementations.end())
    throw NotRun("gpucheck_cpu.so has no " + std::string(implementation) + " for " +
                 std::string(c.op));
  return found->prepare(c, buffers);
}

// In hardware: AVX512_BF16, which every processor with AMX_BF16 has too. Without it oneDNN either
// refuses bf16 (AVX2) or converts to f32 (AVX-512), which would say nothing about bf16.
bool processor_has_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") > 0;
#else
  return false;
#endif
}

}  // namespace

Result<CpuModule> open_cpu_module(const std::vector<std::string>& files) {
  // GNU OpenMP threads otherwise spin between primitives, and on a machine that does something else
  // too each barrier then costs a time slice: a convolution took 0.14 s instead of 0.06 s.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  const SharedLibrary library(files);
  if (!library) return Error{library.why_not(), "dlopen"};
  using Export = const CpuModule* (*)();
  const auto exported = reinterpret_cast<Export>(library.find("gpucheck_cpu_module"));
  if (!exported) return Error{library.path() + " does not export gpucheck_cpu_module", "dlsym"};
  const CpuModule* const module = exported();
  if (!fits(*module))
    return Error{library.path() + " was built for another version of gpucheck", "dlsym"};
  return *module;
}

const Result<CpuModule>& cpu_module() {
  static const Result<CpuModule> module = open_cpu_module(module_files());
  return module;
}

Launch prepare_onednn(const Case& c, const Buffers& buffers) {
  return prepare("onednn", c, buffers);
}

Launch prepare_openblas(const Case& c, const Buffers& buffers) {
  return prepare("openblas", c, buffers);
}

std::string onednn_unavailable(const Device&, const Case& c) {
  switch (c.dtype) {
    case Dtype::f32: return "";
    case Dtype::bf16: return processor_has_bf16() ? "" : "this processor has no bf16 arithmetic";
    case Dtype::f16: return "f16 is not asked of oneDNN: only few processors compute in it";
    case Dtype::f64: return "oneDNN computes no f64 on CPUs";
    case Dtype::s32: break;
  }
  return "oneDNN is not asked for this dtype";
}

std::string openblas_unavailable(const Device&, const Case& c) {
  return c.dtype == Dtype::f64 ? "" : "only f64 is asked of OpenBLAS; oneDNN has the others";
}

}  // namespace gpucheck

#if defined(GPUCHECK_ASAN)
// With its own record of thread-local storage LeakSanitizer crashes on the OpenMP threads of an
// opened library (g++ 12, glibc 2.36); without, it still finds leaks.
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }
#endif
