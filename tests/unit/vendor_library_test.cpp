// Against the vendor's own libraries where they are installed; no GPU is needed, and where there is
// none their refusal is what is tested.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "kernels/device/cublaslt.hpp"
#include "kernels/device/cudnn.hpp"
#include "kernels/device/driver.hpp"
#include "kernels/device/nccl.hpp"
#include "kernels/device/nvml.hpp"
#include "kernels/device/nvrtc.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

bool has_gpu() { return driver() && driver()->init(0) == DriverStatus{}; }

std::string thrown(const std::function<void()>& call) {
  try {
    call();
  } catch (const LibraryError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(VendorLibrary, CublasOpensAndRefusesWithoutAGpu) {
  if (!cublas()) GTEST_SKIP() << cublas().error().what;
  int major = 0;
  require(cublas()->property(0, &major));
  EXPECT_THAT(cublas()->library.path(), HasSubstr("libcublas.so." + std::to_string(major)));
  if (has_gpu()) GTEST_SKIP() << "there is a GPU";
  CublasHandle handle = nullptr;
  const CublasStatus status = cublas()->create(&handle);
  EXPECT_EQ(status, CublasStatus::not_initialized);
  EXPECT_THAT(thrown([&] { require(status); }), HasSubstr("CUBLAS_STATUS_NOT_INITIALIZED (1)"));
  EXPECT_THAT(thrown([&] { require(status); }), HasSubstr("vendor_library_test.cpp:"));
}

TEST(VendorLibrary, CublasLtComesFromTheDirectoryOfCublas) {
  if (!cublaslt()) GTEST_SKIP() << cublaslt().error().what;
  EXPECT_GE(cublaslt()->version(), 110000u);
  if (!cublas()) return;
  const auto directory = [](const SharedLibrary& library) {
    return std::filesystem::path(library.path()).parent_path();
  };
  EXPECT_EQ(directory(cublas()->library), directory(cublaslt()->library));
}

TEST(VendorLibrary, CublasNamesItsCodesAsWeDo) {
  if (!cublas()) GTEST_SKIP() << cublas().error().what;
  if (cublas()->status_name == nullptr) GTEST_SKIP() << "this cuBLAS does not name its codes";
  for (const int code : {1, 3, 7, 8, 11, 13, 14, 15, 16}) {
    const auto status = static_cast<CublasStatus>(code);
    const std::string message = thrown([&] { require(status); });
    EXPECT_THAT(message, HasSubstr(cublas()->status_name(status)));
  }
}

// cuDNN aborts the process where a sublibrary is missing, so it is asked in a child.
int cudnn_answers() {
  if (cudnn()->version() < 8000) return 1;
  if (cudnn()->ops_version_check() != CudnnStatus{} ||
      cudnn()->cnn_version_check() != CudnnStatus{})
    return 2;
  if (has_gpu()) return 0;
  CudnnHandle handle = nullptr;
  const CudnnStatus status = cudnn()->create(&handle);
  if (int(status) != (cudnn()->version() < 90000 ? 1 : 1001)) return 3;
  const std::string message = thrown([&] { require(status); });
  return message.find("CUDNN_STATUS_NOT_INITIALIZED") != std::string::npos ? 0 : 4;
}

TEST(VendorLibrary, CudnnOpensAndRefusesWithoutAGpu) {
  if (!cudnn()) GTEST_SKIP() << cudnn().error().what;
  EXPECT_EXIT(std::exit(cudnn_answers()), testing::ExitedWithCode(0), "");
}

TEST(VendorLibrary, NcclTellsItsVersion) {
  if (!nccl()) GTEST_SKIP() << nccl().error().what;
  int code = 0;
  require(nccl()->version(&code));
  EXPECT_GE(code, 2000);
  EXPECT_THAT(thrown([] { require(NcclStatus(4)); }), HasSubstr("invalid argument"));
}

TEST(VendorLibrary, NvrtcCompiles) {
  if (!nvrtc()) GTEST_SKIP() << nvrtc().error().what;
  NvrtcProgram program = nullptr;
  require(nvrtc()->create_program(&program, "__global__ void k(float* p) { *p = 1; }", "k.cu", 0,
                                  nullptr, nullptr));
  require(nvrtc()->compile_program(program, 0, nullptr));
  std::size_t bytes = 0;
  require(nvrtc()->ptx_size(program, &bytes));
  std::string ptx(bytes, '\0');
  require(nvrtc()->ptx(program, ptx.data()));
  EXPECT_THAT(ptx, HasSubstr(".entry"));
  require(nvrtc()->destroy_program(&program));
  EXPECT_THAT(thrown([] { require(NvrtcStatus(6)); }), HasSubstr("NVRTC_ERROR_COMPILATION (6)"));
}

TEST(VendorLibrary, NvmlSaysWhyItCannotStart) {
  if (!nvml()) GTEST_SKIP() << nvml().error().what;
  const NvmlStatus status = nvml()->init();
  if (status == NvmlStatus::success) GTEST_SKIP() << "NVML works here";
  EXPECT_THAT(thrown([&] { require(status); }),
              HasSubstr("nvmlReturn_t (" + std::to_string(int(status)) + "): "));
}

// A name spelled wrong in an optional row would only ever read "not in this version".
TEST(VendorLibrary, OptionalFunctionsOfRecentVersionsAreFound) {
  if (!cublas() || !cudnn() || !nccl() || !nvrtc())
    GTEST_SKIP() << "not all libraries are installed";
  if (cublas()->library.find("cublasGetEmulationStrategy") == nullptr)
    GTEST_SKIP() << "an old CUDA";
  EXPECT_NE(cublas()->status_name, nullptr);
  EXPECT_NE(cublas()->status_string, nullptr);
  EXPECT_NE(nvrtc()->supported_arch_count, nullptr);
  EXPECT_NE(nvrtc()->supported_archs, nullptr);
  EXPECT_NE(nccl()->last_error, nullptr);
  EXPECT_NE(cudnn()->ops_version_check, nullptr);
  EXPECT_NE(cudnn()->cnn_version_check, nullptr);
  EXPECT_NE(cudnn()->adv_version_check, nullptr);
  EXPECT_NE(cudnn()->graph_version_check, nullptr);
  EXPECT_NE(cudnn()->last_error_string, nullptr);
}

TEST(VendorLibrary, MissingLibraryIsNotRunInTheLoadersWords) {
  const Result<Nccl> missing = open_api<Nccl>({"libgpucheck-none.so.2"});
  try {
    needed(missing);
    FAIL() << "a missing library went unnoticed";
  } catch (const NotRun& reason) {
    EXPECT_THAT(reason.what(), HasSubstr("libgpucheck-none.so.2: cannot open shared object file"));
  }
}

}  // namespace
}  // namespace gpucheck
