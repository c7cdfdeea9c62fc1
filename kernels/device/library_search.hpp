#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpucheck {

/// A variable of this process; "" where it is not set.
std::string variable(const char* name);

/// What decides where libraries are looked for. Lists are separated by colons.
struct SearchEnvironment {
  std::string libraries;        ///< GPUCHECK_LIBRARIES: directories to be preferred to all others.
  std::string ld_library_path;  ///< Read by the loader when the process starts. It beats a
                                ///< library's RUNPATH, so that a directory in it can replace the
                                ///< dependencies of a library found elsewhere.
  std::string virtual_env;      ///< VIRTUAL_ENV: the active Python environment.
  std::string conda_prefix;     ///< CONDA_PREFIX.
  std::string cuda_home;        ///< CUDA_HOME and CUDA_PATH.
  std::string
      root;  ///< Put before /etc, /lib, /opt and /usr, for tests; empty: the machine itself.
};

/// The variables of this process.
SearchEnvironment search_environment();

/// A directory or file, and how it came to be looked at: GPUCHECK_LIBRARIES or one of the words of
/// Candidate::source.
struct LibraryPlace {
  std::string path;
  std::string source;
};

/// Every existing directory in which a CUDA library may lie, in order of search, each once:
/// GPUCHECK_LIBRARIES, LD_LIBRARY_PATH, the loader's defaults, toolkits, WSL, wheels, conda,
/// compat, stubs.
std::vector<LibraryPlace> search_directories(const SearchEnvironment& environment);

/// Every file called `name` in the search directories and in the loader's cache, each once.
std::vector<LibraryPlace> library_files(const std::string& name,
                                        const SearchEnvironment& environment);

/// Paths that an ld.so.cache lists for `name`, of every architecture; none where the cache makes no
/// sense.
std::vector<std::string> cached_paths(std::string_view cache, std::string_view name);

/// What to hand to SharedLibrary for a list of SONAMEs. Per SONAME: the files in
/// GPUCHECK_LIBRARIES, the SONAME itself (the loader's own search), then the files it does not
/// reach. Never a stub or a compat copy: a stub answers every call with an error, and opening
/// libcuda's poisons the process.
std::vector<std::string> names_to_open(const std::vector<std::string>& sonames,
                                       const SearchEnvironment& environment);

/// SONAMEs of a library of the CUDA toolkit for the majors 13, 12 and 11 ("libcublas.so." + major),
/// the one this program was built with first: a newer one may ask for a newer driver.
std::vector<std::string> toolkit_sonames(std::string_view stem);

}  // namespace gpucheck
