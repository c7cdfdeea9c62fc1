#include "kernels/device/shared_library.hpp"

#include <gmock/gmock.h>

namespace gpucheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SharedLibrary, KeepsEveryAttemptWithTheLoadersWords) {
  const SharedLibrary library(
      {"libgpucheck-none.so.1", "/nowhere/libm.so.6", "libm.so.6", "libc.so.6"});
  ASSERT_TRUE(library);
  ASSERT_EQ(library.attempts().size(), 3u);  // Nothing is tried after the one that opened.
  EXPECT_THAT(library.attempts()[0].error, HasSubstr("cannot open shared object file"));
  EXPECT_EQ(library.attempts()[1].path, "/nowhere/libm.so.6");
  EXPECT_EQ(library.attempts()[2].error, "");
  EXPECT_THAT(library.why_not(), HasSubstr("libgpucheck-none.so.1"));
  EXPECT_THAT(library.why_not(), HasSubstr("; /nowhere/libm.so.6"));
}

TEST(SharedLibrary, NamesTheFileTheLoaderChose) {
  const SharedLibrary library({"libm.so.6"});
  EXPECT_THAT(library.path(), testing::AllOf(testing::StartsWith("/"), HasSubstr("libm")));
  EXPECT_EQ(SharedLibrary().path(), "");
  EXPECT_EQ(SharedLibrary({"libgpucheck-none.so.1"}).path(), "");
}

struct Maths {
  SharedLibrary library;
  double (*cosine)(double);
  double (*renamed)(double);
  double (*newer)(double);

  std::vector<std::string> resolve() {
    return resolve_all(library, Symbol{"cos", &cosine},
                       Symbol{std::array{"cos_v2", "cos"}, &renamed},
                       Symbol{"cos_v3", &newer, Need::optional});
  }
};

TEST(SharedLibrary, ResolvesTypedRows) {
  const Result<Maths> maths = open_api<Maths>({"libm.so.6"});
  ASSERT_TRUE(maths);
  EXPECT_EQ(maths->cosine(0.0), 1.0);
  EXPECT_EQ(maths->renamed(0.0), 1.0);  // By its older name.
  EXPECT_EQ(maths->newer, nullptr);
}

struct Mistaken {
  SharedLibrary library;
  double (*first)(double);
  double (*second)(double);

  std::vector<std::string> resolve() {
    return resolve_all(library, Symbol{"gpucheck_first", &first},
                       Symbol{std::array{"gpucheck_second", "other"}, &second});
  }
};

TEST(SharedLibrary, NamesEveryMissingFunction) {
  Mistaken mistaken;
  mistaken.library = SharedLibrary({"libm.so.6"});
  EXPECT_THAT(mistaken.resolve(), ElementsAre("gpucheck_first", "gpucheck_second"));
  const Result<Mistaken> opened = open_api<Mistaken>({"libm.so.6"});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("does not export gpucheck_first gpucheck_second"));
}

TEST(SharedLibrary, MissingFileIsAnErrorInTheLoadersWords) {
  const Result<Maths> maths = open_api<Maths>({"libgpucheck-none.so.1"});
  ASSERT_FALSE(maths);
  EXPECT_THAT(maths.error().what,
              HasSubstr("libgpucheck-none.so.1: cannot open shared object file"));
}

}  // namespace
}  // namespace gpucheck
