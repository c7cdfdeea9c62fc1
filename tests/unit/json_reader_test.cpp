#include "verify/report/json_reader.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

namespace gpucheck {
namespace {

using testing::HasSubstr;

class JsonFile : public testing::Test {
 protected:
  void write(std::string_view text) { std::ofstream(path) << text; }
  std::string problem() {
    const auto json = read_json_file(path, "gpucheck.");
    return json ? "" : json.error().what;
  }
  void TearDown() override { unlink(path.c_str()); }

  std::string path = testing::TempDir() + "gpucheck_json_" + std::to_string(getpid());
};

TEST_F(JsonFile, GivesBackWhatWasWritten) {
  write(R"({"schema":"gpucheck.snapshot/1","a":[1,-2,3.5,true,null,"x",{"b":{}}]})");
  const auto json = read_json_file(path, "gpucheck.snapshot");
  ASSERT_TRUE(json) << json.error().what;
  EXPECT_EQ(json_text(*json),
            R"({"schema":"gpucheck.snapshot/1","a":[1,-2,3.5,true,null,"x",{"b":{}}]})");
}

TEST_F(JsonFile, MissingEmptyTruncatedAndForeignFilesEachSayWhichTheyAre) {
  EXPECT_THAT(problem(), HasSubstr("No such file or directory"));
  write("");
  EXPECT_THAT(problem(), HasSubstr("it is empty"));
  write(R"({"schema":"gpucheck.snapshot/1","a":[1,)");
  EXPECT_THAT(problem(), HasSubstr("it is cut off"));
  write(R"({"name":"somebody else's"})");
  EXPECT_THAT(problem(), HasSubstr("no file of gpucheck"));
  write("[1,2]");
  EXPECT_THAT(problem(), HasSubstr("no file of gpucheck"));
  write(
      "\x7f"
      "ELF\x02\x01");
  EXPECT_THAT(problem(), HasSubstr("it is not JSON"));
  write(R"({"schema":"cyclonedx/1"})");
  EXPECT_THAT(problem(), HasSubstr("its schema is \"cyclonedx/1\""));
  for (const std::string& text : {problem()}) {
    EXPECT_THAT(text, HasSubstr(path));
    EXPECT_THAT(text, testing::Not(HasSubstr("\n")));
  }
}

TEST_F(JsonFile, DeepNestingIsRefused) {
  const std::string open(1'000'000, '[');
  write(R"({"schema":"gpucheck.snapshot/1","a":)" + open);
  EXPECT_THAT(problem(), HasSubstr("nested deeper than 64 levels"));
  write(R"({"schema":"gpucheck.snapshot/1","a":)" + std::string(63, '[') + std::string(63, ']') +
        "}");
  EXPECT_EQ(problem(), "");
  write(R"({"schema":"gpucheck.snapshot/1","a":)" + std::string(64, '[') + std::string(64, ']') +
        "}");
  EXPECT_THAT(problem(), HasSubstr("nested deeper"));
}

TEST_F(JsonFile, ObjectWithAMillionKeysIsRefusedAtOnce) {
  std::string text = R"({"schema":"gpucheck.snapshot/1")";
  for (int i = 0; i < 1'000'000; ++i) text += ",\"" + std::to_string(i) + "\":0";
  write(text + "}");
  EXPECT_THAT(problem(), HasSubstr("more than 10000 keys"));
}

TEST_F(JsonFile, GigabyteIsRefusedUnread) {
  write("{");
  ASSERT_EQ(truncate(path.c_str(), off_t{1} << 30), 0);
  EXPECT_THAT(problem(), HasSubstr("larger than 64 MB"));
}

TEST_F(JsonFile, EndlessDeviceAndDirectoryDoNotHang) {
  path = "/dev/zero";
  EXPECT_THAT(problem(), HasSubstr("larger than 64 MB"));
  path = "/tmp";
  EXPECT_THAT(problem(), HasSubstr("Is a directory"));
  path = "";  // Nothing to remove.
}

TEST_F(JsonFile, LinesOfARunThatWasKilledAreAReport) {
  write(
      "{\"schema\":\"gpucheck.report/"
      "1\",\"simulated\":true}\n{\"case\":{\"id\":\"a\"}}\n{\"case\":{\"id\":\"b\"}}\n{\"ca");
  const auto json = read_json_file(path, "gpucheck.report");
  ASSERT_TRUE(json) << json.error().what;
  EXPECT_EQ(json_text(*json),
            R"({"schema":"gpucheck.report/1","simulated":true,"cases":[{"id":"a"},{"id":"b"}]})");
}

TEST(JsonText, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(json_text("a\xff"), "\"a\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace gpucheck
