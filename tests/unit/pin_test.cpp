#include "tests/unit/pin.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace gpucheck {
namespace {

struct Tag;
enum class Code : int {};
enum VendorCode { vendor_ok = 0 };
using Vendor = VendorCode (*)(Tag*, const void*, int, std::size_t*);
using Ours = Code (*)(Tag*, const void*, int, std::size_t*);

TEST(Pin, AcceptsADeclarationThatDiffersInNamesOnly) { EXPECT_TRUE(same_call<Vendor>(Ours())); }

TEST(Pin, RejectsEveryKindOfDifference) {
  EXPECT_FALSE(same_call<VendorCode (*)(Tag*, const void*, int)>(Ours()));
  EXPECT_FALSE(same_call<VendorCode (*)(Tag*, void*, int, std::size_t*)>(Ours()));
  EXPECT_FALSE(same_call<VendorCode (*)(Tag*, const void*, long, std::size_t*)>(Ours()));
  EXPECT_FALSE(same_call<VendorCode (*)(Tag*, const void*, int, int*)>(Ours()));
  EXPECT_FALSE(same_call<void (*)(Tag*, const void*, int, std::size_t*)>(Ours()));
  EXPECT_FALSE(same_call<VendorCode (*)(Tag**, const void*, int, std::size_t*)>(Ours()));
}

}  // namespace
}  // namespace gpucheck
