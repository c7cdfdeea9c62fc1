find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)

# The CPU provider: what is missing is said, and its cases are then not run.
find_package(dnnl QUIET CONFIG)
find_library(OPENBLAS_LIBRARY openblas)
find_path(OPENBLAS_INCLUDE cblas.h PATH_SUFFIXES x86_64-linux-gnu openblas x86_64-linux-gnu/openblas-pthread)
