#include <dlfcn.h>
#include <fmt/format.h>

#include <thread>

#include "kernels/cpu/steps.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck::onednn {
namespace {

[[noreturn]] void rethrow(const dnnl::error& error) {
  const std::string what = fmt::format("{}: {}", description(), error.what());
  if (error.status == dnnl_unimplemented) throw NotRun(what);
  throw LibraryError(int(error.status), what);
}

// From the richest down; a set's bits contain those of the sets it builds on.
std::string_view instruction_set() {
  const auto bits = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto has = [bits](dnnl::cpu_isa isa) {
    return (bits & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
  };
  if (has(dnnl::cpu_isa::avx512_core_amx)) return "AVX-512 with AMX";
  if (has(dnnl::cpu_isa::avx512_core_bf16)) return "AVX-512 with bf16";
  if (has(dnnl::cpu_isa::avx512_core)) return "AVX-512";
  if (has(dnnl::cpu_isa::avx2)) return "AVX2";
  if (has(dnnl::cpu_isa::avx)) return "AVX";
  return has(dnnl::cpu_isa::sse41) ? "SSE4.1" : "no vector instructions";
}

// Whichever OpenMP oneDNN was linked with tells; with another threading runtime it takes all
// processors.
int threads() {
  const auto openmp = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_max_threads"));
  return openmp ? openmp() : int(std::thread::hardware_concurrency());
}

}  // namespace

dnnl::memory::data_type data_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32: return dnnl::memory::data_type::f32;
    case Dtype::f16: return dnnl::memory::data_type::f16;
    case Dtype::bf16: return dnnl::memory::data_type::bf16;
    case Dtype::s32: return dnnl::memory::data_type::s32;
    case Dtype::f64: break;
  }
  throw NotRun("oneDNN has no f64");
}

dnnl::memory Steps::between(const dnnl::memory::desc& desc) {
  return {desc, cpu(), buffers_.workspace(desc.get_size())};
}

dnnl::memory Steps::input(const Plain& tensor, const dnnl::memory::desc& wanted) {
  const dnnl::memory plain(tensor.desc, cpu(), tensor.data);
  if (tensor.desc == wanted) return plain;
  const dnnl::memory copy = between(wanted);
  steps_.push_back({dnnl::reorder(plain, copy), {{DNNL_ARG_FROM, plain}, {DNNL_ARG_TO, copy}}});
  return copy;
}

dnnl::memory Steps::output(const Plain& tensor, const dnnl::memory::desc& wanted) {
  const dnnl::memory plain(tensor.desc, cpu(), tensor.data);
  if (tensor.desc == wanted) return plain;
  const dnnl::memory made = between(wanted);
  copies_out_.push_back(
      {dnnl::reorder(made, plain), {{DNNL_ARG_FROM, made}, {DNNL_ARG_TO, plain}}});
  return made;
}

void Steps::add(const dnnl::primitive& primitive, std::unordered_map<int, dnnl::memory> arguments) {
  steps_.push_back({primitive, std::move(arguments)});
}

Launch Steps::finish() {
  steps_.insert(steps_.end(), copies_out_.begin(), copies_out_.end());
  return [steps = std::move(steps_), stream = dnnl::stream(cpu())](CUstream_st*) {
    try {
      dnnl::stream queue = stream;  // A handle; execute() wants it not const.
      for (const Step& step : steps) step.primitive.execute(queue, step.arguments);
      queue.wait();
    } catch (const dnnl::error& error) {
      rethrow(error);
    }
  };
}

Launch guarded(const std::function<Launch()>& prepare) {
  try {
    return prepare();
  } catch (const dnnl::error& error) {
    rethrow(error);
  }
}

std::string description() {
  const dnnl_version_t& version = *dnnl::version();
  return fmt::format("oneDNN {}.{}.{}, {}, {} threads", version.major, version.minor, version.patch,
                     instruction_set(), threads());
}

}  // namespace gpucheck::onednn
