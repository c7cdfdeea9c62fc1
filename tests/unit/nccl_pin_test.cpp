#include <gtest/gtest.h>

#include "kernels/device/nccl.hpp"
#include "tests/unit/pin.hpp"

#if __has_include(<nccl.h>)

#include <nccl.h>

namespace gpucheck {
namespace {

TEST(NcclPin, CallsMatchTheVendorsHeader) {
  const Nccl n{};
  EXPECT_TRUE(same_call(n.version, &ncclGetVersion));
  EXPECT_TRUE(same_call(n.error_string, &ncclGetErrorString));
  EXPECT_TRUE(same_call(n.last_error, &ncclGetLastError));
  EXPECT_TRUE(same_call(n.unique_id, &ncclGetUniqueId));
  EXPECT_TRUE(same_call(n.comm_init_rank, &ncclCommInitRank));
  EXPECT_TRUE(same_call(n.comm_init_all, &ncclCommInitAll));
  EXPECT_TRUE(same_call(n.comm_destroy, &ncclCommDestroy));
  EXPECT_TRUE(same_call(n.comm_abort, &ncclCommAbort));
  EXPECT_TRUE(same_call(n.comm_async_error, &ncclCommGetAsyncError));
  EXPECT_TRUE(same_call(n.all_reduce, &ncclAllReduce));
  EXPECT_TRUE(same_call(n.broadcast, &ncclBroadcast));
  EXPECT_TRUE(same_call(n.group_start, &ncclGroupStart));
  EXPECT_TRUE(same_call(n.group_end, &ncclGroupEnd));
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
