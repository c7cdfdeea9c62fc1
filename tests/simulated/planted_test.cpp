#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/device/buffer.hpp"
#include "kernels/device/sanitizer.hpp"
#include "kernels/device/simulated/patterns.hpp"
#include "kernels/device/simulated/race.hpp"
#include "tests/simulated/grid.hpp"
#include "tests/simulated/planted_kernels.hpp"

// Every planted bug is found by the flavour that the design says finds it, at its line; the same
// kernels without the bug raise no alarm in any flavour and order.

namespace gpucheck {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr Planted races[] = {Planted::no_barrier_after_load, Planted::no_barrier_before_next_tile,
                             Planted::no_barrier_in_tree, Planted::no_warp_barrier,
                             Planted::plain_add_from_many_blocks};
constexpr Planted overruns[] = {Planted::dynamic_shared_off_by_one, Planted::shared_row_overrun,
                                Planted::tail_overrun};

std::string at(unsigned line) { return "planted_kernels.cpp:" + std::to_string(line); }

TEST_P(InEveryOrder, HealthyVersionsRaiseNoAlarm) {
  for (int bug = 0; bug <= int(Planted::shuffle_loop_stops_early); ++bug) {
    const PlantedRun run = run_planted(Planted(bug), Version::healthy);
    EXPECT_EQ(run.report, "") << bug;
    EXPECT_TRUE(run.right) << bug;
  }
}

TEST_P(InEveryOrder, RacesAreReportedWithBothAccesses) {
  if (!simt::race_hooks) GTEST_SKIP() << "kernels have race hooks in the race preset only";
  for (const Planted bug : races) {
    const std::string report = run_planted(bug, Version::buggy).report;
    EXPECT_THAT(report, AllOf(HasSubstr("data race"), HasSubstr(" conflicts with the ")));
    const std::string first = at(lines(bug).first), second = at(lines(bug).second);
    const std::size_t one = report.find(first);
    EXPECT_NE(one, report.npos) << report << "\nlacks " << first;
    if (first == second)
      EXPECT_NE(report.find(second, one + 1), report.npos) << report << "\nnames one access only";
    else
      EXPECT_THAT(report, HasSubstr(second));
  }
}

// Without hooks the results show a race in at least one order: shared memory is poisoned, and
// threads do not overlap.
TEST(Planted, ResultsShowMissingBarriersInSomeOrder) {
  if (simt::race_hooks) GTEST_SKIP() << "the race hooks end the kernel before it has results";
  for (const Planted bug : {Planted::no_barrier_after_load, Planted::no_barrier_before_next_tile,
                            Planted::no_barrier_in_tree, Planted::no_warp_barrier}) {
    int wrong = 0;
    for (const simt::Order order : {simt::Order::forward, simt::Order::reverse}) {
      simt::settings().order = order;
      wrong += !run_planted(bug, Version::buggy).right;
    }
    simt::settings().order = simt::Order::forward;
    EXPECT_GT(wrong, 0) << int(bug);
  }
}

TEST(Planted, ResultsShowAShuffleLoopThatStopsEarly) {
  EXPECT_FALSE(run_planted(Planted::shuffle_loop_stops_early, Version::buggy).right);
}

TEST(PlantedDeathTest, OverrunsAreReportedAtTheirLine) {
  if (!address_sanitizer) GTEST_SKIP() << "needs AddressSanitizer: the dev preset";
  for (const Planted bug : overruns)
    EXPECT_DEATH(
        run_planted(bug, Version::buggy),
        AllOf(testing::AnyOf(HasSubstr("heap-buffer-overflow"), HasSubstr("out of bounds")),
              HasSubstr(at(lines(bug).first))));
}

constexpr unsigned guard_line = __LINE__ + 1;
__global__ void write_past_end(int* data, int count) { data[count] = 0; }

TEST(PlantedDeathTest, StoreIntoTheGuardsOfABufferIsReportedAtItsLine) {
  const Buffer buffer(*gpu_place(0), 12);
  const auto overrun = [&] {
    launch(write_past_end, dim3(1), dim3(1), 0, nullptr, static_cast<int*>(buffer.data()), 3);
    cudaDeviceSynchronize();
  };
  if (!address_sanitizer) {
    overrun();
    EXPECT_EQ(buffer.damage(), "4 bytes written after its end, the nearest 0 bytes behind it");
    return;
  }
  EXPECT_DEATH(overrun(), AllOf(HasSubstr("use-after-poison"),
                                HasSubstr("planted_test.cpp:" + std::to_string(guard_line))));
}

TEST(PlantedDeathTest, HostAccessToDeviceMemoryIsReported) {
  if (!address_sanitizer) GTEST_SKIP() << "needs AddressSanitizer: the dev preset";
  const Buffer buffer(*gpu_place(0), 4);
  EXPECT_DEATH(*static_cast<volatile int*>(buffer.data()) = 1, HasSubstr("use-after-poison"));
}

class Pattern : public testing::Test {
 protected:
  void SetUp() override {
    if (!simt::race_hooks) GTEST_SKIP() << "kernels have hooks in the race preset only";
    simt::count_patterns(true);
  }
  void TearDown() override { simt::count_patterns(false); }
};

TEST_F(Pattern, CoalescedCopyTouchesFourSectorsPerRequest) {
  EXPECT_EQ(run_strided_copy(1), "");
  EXPECT_EQ(simt::patterns().global_requests, 8u);  // Four warps read and write.
  EXPECT_EQ(simt::patterns().global_sectors, 8u * 4);
}

TEST_F(Pattern, StridedCopyTouchesASectorPerLane) {
  EXPECT_EQ(run_strided_copy(8), "");
  EXPECT_EQ(simt::patterns().global_requests, 8u);
  EXPECT_EQ(simt::patterns().global_sectors, 8u * 32);
}

TEST_F(Pattern, ColumnOfAnUnpaddedTileHitsOneBank) {
  EXPECT_EQ(run_column_read(false), "");
  EXPECT_EQ(simt::patterns().shared_requests, 33u);  // 32 rows written, one column read.
  EXPECT_EQ(simt::patterns().shared_conflicts, 31u);
}

TEST_F(Pattern, PaddingKeepsTheColumnApart) {
  EXPECT_EQ(run_column_read(true), "");
  EXPECT_EQ(simt::patterns().shared_conflicts, 0u);
}

}  // namespace
}  // namespace gpucheck
