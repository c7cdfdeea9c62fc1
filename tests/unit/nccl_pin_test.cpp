#include <gtest/gtest.h>

#include "kernels/device/nccl.hpp"
#include "tests/unit/pin.hpp"

#if __has_include(<nccl.h>)

#include <nccl.h>

namespace gpucheck {
namespace {

TEST(NcclPin, CallsMatchTheVendorsHeader) {
  const Nccl n{};
  EXPECT_TRUE(same_call<decltype(&ncclGetVersion)>(n.version));
  EXPECT_TRUE(same_call<decltype(&ncclGetErrorString)>(n.error_string));
  EXPECT_TRUE(same_call<decltype(&ncclGetLastError)>(n.last_error));
  EXPECT_TRUE(same_call<decltype(&ncclGetUniqueId)>(n.unique_id));
  EXPECT_TRUE(same_call<decltype(&ncclCommInitRank)>(n.comm_init_rank));
  EXPECT_TRUE(same_call<decltype(&ncclCommInitAll)>(n.comm_init_all));
  EXPECT_TRUE(same_call<decltype(&ncclCommDestroy)>(n.comm_destroy));
  EXPECT_TRUE(same_call<decltype(&ncclCommAbort)>(n.comm_abort));
  EXPECT_TRUE(same_call<decltype(&ncclCommGetAsyncError)>(n.comm_async_error));
  EXPECT_TRUE(same_call<decltype(&ncclAllReduce)>(n.all_reduce));
  EXPECT_TRUE(same_call<decltype(&ncclBroadcast)>(n.broadcast));
  EXPECT_TRUE(same_call<decltype(&ncclGroupStart)>(n.group_start));
  EXPECT_TRUE(same_call<decltype(&ncclGroupEnd)>(n.group_end));
}

TEST(NcclPin, NumbersMatchTheVendorsHeader) {
  EXPECT_EQ(int(NcclDtype::s32), ncclInt32);
  EXPECT_EQ(int(NcclDtype::f16), ncclFloat16);
  EXPECT_EQ(int(NcclDtype::f32), ncclFloat32);
  EXPECT_EQ(int(NcclDtype::f64), ncclFloat64);
  EXPECT_EQ(int(NcclDtype::bf16), ncclBfloat16);
  EXPECT_EQ(int(NcclOperation::sum), ncclSum);
  EXPECT_EQ(int(NcclOperation::product), ncclProd);
  EXPECT_EQ(int(NcclOperation::maximum), ncclMax);
  EXPECT_EQ(int(NcclOperation::minimum), ncclMin);
  EXPECT_EQ(int(NcclOperation::average), ncclAvg);
  EXPECT_EQ(sizeof(NcclUniqueId), sizeof(ncclUniqueId));
}

}  // namespace
}  // namespace gpucheck

#else

TEST(NcclPin, MatchesTheVendorsHeader) { GTEST_SKIP() << "nccl.h is not on the include path"; }

#endif
