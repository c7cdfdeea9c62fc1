#include "verify/report/text/workload_table.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

namespace gpucheck {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Timed {
  std::string op, implementation, shape;
  std::optional<int> device;
  Dtype dtype;
  double seconds;
  Work work;
};

Report report_of(const std::vector<Timed>& all) {
  Report report;
  for (const Timed& one : all) {
    const std::string id = one.op + '/' + one.implementation + '/' + std::string(name(one.dtype)) +
                           '/' + one.shape + "/real";
    const Provider provider = one.device ? Provider::kernel : Provider::cpu;
    report.cases.push_back({.id = id,
                            .op = one.op,
                            .provider = provider,
                            .implementation = one.implementation,
                            .dtype = one.dtype,
                            .device = one.device,
                            .outcome = Outcome::passed});
    report.measurements.push_back({.id = id,
                                   .provider = provider,
                                   .device = one.device,
                                   .median_seconds = one.seconds,
                                   .work = one.work});
  }
  return report;
}

/// Lines of the table.
std::vector<std::string> lines_of(const Report& report) {
  std::istringstream text(workload_table(report, {}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

const std::string one_image = "n1c64h56w56k64r3s3_p1s1d1g1_nhwc";
const std::string eight_images = "n8c64h56w56k64r3s3_p1s1d1g1_nhwc";

TEST(WorkloadTable, TheCpusRateOnAnotherShapeIsTheMeasure) {
  // 8 images in the time of one are 8 times as much.
  const auto lines = lines_of(
      report_of({{"conv2d_fprop", "onednn", one_image, {}, Dtype::f32, 1e-3, {.flops = 1e8}},
                 {"conv2d_fprop", "plain", eight_images, 0, Dtype::f32, 1e-3, {.flops = 8e8}},
                 {"matmul_nn", "onednn", "m512n512k512", {}, Dtype::f32, 2e-3, {.flops = 2e8}},
                 {"matmul_nn", "plain", "m1024n1024k1024", 0, Dtype::f32, 1e-3, {.flops = 16e8}}}));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("conv2d_fprop 8x64x56x56 3x3 f32"),
                                             EndsWith(" 8.0x"))));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("conv2d_fprop 64x56x56 3x3 f32"),
                                             Not(EndsWith("x")))));
  EXPECT_THAT(
      lines, Contains(testing::AllOf(HasSubstr("matmul_nn 1024x1024x1024 f32"), EndsWith(" 16x"))));
}

TEST(WorkloadTable, TheCpusBestOfTheSameOpAndTypeIsTheMeasure) {
  const auto lines = lines_of(
      report_of({{"matmul_nn", "onednn", "m512n512k512", {}, Dtype::f32, 1, {.flops = 1e9}},
                 {"matmul_nn", "openblas", "m256n256k256", {}, Dtype::f32, 1, {.flops = 4e9}},
                 {"matmul_nn", "onednn", "m64n64k64", {}, Dtype::bf16, 1, {.flops = 8e9}},
                 {"matmul_tn", "onednn", "m64n64k64", {}, Dtype::f32, 1, {.flops = 8e9}},
                 {"matmul_nn", "plain", "m1024n1024k1024", 0, Dtype::f32, 1, {.flops = 8e9}},
                 {"matmul_nn", "plain", "m1024n1024k1024", 0, Dtype::f64, 1, {.flops = 8e9}}}));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("1024 f32"), EndsWith(" 2.0x"))));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("1024 f64"), Not(EndsWith("x")))));
}

TEST(WorkloadTable, ShapesThatReadTheSameHaveRowsOfTheirOwn) {
  const auto lines =
      lines_of(report_of({{"conv2d_fprop", "plain", one_image, 0, Dtype::f32, 1e-3, {.flops = 1e8}},
                          {"conv2d_fprop",
                           "plain",
                           "n1c64h56w56k128r3s3_p1s1d1g1_nhwc",
                           0,
                           Dtype::f32,
                           1e-3,
                           {.flops = 2e8}}}));
  EXPECT_EQ(std::ranges::count_if(
                lines, [](const std::string& line) { return line.starts_with("  conv2d_fprop"); }),
            2);
}

}  // namespace
}  // namespace gpucheck
