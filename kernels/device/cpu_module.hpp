#pragma once

#include <string>

#include "gpucheck/op.hpp"
#include "gpucheck/result.hpp"

namespace gpucheck {

/// One way to compute an op that gpucheck_cpu.so has.
struct CpuImplementation {
  std::string_view op;
  std::string_view implementation;
  Launch (*prepare)(const Case&, const Buffers&);
};

/// What gpucheck_cpu.so exports, through the function `gpucheck_cpu_module`. Both sides are built
/// from this header; one that was built from another version of it is refused.
struct CpuModule {
  unsigned interface;
  std::size_t case_bytes;
  std::span<const CpuImplementation> implementations;
  /// "oneDNN 2.6.3, AVX2, 2 threads; OpenBLAS 0.3.21, Zen, 2 threads".
  std::string (*description)();
};

inline constexpr unsigned cpu_module_interface = 1;

/// Whether a module was built from this header.
constexpr bool fits(const CpuModule& module) {
  return module.interface == cpu_module_interface && module.case_bytes == sizeof(Case);
}

/// The first of `files` that can be opened, as the module; or what is wrong with it.
Result<CpuModule> open_cpu_module(const std::vector<std::string>& files);

/// The module, opened at the first call: $GPUCHECK_CPU_MODULE where it is set, else gpucheck_cpu.so
/// beside the program or in ../lib/gpucheck; or the loader's words.
const Result<CpuModule>& cpu_module();

/// `prepare` of the rows that the module implements; throws NotRun where it is not here.
Launch prepare_onednn(const Case& c, const Buffers& buffers);
Launch prepare_openblas(const Case& c, const Buffers& buffers);

/// What the CPU libraries cannot compute by their documentation, without opening them.
std::string onednn_unavailable(const Device&, const Case& c);
std::string openblas_unavailable(const Device&, const Case& c);

}  // namespace gpucheck
