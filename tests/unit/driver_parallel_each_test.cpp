#include "driver/parallel_each.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace kjit {
namespace {

TEST(ParallelEach, EachPieceOnce) {
  for (const std::size_t count : {0, 1, 2, 1000}) {
    std::vector<std::atomic<int>> runs(count);
    parallel_each(count, 8, [&](std::size_t i) { ++runs[i]; });
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(runs[i], 1) << i << " of " << count;
  }
}

TEST(ParallelEach, OneThreadGoesInOrder) {
  std::vector<std::size_t> order;
  parallel_each(5, 1, [&](std::size_t i) { order.push_back(i); });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(ParallelEach, WhatAPieceThrowsArrivesBehindTheOthers) {
  std::atomic<int> ended = 0;
  const auto work = [&](std::size_t i) {
    if (i == 3) throw std::runtime_error("the third");
    ++ended;
  };
  EXPECT_THROW(parallel_each(20, 4, work), std::runtime_error);
  EXPECT_EQ(ended, 19);
}

TEST(ParallelEach, PiecesMayHavePieces) {
  std::atomic<int> runs = 0;
  parallel_each(10, 4, [&](std::size_t) { parallel_each(10, 4, [&](std::size_t) { ++runs; }); });
  EXPECT_EQ(runs, 100);
}

}  // namespace
}  // namespace kjit
