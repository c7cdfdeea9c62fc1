#include <gmock/gmock.h>

#include <ostream>

#include "tests/cli/program.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A sickness, and the beginning of the last line it has to end in.
struct Sick {
  const char* simulate;
  std::vector<std::string> arguments;
  const char* verdict;
  const char* counts = " wrong.";
};

// Or the bytes of the pointers are printed, which differ from run to run.
void PrintTo(const Sick& sick, std::ostream* out) { *out << sick.simulate; }

class SickGpu : public testing::TestWithParam<Sick> {};

TEST_P(SickGpu, EndsWithExitCode1AndIsNamed) {
  if (!has_simulator()) GTEST_SKIP() << "no gpucheck-simulated in this build";
  Call call{.arguments = GetParam().arguments};
  if (std::string(GetParam().simulate) == "hang")
    call.environment = {{"GPUCHECK_TEST_DEADLINE", "2"}};
  call.arguments.insert(call.arguments.end(), {"--simulate", GetParam().simulate, "--device", "0"});
  const Ran ran = run_program(call);
  EXPECT_EQ(ran.code, 1) << ran.out << ran.err;
  EXPECT_THAT(lines_of(ran.out).front(), HasSubstr(GetParam().simulate));
  EXPECT_THAT(lines_of(ran.out).back(), StartsWith(GetParam().verdict));
  EXPECT_THAT(lines_of(ran.out).back(), HasSubstr("(simulated)"));
  EXPECT_THAT(lines_of(ran.out).back(), HasSubstr(GetParam().counts));
  if (std::string(GetParam().verdict).starts_with("FAILED")) {
    EXPECT_THAT(ran.out, HasSubstr(std::string(" --simulate ") + GetParam().simulate + "\n"));
  }
}

const std::vector<std::string> everything;
const std::vector<std::string> one_op = {"verify", "--op", "bias", "--provider", "kernel"};

INSTANTIATE_TEST_SUITE_P(
    All, SickGpu,
    testing::Values(Sick{"bit_flip=1e-2", one_op, "FAILED on GPU 0: bias/plain/"},
                    Sick{"wrong_lane=3", one_op, "FAILED on GPU 0: bias/plain/"},
                    Sick{"wrong_sm=1", one_op, "FAILED on GPU 0: bias/plain/"},
                    Sick{"launch_failure=719", one_op, "FAILED on GPU 0: bias/plain/", "0 wrong, "},
                    Sick{"out_of_memory", one_op, "FAILED on GPU 0: bias/plain/", "0 wrong, "},
                    Sick{"hang",
                         {"verify", "--only", "bias/plain/f32/*"},
                         "FAILED on GPU 0: bias/plain/f32/",
                         "0 wrong, "},
                    Sick{"slow_clock=4",
                         {"verify", "--only", "matmul_nn/plain/f32/m512n512k512/real"},
                         "SICK DEVICE: "}));

INSTANTIATE_TEST_SUITE_P(
    OfTheMainCommand, SickGpu,
    testing::Values(Sick{"bit_flip=1e-4", everything, "FAILED on GPU 0: workload/A/kernel/"},
                    Sick{"wrong_lane=3", everything, "FAILED on GPU 0: workload/A/kernel/"},
                    Sick{"wrong_sm=1", everything, "FAILED on GPU 0: workload/E/kernel/"},
                    Sick{"launch_failure=700", everything, "FAILED on GPU 0: workload/A/kernel/",
                         "0 wrong, 9 errors."},
                    Sick{"out_of_memory", everything, "FAILED on GPU 0: workload/A/kernel/",
                         "0 wrong, 9 errors."},
                    Sick{"hang", everything, "FAILED on GPU 0: workload/A/kernel/", "0 wrong, "},
                    Sick{"slow_clock=4", everything, "SICK DEVICE: "}));

TEST(HealthyGpu, PassesWhereOnlyTheSecondOneIsAsked) {
  if (!has_simulator()) GTEST_SKIP() << "no gpucheck-simulated in this build";
  const Ran ran =
      run_program({.arguments = {"verify", "--op", "bias", "--provider", "kernel", "--simulate",
                                 "wrong_lane=3,gpus=2", "--device", "1"}});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(lines_of(ran.out).back(),
              StartsWith("gpucheck works well on a simulation of 1 GPU."));
}

TEST(HealthyGpu, WorkloadOnSeveralUsesThoseThatAreAsked) {
  const Ran ran =
      run_program({.arguments = {"verify", "--only", "workload/C/kernel/f32/gpus2", "--simulate",
                                 "wrong_lane=3,gpus=3", "--device", "1,2"}});
  if (!has_simulator()) GTEST_SKIP() << "no gpucheck-simulated in this build";
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(lines_of(ran.out).back(), HasSubstr("1 of 1 checks ran"));
}

}  // namespace
}  // namespace gpucheck
