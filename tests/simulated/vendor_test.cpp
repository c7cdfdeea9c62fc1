// The vendor implementations, from the op's row to the library's function, against libraries that
// compute on the host (tests/simulated/vendor): arguments, layouts, scalars, workspaces and the
// choice of algorithm, without a GPU.

#include <gtest/gtest.h>

#include <cstdlib>

#include "kernels/device/gpu_cudnn.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/run_case.hpp"

namespace gpucheck {
namespace {

class Vendor : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
#ifdef GPUCHECK_VENDOR_LIBRARIES
    setenv("GPUCHECK_LIBRARIES", GPUCHECK_VENDOR_LIBRARIES,
           1);  // Before the first library is opened.
#else
    GTEST_SKIP() << "the vendor's headers are not on the include path";
#endif
  }
};

TEST_P(Vendor, ImplementationPassesEveryCaseOfItsOps) {
  const Device device{.name = "host", .cc = 90};
  int ran = 0;
  for (const Op* op : all_ops())
    for (const Implementation& implementation : op->implementations) {
      if (implementation.name != GetParam()) continue;
      ASSERT_NE(implementation.prepare, nullptr);
      for (const Case& c : op->cases()) {
        if (op->work(c).flops > 1e6 || op->work(c).bytes > 1e6)
          continue;  // The naive loops take too long.
        if (!implementation.unavailable(device, c).empty()) continue;
        const CaseResult result =
            run_case(*op, implementation, c, *gpu_place(0), {.device = &device}).result;
        EXPECT_EQ(name(result.outcome), "passed") << result.id << ": " << result.reason;
        ++ran;
      }
    }
  EXPECT_GT(ran, 20);
}

TEST_P(Vendor, ImplementationIsNotAskedOnASimulatedDevice) {
  const Device device{.simulated = true};
  for (const Op* op : all_ops())
    for (const Implementation& implementation : op->implementations)
      if (implementation.provider == Provider::vendor) {
        EXPECT_NE(implementation.unavailable(device, op->cases()[0]).find("is not simulated"),
                  std::string::npos);
      }
}

INSTANTIATE_TEST_SUITE_P(OnTheHost, Vendor, testing::Values("cublas", "cublasLt", "cudnn"));

}  // namespace
}  // namespace gpucheck
