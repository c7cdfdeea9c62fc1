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

TEST(Pin, AcceptsADeclarationThatDiffersInNamesOnly) { EXPECT_TRUE(same_call(Ours(), Vendor())); }

TEST(Pin, RejectsEveryKindOfDifference) {
  EXPECT_FALSE(same_call(Ours(), static_cast<VendorCode (*)(Tag*, const void*, int)>(nullptr)));
  EXPECT_FALSE(
      same_call(Ours(), static_cast<VendorCode (*)(Tag*, void*, int, std::size_t*)>(nullptr)));
  EXPECT_FALSE(same_call(
      Ours(), static_cast<VendorCode (*)(Tag*, const void*, long, std::size_t*)>(nullptr)));
  EXPECT_FALSE(
      same_call(Ours(), static_cast<VendorCode (*)(Tag*, const void*, int, int*)>(nullptr)));
  EXPECT_FALSE(
      same_call(Ours(), static_cast<void (*)(Tag*, const void*, int, std::size_t*)>(nullptr)));
  EXPECT_FALSE(same_call(
      Ours(), static_cast<VendorCode (*)(Tag**, const void*, int, std::size_t*)>(nullptr)));
}

}  // namespace
}  // namespace gpucheck
