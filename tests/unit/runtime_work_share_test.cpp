#include "runtime/work_share.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using kjit::runtime::BlockRange;
using kjit::runtime::WorkShare;

TEST(RuntimeWorkShare, IsTakenFromBothEnds) {
  const auto expect = [](BlockRange range, int64_t begin, int64_t end) {
    EXPECT_EQ(range.begin, begin);
    EXPECT_EQ(range.end, end);
  };
  WorkShare share;
  EXPECT_TRUE(share.take(1).empty());
  EXPECT_TRUE(share.take_half().empty());
  share.give({WorkShare::kMostBlocks - 10, WorkShare::kMostBlocks - 1});
  expect(share.take(2), WorkShare::kMostBlocks - 10, WorkShare::kMostBlocks - 8);
  expect(share.take_half(), WorkShare::kMostBlocks - 5, WorkShare::kMostBlocks - 1);
  EXPECT_EQ(share.size(), 3);
  expect(share.take(100), WorkShare::kMostBlocks - 8, WorkShare::kMostBlocks - 5);
  share.give({7, 8});
  expect(share.take_half(), 7, 8);
  EXPECT_EQ(share.size(), 0);
}

// Thieves that hand the blocks around, as in run_stealing, while their owners take them.
TEST(RuntimeWorkShare, EachBlockIsTakenOnce) {
  constexpr int64_t kThreads = 4, kBlocks = 200000;
  std::vector<WorkShare> shares(kThreads);
  std::vector<std::atomic<int>> taken(kBlocks);
  for (int64_t t = 0; t < kThreads; t++)
    shares[static_cast<size_t>(t)].give({kBlocks * t / kThreads, kBlocks * (t + 1) / kThreads});
  std::vector<std::thread> threads;
  for (size_t self = 0; self < kThreads; self++) {
    threads.emplace_back([&, self] {
      const auto run_own = [&] {
        for (BlockRange next; !(next = shares[self].take(1)).empty();) taken[static_cast<size_t>(next.begin)]++;
      };
      run_own();
      for (size_t victim = self + 1; victim != self + kThreads; victim++) {
        for (BlockRange half; !(half = shares[victim % kThreads].take_half()).empty();) shares[self].give(half), run_own();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (auto& count : taken) ASSERT_EQ(count, 1);
}

}  // namespace
