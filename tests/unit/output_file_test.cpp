#include "verify/report/output_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gpucheck {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(directory); }
  void TearDown() override { fs::remove_all(directory); }
  static std::string text(const fs::path& path) {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory)) ++count;
    return count;
  }

  fs::path directory = testing::TempDir() + "gpucheck_output_" + std::to_string(getpid());
  std::string path = directory / "report.json";
};

TEST_F(OutputFileTest, OldOneStandsUntilTheNewOneIsComplete) {
  std::ofstream(path) << "old";
  auto file = OutputFile::create(path);
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(text(path), "old");
  EXPECT_FALSE(file->finish("new"));
  EXPECT_EQ(text(path), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, UnfinishedOneLeavesNothing) {
  { ASSERT_TRUE(OutputFile::create(path)); }
  EXPECT_EQ(files(), 0u);
}

TEST_F(OutputFileTest, PlacesThatCannotBeWrittenSayWhy) {
  EXPECT_THAT(OutputFile::create(directory / "no" / "file").error().what,
              HasSubstr("No such file or directory"));
  EXPECT_THAT(OutputFile::create(directory).error().what, HasSubstr("Is a directory"));
  EXPECT_THAT(OutputFile::create("").error().what, HasSubstr("empty"));
}

TEST_F(OutputFileTest, FullDeviceIsAnErrorAndNullIsNot) {
  auto full = OutputFile::create("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_THAT(full->finish("x").value().what, HasSubstr("No space left on device"));
  EXPECT_FALSE(OutputFile::create("/dev/null")->finish("x"));
}

TEST_F(OutputFileTest, LinkStaysALink) {
  std::ofstream(directory / "target.json") << "old";
  fs::create_symlink("target.json", path);
  EXPECT_FALSE(OutputFile::create(path)->finish("new"));
  EXPECT_TRUE(fs::is_symlink(path));
  EXPECT_EQ(text(directory / "target.json"), "new");
}

TEST_F(OutputFileTest, LogGrowsLineByLineAndGoes) {
  auto log = RunningLog::create(path);
  ASSERT_TRUE(log);
  log->append("{\"a\":1}");
  EXPECT_EQ(text(path + ".jsonl"), "{\"a\":1}\n");
  log->append("{\"b\":2}");
  EXPECT_EQ(text(path + ".jsonl"), "{\"a\":1}\n{\"b\":2}\n");
  log->remove();
  EXPECT_EQ(files(), 0u);
}

}  // namespace
}  // namespace gpucheck
