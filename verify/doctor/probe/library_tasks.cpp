#include "kernels/device/cublas.hpp"
#include "kernels/device/cublaslt.hpp"
#include "kernels/device/cudnn.hpp"
#include "kernels/device/library_search.hpp"
#include "kernels/device/nccl.hpp"
#include "kernels/device/nvrtc.hpp"
#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/tasks.hpp"

namespace gpucheck {
namespace {

// Where the library came from, for the screen.
void report_library(const std::string& name, const std::string& path, const std::string& version) {
  Snapshot piece;
  piece.libraries.push_back(LibraryProbe{.name = name,
                                         .opened = path,
                                         .error = {},
                                         .signal = {},
                                         .version = version,
                                         .package = {},
                                         .missing_symbols = {},
                                         .candidates = {}});
  report(piece);
}

// "libcublas.so.13" of a path.
std::string soname(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  const std::size_t so = name.find(".so.");
  if (so == std::string::npos) return name;
  const std::size_t dot = name.find('.', so + 4);
  return name.substr(0, dot);
}

std::string dotted(long number, long major, long minor) {
  return std::to_string(number / major) + "." + std::to_string(number % major / minor) + "." +
         std::to_string(number % minor);
}

}  // namespace

int probe_cublas_task(Arguments) {
  const auto& library = cublas();
  if (!library) return 0;
  int numbers[3] = {};
  for (int i = 0; i < 3; ++i) library->property(i, &numbers[i]);
  const std::string path = library->library.path();
  report_library(soname(path), path,
                 std::to_string(numbers[0]) + "." + std::to_string(numbers[1]) + "." +
                     std::to_string(numbers[2]));
  CublasHandle handle = nullptr;
  report_call("cublasCreate", {},
              [&](CallProbe&) { return static_cast<int>(library->create(&handle)); });
  return 0;
}

int probe_cublaslt_task(Arguments) {
  const auto& library = cublaslt();
  if (!library) return 0;
  report_call("cublasLtGetVersion", {}, [&](CallProbe& call) {
    call.value = static_cast<std::int64_t>(library->version());
    return 0;
  });
  return 0;
}

int probe_cudnn_task(Arguments arguments) {
  // Function by function: one that is missing is a fact, not the end of the probe.
  Cudnn c = {};
  c.library =
      SharedLibrary(names_to_open({"libcudnn.so.9", "libcudnn.so.8"}, search_environment()));
  if (!c.library) return 0;
  c.resolve();
  const std::string path = c.library.path();
  std::size_t version = 0;
  if (c.version != nullptr) {
    report_call("cudnnGetVersion", {}, [&](CallProbe& call) {
      version = c.version();
      call.value = static_cast<std::int64_t>(version);
      return 0;
    });
  }
  const long number = static_cast<long>(version);
  report_library(soname(path), path,
                 number >= 90000 ? dotted(number, 10000, 100) : dotted(number, 1000, 100));
  const auto check = [](const char* api, CudnnStatus (*function)()) {
    if (function != nullptr)
      report_call(api, {}, [&](CallProbe&) { return static_cast<int>(function()); });
  };
  check("cudnnGraphVersionCheck", c.graph_version_check);
  check("cudnnOpsVersionCheck", c.ops_version_check);
  check("cudnnCnnVersionCheck", c.cnn_version_check);
  check("cudnnAdvVersionCheck", c.adv_version_check);
  if (arguments.empty() || c.create == nullptr) return 0;
  CudnnHandle handle = nullptr;
  report_call("cudnnCreate", {}, [&](CallProbe& call) {
    const int code = static_cast<int>(c.create(&handle));
    if (char text[512] = {}; code != 0 && c.last_error_string != nullptr) {
      c.last_error_string(text, sizeof text - 1);
      call.log = text;
    }
    return code;
  });
  return 0;
}

int probe_nccl_task(Arguments) {
  const auto& library = nccl();
  if (!library) return 0;
  int version = 0;
  report_call("ncclGetVersion", {}, [&](CallProbe& call) {
    const int code = static_cast<int>(library->version(&version));
    call.value = version;
    return code;
  });
  const std::string path = library->library.path();
  report_library("libnccl.so.2", path,
                 version >= 10000 ? dotted(version, 10000, 100) : dotted(version, 1000, 100));
  return 0;
}

int probe_nvrtc_task(Arguments) {
  const auto& library = nvrtc();
  if (!library) return 0;
  const std::string path = library->library.path();
  int major = 0, minor = 0;
  library->version(&major, &minor);
  report_library(soname(path), path, std::to_string(major) + "." + std::to_string(minor));
  report_call("nvrtcCompile", {}, [&](CallProbe&) {
    NvrtcProgram program = nullptr;
    const char* source = "extern \"C\" __global__ void probe(int* out) { *out = 1; }";
    auto code = library->create_program(&program, source, "probe.cu", 0, nullptr, nullptr);
    if (code == NvrtcStatus{}) code = library->compile_program(program, 0, nullptr);
    return static_cast<int>(code);
  });
  return 0;
}

}  // namespace gpucheck
