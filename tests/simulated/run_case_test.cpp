#include "verify/numerics/run_case.hpp"

#include <gmock/gmock.h>

#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

const Device device{.index = 0, .name = "simulated", .cc = 90, .simulated = true};

const Implementation* plain(const Op& op) {
  for (const Implementation& implementation : op.implementations)
    if (implementation.name == "plain") return &implementation;
  return nullptr;
}

std::int64_t elements(const Op& op, const Case& c) {
  std::int64_t sum = 0;
  for (const Tensor& tensor : op.tensors(c)) sum += tensor.elements();
  return sum;
}

// Large cases are the kernels' own tests' matter; here every op meets the judge.
TEST(RunCase, EveryOpPassesOnTheSimulatedGpu) {
  Problems problems;
  for (const Op* op : all_ops()) {
    const Implementation* implementation = plain(*op);
    ASSERT_NE(implementation, nullptr) << op->name;
    int ran = 0;
    for (const Case& c : op->cases()) {
      if (elements(*op, c) > 20000 || op->work(c).flops > 1e6) continue;
      const CaseResult result = run_case(*op, *implementation, c, *gpu_place(0),
                                         {.device = &device, .problems = &problems})
                                    .result;
      EXPECT_EQ(result.outcome, Outcome::passed) << result.id << ": " << result.reason;
      EXPECT_EQ(result.note, "") << result.id;
      ++ran;
    }
    EXPECT_GT(ran, 4) << op->name;
  }
}

TEST(RunCase, ATimedCaseIsMeasuredOnceItIsRight) {
  const Op& op = *find_op("bias");
  const Case c{.op = "bias", .shape = {{"m", 64}, {"n", 64}}};
  const CaseRun run =
      run_case(op, *plain(op), c, *gpu_place(0), {.device = &device, .timed = true});
  ASSERT_EQ(run.result.outcome, Outcome::passed) << run.result.reason;
  ASSERT_TRUE(run.measurement);
  EXPECT_GT(run.measurement->median_seconds, 0);
  EXPECT_GE(run.measurement->samples, 3);
  EXPECT_LE(run.measurement->interval_low_seconds, run.measurement->median_seconds);
  EXPECT_GE(run.measurement->interval_high_seconds, run.measurement->median_seconds);
  EXPECT_EQ(run.measurement->checked, 4096u);
}

}  // namespace
}  // namespace gpucheck
