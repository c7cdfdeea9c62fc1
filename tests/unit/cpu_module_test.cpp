#include "kernels/device/cpu_module.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/run_case.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

const std::string built_module = GPUCHECK_BINARY_DIR "/gpucheck_cpu.so";

bool choose_built_module() {
  setenv("GPUCHECK_CPU_MODULE", built_module.c_str(), 0);
  return access(built_module.c_str(), R_OK) == 0;
}

/// Every op that the module implements; nothing where this build has no module.
class CpuModuleOp : public testing::TestWithParam<const Op*> {
 protected:
  void SetUp() override {
    if (!choose_built_module()) GTEST_SKIP() << "this build has no gpucheck_cpu.so";
  }
};

std::vector<const Op*> implemented() {
  std::vector<const Op*> ops;
  for (const Op* const op : all_ops())
    for (const Implementation& implementation : op->implementations)
      if (implementation.provider == Provider::cpu && (ops.empty() || ops.back() != op))
        ops.push_back(op);
  return ops;
}

INSTANTIATE_TEST_SUITE_P(All, CpuModuleOp, testing::ValuesIn(implemented()),
                         [](const auto& row) { return std::string(row.param->name); });

TEST_P(CpuModuleOp, AgreesWithTheReference) {
  const Op& op = *GetParam();
  int ran = 0;
  for (const Implementation& implementation : op.implementations) {
    if (implementation.provider != Provider::cpu) continue;
    for (const Case& c : op.cases()) {
      if (!implementation.unavailable({}, c).empty() || op.work(c).bytes > 4e6) continue;
      const CaseResult result = run_case(op, implementation, c, cpu_place(), {}).result;
      EXPECT_EQ(result.outcome, Outcome::passed) << result.id << ' ' << result.reason;
      EXPECT_GT(result.numbers.checked, 0u) << result.id;
      ++ran;
    }
  }
  EXPECT_GE(ran, 8);
}

TEST(CpuModule, ImplementsWhatTheRowsPromiseAndNothingElse) {
  if (!choose_built_module()) GTEST_SKIP() << "this build has no gpucheck_cpu.so";
  ASSERT_TRUE(cpu_module()) << cpu_module().error().what;
  std::vector<std::string> promised, present;
  for (const Op* const op : all_ops())
    for (const Implementation& row : op->implementations)
      if (row.provider == Provider::cpu)
        promised.push_back(std::string(op->name) + '/' + std::string(row.name));
  for (const CpuImplementation& one : cpu_module()->implementations)
    present.push_back(std::string(one.op) + '/' + std::string(one.implementation));
  EXPECT_THAT(present, testing::UnorderedElementsAreArray(promised));
}

TEST(CpuModule, SaysWhichLibrariesInstructionsAndThreads) {
  if (!choose_built_module()) GTEST_SKIP() << "this build has no gpucheck_cpu.so";
  ASSERT_TRUE(cpu_module());
  EXPECT_THAT(cpu_module()->description(),
              testing::MatchesRegex("oneDNN [0-9]+.[0-9]+.[0-9]+, .+, [0-9]+ threads; "
                                    "OpenBLAS [0-9.]+, .+, [0-9]+ threads"));
}

TEST(CpuModule, WhatHasNoCodeIsNotRunAndSaysWho) {
  if (!choose_built_module()) GTEST_SKIP() << "this build has no gpucheck_cpu.so";
  const Case c{.op = "matmul_tn",
               .dtype = Dtype::f64,
               .accumulator = Dtype::f64,
               .output = Dtype::f64,
               .shape = {{"m", 1}, {"n", 1}, {"k", 1}}};
  const Buffers buffers{{nullptr, nullptr, nullptr}, nullptr};
  EXPECT_THROW(prepare_onednn(c, buffers), NotRun);
  Case unknown = c;
  unknown.op = "sgd";
  EXPECT_THROW(prepare_onednn(unknown, buffers), NotRun);
}

TEST(CpuModule, AbsentModuleIsTheLoadersWords) {
  const Result<CpuModule> module = open_cpu_module({"/nowhere/gpucheck_cpu.so"});
  ASSERT_FALSE(module);
  EXPECT_THAT(module.error().what, HasSubstr("/nowhere/gpucheck_cpu.so"));
  EXPECT_THAT(module.error().what, HasSubstr("No such file"));
}

TEST(CpuModule, AnotherLibraryIsNotTakenForIt) {
  const Result<CpuModule> module = open_cpu_module({"libm.so.6"});
  ASSERT_FALSE(module);
  EXPECT_THAT(module.error().what, HasSubstr("does not export gpucheck_cpu_module"));
}

TEST(CpuModule, OfAnotherVersionIsRefused) {
  const CpuModule good{cpu_module_interface, sizeof(Case), {}, nullptr};
  EXPECT_TRUE(fits(good));
  EXPECT_FALSE(fits({cpu_module_interface + 1, sizeof(Case), {}, nullptr}));
  EXPECT_FALSE(fits({cpu_module_interface, sizeof(Case) + 8, {}, nullptr}));
}

TEST(CpuModuleDeathTest, WithoutItACaseIsNotRunAndTheProgramGoesOn) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto without = [] {
    setenv("GPUCHECK_CPU_MODULE", "/nowhere/gpucheck_cpu.so", 1);
    const Op& op = *find_op("matmul_tn");
    const Case c = op.cases()[20];
    for (const Implementation& implementation : op.implementations) {
      if (implementation.name != "onednn") continue;
      const CaseResult result = run_case(op, implementation, c, cpu_place(), {}).result;
      std::fprintf(stderr, "%s", result.reason.c_str());
      _exit(result.outcome == Outcome::not_run ? 0 : 1);
    }
    _exit(2);
  };
  EXPECT_EXIT(without(), testing::ExitedWithCode(0), "/nowhere/gpucheck_cpu.so");
}

TEST(CpuModule, AsksOnlyForWhatItsLibrariesDocument) {
  const auto reason = [](auto unavailable, Dtype dtype) {
    return unavailable(Device{}, Case{.op = "matmul_tn", .dtype = dtype});
  };
  EXPECT_EQ(reason(onednn_unavailable, Dtype::f32), "");
  EXPECT_NE(reason(onednn_unavailable, Dtype::f64), "");
  EXPECT_NE(reason(onednn_unavailable, Dtype::f16), "");
  EXPECT_EQ(reason(openblas_unavailable, Dtype::f64), "");
  EXPECT_NE(reason(openblas_unavailable, Dtype::f32), "");
}

}  // namespace
}  // namespace gpucheck
