#include "verify/doctor/probe/library_names.hpp"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/device/library_search.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/worker/spawn.hpp"

namespace gpucheck {
namespace {

#if defined(__aarch64__)
constexpr int own_machine = EM_AARCH64;
#else
constexpr int own_machine = EM_X86_64;
#endif

// Why the loader would refuse the file, in the loader's words as far as it has some; "" where it
// would not.
std::string refusal(const std::string& path, std::uint64_t size) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return "cannot open shared object file: Permission denied";
  Elf64_Ehdr header = {};
  if (size < sizeof header || ::read(file.get(), &header, sizeof header) != sizeof header)
    return "file too short";
  if (std::string_view(reinterpret_cast<const char*>(header.e_ident), SELFMAG) !=
      std::string_view(ELFMAG, SELFMAG)) {
    return "invalid ELF header";
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return "wrong ELF class: ELFCLASS32";
  if (header.e_machine != own_machine)
    return fmt::format("wrong architecture (ELF machine {})", header.e_machine);
  return header.e_type == ET_DYN ? "" : "not a shared object";
}

}  // namespace

std::vector<std::string> driver_names() {
  return {"libcuda.so.1", "libcuda.so", "libnvidia-ml.so.1"};
}

std::vector<std::string> library_names() {
  std::vector<std::string> names = {
      "libcudart.so.13",    "libcudart.so.12",   "libcudart.so.11.0", "libcublas.so.13",
      "libcublas.so.12",    "libcublas.so.11",   "libcublasLt.so.13", "libcublasLt.so.12",
      "libcublasLt.so.11",  "libcudnn.so.9",     "libcudnn.so.8",     "libz.so.1",
      "libnvrtc.so.13",     "libnvrtc.so.12",    "libnvrtc.so.11.2",  "libnvJitLink.so.13",
      "libnvJitLink.so.12", "libcusparse.so.12", "libnccl.so.2"};
  names.insert(names.end(), cudnn_sublibraries.begin(), cudnn_sublibraries.end());
  return names;
}

LibraryProbe with_candidates(const std::string& name, const Root& root) {
  SearchEnvironment environment = search_environment();
  environment.root = root.directory();
  LibraryProbe probe{.name = name,
                     .opened = {},
                     .error = {},
                     .signal = {},
                     .version = {},
                     .package = {},
                     .missing_symbols = {},
                     .candidates = {}};
  for (const LibraryPlace& place : library_files(name, environment)) {
    struct stat about = {}, target = {};
    if (lstat(place.path.c_str(), &about) != 0 || stat(place.path.c_str(), &target) != 0) continue;
    Candidate candidate{.path = place.path,
                        .source = place.source,
                        .kind = S_ISLNK(about.st_mode) ? "symlink" : "file",
                        .size = static_cast<std::uint64_t>(target.st_size),
                        .opens = {},
                        .error = {}};
    candidate.error = refusal(place.path, candidate.size);
    candidate.opens = candidate.error.empty();
    // The reader knows the machine, not the tree it was simulated with.
    if (!root.is_machine() && candidate.path.starts_with(root.directory())) {
      candidate.path.erase(0, root.directory().size());
    }
    probe.candidates.push_back(std::move(candidate));
  }
  return probe;
}

}  // namespace gpucheck
