#include "verify/doctor/explain.hpp"

#include <gtest/gtest.h>

namespace gpucheck {
namespace {

bool answers(std::string_view question, std::string_view part) {
  const Explanation answer = explain(question);
  return answer.known && answer.text.find(part) != std::string::npos;
}

TEST(Explain, AnswersCodesOfEveryDomain) {
  EXPECT_TRUE(answers("802", "cudaErrorSystemNotReady"));
  EXPECT_TRUE(answers("cuda 35", "cudaErrorInsufficientDriver"));
  EXPECT_TRUE(answers("cudnn 1002", "SUBLIBRARY_VERSION_MISMATCH"));
  EXPECT_TRUE(answers("CUDNN 1", "CUDNN_STATUS_NOT_INITIALIZED"));
  EXPECT_TRUE(answers("nvml 18", "NVML_ERROR_LIB_RM_VERSION_MISMATCH"));
  EXPECT_TRUE(answers("cublas 13", "CUBLAS_STATUS_EXECUTION_FAILED"));
  EXPECT_TRUE(answers("nccl 1", "ncclUnhandledCudaError"));
  EXPECT_TRUE(answers("xid 79", "fallen off the bus"));
}

TEST(Explain, AnswersABareNumberForAllDomainsCudaFirst) {
  const Explanation answer = explain("3");
  ASSERT_TRUE(answer.known);
  EXPECT_EQ(answer.text.rfind("CUDA 3", 0), 0U) << answer.text;
  for (const char* domain : {"cuBLAS 3", "NVML 3", "NCCL 3", "Xid 3"}) {
    EXPECT_NE(answer.text.find(domain), std::string::npos) << domain;
  }
}

TEST(Explain, KnowsNamesInAnyCase) {
  EXPECT_TRUE(answers("CUDA_ERROR_NO_DEVICE", "CUDA 100"));
  EXPECT_TRUE(answers("cudaerrornodevice", "CUDA 100"));
  EXPECT_TRUE(answers("CUDNN_STATUS_NOT_INITIALIZED", "cuDNN 9 1001"));
}

TEST(Explain, KnowsTheRowsOfTheCatalogue) {
  EXPECT_TRUE(answers("W1", "/usr/lib/wsl/lib"));
  EXPECT_TRUE(answers("l12", "nvJitLink"));
  EXPECT_TRUE(answers("D0", "NVIDIA GPU"));
}

TEST(Explain, KnowsPastedErrorLines) {
  EXPECT_TRUE(
      answers("NVRM: Xid (PCI:0000:08:00): 79, pid=1234, GPU has fallen off the bus.", "Xid 79"));
  EXPECT_TRUE(answers(
      "RuntimeError: CUDA error: no kernel image is available for execution on the device", "209"));
  EXPECT_TRUE(answers("Failed to initialize NVML: Driver/library version mismatch", "D6"));
  EXPECT_TRUE(
      answers("docker: Error response from daemon: could not select device driver \"\" with "
              "capabilities: [[gpu]].",
              "C1"));
  EXPECT_TRUE(answers("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "5000"));
  EXPECT_TRUE(answers(
      "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory",
      "W1"));
}

TEST(Explain, SuggestsWhatWasMeant) {
  const Explanation answer = explain("CUDA_ERROR_NO_DEVISE");
  EXPECT_FALSE(answer.known);
  EXPECT_NE(answer.text.find("CUDA_ERROR_NO_DEVICE"), std::string::npos) << answer.text;
}

TEST(Explain, AdmitsWhatItDoesNotKnow) {
  for (const char* question : {"", "   ", "31415", "the weather", "xid 99999"}) {
    const Explanation answer = explain(question);
    EXPECT_FALSE(answer.known) << question << ": " << answer.text;
    EXPECT_FALSE(answer.text.empty());
  }
  explain(std::string(1 << 20, '('));
}

}  // namespace
}  // namespace gpucheck
