#include "verify/doctor/embedded.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace gpucheck;

namespace {

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST(Embedded, HoldsEveryFileByteForByte) {
  ASSERT_FALSE(embedded_files().empty());
  for (const EmbeddedFile& each : embedded_files()) {
    const std::string directory = each.name.starts_with("machines/") ? "/tests/" : "/data/";
    EXPECT_TRUE(each.text == file(GPUCHECK_SOURCE_DIR + directory + std::string(each.name)))
        << each.name;
  }
}

TEST(Embedded, HoldsFilesLongerThanAStringLiteralMayBe) {
  EXPECT_GT(embedded("pci_ids.csv").size(), 65536u);
}

TEST(Embedded, IsEmptyForAnUnknownName) { EXPECT_TRUE(embedded("no_such_table.csv").empty()); }
