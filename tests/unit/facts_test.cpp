#include "verify/doctor/facts.hpp"

#include <gtest/gtest.h>

#include "verify/doctor/codes.hpp"
#include "verify/doctor/csv.hpp"
#include "verify/doctor/embedded.hpp"

namespace gpucheck {
namespace {

TEST(Csv, ReadsQuotesCommasAndLineEnds) {
  const auto csv = parse_csv("a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n,\n");
  ASSERT_TRUE(csv) << csv.error().what;
  ASSERT_EQ(csv->rows.size(), 2U);
  EXPECT_EQ(csv->cell(csv->rows[0], "a"), "x, \"y\"\nz");
  EXPECT_EQ(csv->cell(csv->rows[0], "b"), "2");
  EXPECT_EQ(csv->cell(csv->rows[1], "a"), "");
  EXPECT_EQ(csv->cell(csv->rows[1], "none"), "");
}

TEST(Csv, NamesTheLineThatIsWrong) {
  EXPECT_EQ(parse_csv("a,b\n1,2\n3\n").error().what, "line 3: 1 cells under 2 columns");
  EXPECT_FALSE(parse_csv("a\n\"open"));
  EXPECT_FALSE(parse_csv("a\n\"x\"y\n"));
  EXPECT_FALSE(parse_csv("a\nx\"y\n"));
  EXPECT_FALSE(parse_csv(""));
}

TEST(Facts, EveryTableParsesAndNamesItsSources) {
  int tables = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.ends_with(".csv")) continue;
    ++tables;
    const auto csv = parse_csv(file.text);
    ASSERT_TRUE(csv) << file.name << ": " << csv.error().what;
    EXPECT_FALSE(csv->rows.empty()) << file.name;
    if (file.name == "peaks.csv") continue;  // Its derivations are in reference/performance.
    for (const auto& row : csv->rows)
      EXPECT_FALSE(csv->cell(row, "source").empty()) << file.name << ": " << row[0];
  }
  EXPECT_GE(tables, 12);
}

TEST(Facts, KnowTheDriverThatACudaVersionNeeds) {
  EXPECT_EQ(smallest_driver(13000), "580.65.06");
  EXPECT_EQ(smallest_driver(13020), "580.65.06");
  EXPECT_EQ(full_driver(13020), "595.45.04");
  EXPECT_EQ(smallest_driver(12000), "525.60.13");
  EXPECT_EQ(smallest_driver(11000), "450.80.02");
  EXPECT_EQ(smallest_driver(99000), "");
  EXPECT_EQ(smallest_windows_driver(13000), "580");
  EXPECT_EQ(cuda_of_driver("570.124.06"), 12080);
  EXPECT_EQ(cuda_of_driver("580.65.06"), 13000);
  EXPECT_EQ(cuda_of_driver("1.2"), 0);
}

TEST(Facts, KnowGpusAndTheirLimits) {
  EXPECT_EQ(pci_name("1e04"), "NVIDIA GeForce RTX 2080 Ti");
  EXPECT_EQ(pci_name("ffff"), "");
  EXPECT_EQ(last_toolkit(70), "12.9");
  EXPECT_EQ(last_toolkit(90), "current");
  EXPECT_EQ(forward_compatibility("12-8", "580.65.06"), "X");
  EXPECT_EQ(forward_compatibility("13-0", "570.86.10"), "C");
  EXPECT_EQ(forward_compatibility("13-0", "580.65.06"), "N/A");
}

TEST(Facts, CompareVersionsNumberByNumber) {
  EXPECT_GT(compare_versions("450.80.02", "450.51"), 0);
  EXPECT_LT(compare_versions("570.9", "570.86.10"), 0);
  EXPECT_EQ(compare_versions("580.65.06", "580.65.6"), 0);
  EXPECT_LT(compare_versions("", "1"), 0);
}

TEST(Codes, HaveNames) {
  EXPECT_EQ(code_name("cuda", 802), "cudaErrorSystemNotReady");
  EXPECT_EQ(code_name("nvml", 18), "NVML_ERROR_LIB_RM_VERSION_MISMATCH");
  EXPECT_EQ(code_name(domain_of_call("cudnnCreate"), 1001), "CUDNN_STATUS_NOT_INITIALIZED");
  EXPECT_EQ(name_of_returned("cuInit", 803), "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
  EXPECT_EQ(name_of_returned("cudaMalloc", 2), "cudaErrorMemoryAllocation");
  EXPECT_EQ(code_name("cuda", -5), "");
}

}  // namespace
}  // namespace gpucheck
