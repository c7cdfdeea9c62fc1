#include "kernels/device/library_search.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gpucheck {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// A machine of empty files below a directory of its own.
class LibrarySearch : public testing::Test {
 protected:
  LibrarySearch() {
    std::string pattern = (fs::temp_directory_path() / "gpucheck-search-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~LibrarySearch() override { fs::remove_all(root_); }

  std::string file(const std::string& path) {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path).put('x');
    return root_ + path;
  }
  SearchEnvironment environment() const { return {.root = root_}; }

  std::string root_;
};

std::vector<std::string> described(const std::vector<LibraryPlace>& places) {
  std::vector<std::string> lines;
  for (const LibraryPlace& place : places) lines.push_back(place.source + " " + place.path);
  return lines;
}

TEST_F(LibrarySearch, FindsEveryCopyAndSaysHow) {
  const std::string wheel =
      file("/venv/lib/python3.11/site-packages/nvidia/cudnn/lib/libcudnn.so.9");
  const std::string conda = file("/conda/lib/libcudnn.so.9");
  const std::string newer = file("/usr/local/cuda-13.0/lib64/libcudnn.so.9");
  const std::string older = file("/usr/local/cuda-9.2/lib64/libcudnn.so.9");
  const std::string asked = file("/asked/libcudnn.so.9");
  const std::string path = file("/path/libcudnn.so.9");
  SearchEnvironment where = environment();
  where.libraries = root_ + "/asked";
  where.ld_library_path = "/nowhere:" + root_ + "/path";
  where.virtual_env = root_ + "/venv";
  where.conda_prefix = root_ + "/conda";
  EXPECT_THAT(
      described(library_files("libcudnn.so.9", where)),
      ElementsAre("GPUCHECK_LIBRARIES " + asked, "LD_LIBRARY_PATH " + path, "toolkit " + newer,
                  "toolkit " + older, "wheel " + wheel, "conda " + conda));
  EXPECT_THAT(names_to_open({"libcudnn.so.9"}, where),
              ElementsAre(asked, "libcudnn.so.9", newer, older, wheel, conda));
}

TEST_F(LibrarySearch, FindsTheWheelsOfCuda13) {
  const std::string blas =
      file("/venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.13");
  SearchEnvironment where = environment();
  where.virtual_env = root_ + "/venv";
  EXPECT_THAT(described(library_files("libcublas.so.13", where)), ElementsAre("wheel " + blas));
}

TEST_F(LibrarySearch, ListsStubsAndCompatButNeverOpensThem) {
  const std::string wsl = file("/usr/lib/wsl/lib/libcuda.so.1");
  const std::string compat = file("/usr/local/cuda/compat/libcuda.so.1");
  const std::string stub = file("/usr/local/cuda/lib64/stubs/libcuda.so.1");
  EXPECT_THAT(described(library_files("libcuda.so.1", environment())),
              ElementsAre("wsl " + wsl, "compat " + compat, "stubs " + stub));
  EXPECT_THAT(names_to_open({"libcuda.so.1"}, environment()), ElementsAre("libcuda.so.1", wsl));
}

TEST_F(LibrarySearch, CountsOneFileOnceWhateverItsNames) {
  const std::string real = file("/usr/local/cuda-12.4/lib64/libcublas.so.12");
  fs::create_directory_symlink("cuda-12.4", root_ + "/usr/local/cuda");
  fs::create_directory_symlink("lib64", root_ + "/usr/local/cuda-12.4/lib");
  EXPECT_EQ(library_files("libcublas.so.12", environment()).size(), 1u);
}

void append(std::string& bytes, std::uint32_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), 4);
}

// An ld.so.cache with one entry, as glibc lays it out.
std::string cache_of(const std::string& name, const std::string& path) {
  const std::uint32_t strings = 48 + 24;
  std::string bytes = "glibc-ld.so.cache1.1";
  append(bytes, 1);
  append(bytes, std::uint32_t(name.size() + path.size() + 2));
  bytes.resize(48);
  append(bytes, 0x0303);
  append(bytes, strings);
  append(bytes, std::uint32_t(strings + name.size() + 1));
  bytes.resize(strings);
  return bytes + name + '\0' + path + '\0';
}

TEST_F(LibrarySearch, ReadsTheLoadersCache) {
  const std::string library = file("/usr/lib/x86_64-linux-gnu/libcuda.so.1");
  fs::create_directories(root_ + "/etc");
  std::ofstream(root_ + "/etc/ld.so.cache")
      << cache_of("libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1");
  EXPECT_THAT(described(library_files("libcuda.so.1", environment())),
              ElementsAre("cache " + library));
  EXPECT_THAT(names_to_open({"libcuda.so.1"}, environment()), ElementsAre("libcuda.so.1"));
}

TEST(LoaderCache, HoldsTheMachinesOwnLibraries) {
  std::ifstream stream("/etc/ld.so.cache", std::ios::binary);
  const std::string cache((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  if (cache.empty()) GTEST_SKIP() << "this machine has no /etc/ld.so.cache";
  EXPECT_THAT(cached_paths(cache, "libc.so.6"), Contains(testing::EndsWith("/libc.so.6")));
  EXPECT_THAT(cached_paths(cache, "libc.so"), IsEmpty());
}

TEST(LoaderCache, SurvivesAnyTruncationAndNumber) {
  const std::string whole = cache_of("libcuda.so.1", "/lib/libcuda.so.1");
  ASSERT_THAT(cached_paths(whole, "libcuda.so.1"), ElementsAre("/lib/libcuda.so.1"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A heap copy of the exact size, so that the address sanitizer sees a read behind it.
    const std::vector<char> cut(whole.begin(), whole.begin() + long(size));
    EXPECT_THAT(cached_paths({cut.data(), cut.size()}, "libcuda.so.1").size(), testing::Le(1u));
  }
  for (std::size_t at = 20; at < 72; ++at) {
    std::string wild = whole;
    wild[at] = '\xff';
    EXPECT_THAT(cached_paths(wild, "libcuda.so.1").size(), testing::Le(1u));
  }
}

TEST(ToolkitSonames, CoverTheThreeMajors) {
  EXPECT_THAT(
      toolkit_sonames("libcublas.so."),
      testing::UnorderedElementsAre("libcublas.so.13", "libcublas.so.12", "libcublas.so.11"));
}

}  // namespace
}  // namespace gpucheck
