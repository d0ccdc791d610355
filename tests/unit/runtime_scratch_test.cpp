// Scratch arrays: what is used again, what is not, and that all of it is freed.

#include <gtest/gtest.h>

#include <set>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// scratch(count) of i64 at this site, filled with ones; `dirty` says whether it held anything else than zeros.
kjit_array scratch(kjit_context* ctx, uint32_t site, int64_t count, bool* dirty = nullptr) {
  kjit_array array = {};
  EXPECT_EQ(kjit_scratch_new(ctx, site, KJIT_I64, 1, &count, &array), KJIT_OK);
  auto* data = static_cast<int64_t*>(array.data);
  for (int64_t i = 0; i < count; i++) {
    if (dirty) *dirty = *dirty || data[i] != 0;
    data[i] = -1;
  }
  return array;
}

TEST(RuntimeScratch, IsACArrayOfZeros) {
  Context context;
  for (int round = 0; round < 2; round++) {
    kjit_array array;
    const int64_t shape[] = {2, 3};
    ASSERT_EQ(kjit_scratch_new(context, 1, KJIT_F32, 2, shape, &array), KJIT_OK);
    EXPECT_EQ(std::vector<int64_t>(array.dims, array.dims + 4), (std::vector<int64_t>{2, 3, 12, 4}));
    auto* data = static_cast<float*>(array.data);
    for (int i = 0; i < 6; i++) {
      EXPECT_EQ(data[i], 0.0f);
      data[i] = 1.0f;
    }
    kjit_release(array.owner);
  }
}

TEST(RuntimeScratch, MemoryThatNobodyHoldsIsUsedAgainAndZeroed) {
  Context context;
  std::set<void*> seen;
  bool dirty = false;
  for (int64_t count : {100, 100, 3, 100, 0, 50}) {
    kjit_array array = scratch(context, 1, count, &dirty);
    seen.insert(array.data);
    kjit_release(array.owner);
  }
  EXPECT_EQ(seen.size(), 1u);
  EXPECT_FALSE(dirty);
}

TEST(RuntimeScratch, AVariableInALoopNeedsTwo) {
  Context context;
  std::set<void*> seen;
  kjit_array held = scratch(context, 1, 10);
  for (int i = 0; i < 100; i++) {
    kjit_array next = scratch(context, 1, 10);
    seen.insert(next.data);
    kjit_release(held.owner);
    held = next;
  }
  kjit_release(held.owner);
  EXPECT_EQ(seen.size(), 2u);
}

TEST(RuntimeScratch, WhatSomebodyHoldsStaysHis) {
  Context context;
  std::vector<kjit_array> held;
  std::set<void*> seen;
  for (int i = 0; i < 20; i++) {
    held.push_back(scratch(context, 1, 4));
    seen.insert(held.back().data);
    *static_cast<int64_t*>(held.back().data) = i;
  }
  EXPECT_EQ(seen.size(), 20u);
  for (int i = 0; i < 20; i++) EXPECT_EQ(*static_cast<int64_t*>(held[static_cast<size_t>(i)].data), i);
  for (kjit_array& array : held) kjit_release(array.owner);
}

TEST(RuntimeScratch, SitesDoNotShare) {
  Context context;
  kjit_array first = scratch(context, 1, 4);
  void* data = first.data;
  kjit_release(first.owner);
  kjit_array second = scratch(context, 2, 4);
  EXPECT_NE(second.data, data);
  kjit_release(second.owner);
}

TEST(RuntimeScratch, SmallMemoryGivesWayToLarge) {
  Context context;
  const int64_t before = kjit_live_buffers();
  for (int64_t count = 1; count < 1000; count++) kjit_release(scratch(context, 1, count).owner);
  EXPECT_EQ(kjit_live_buffers(), before + 1);
}

TEST(RuntimeScratch, GoesWithTheContextAndLeavesWhatIsHeld) {
  const int64_t before = kjit_live_buffers();
  kjit_array held;
  {
    Context context;
    held = scratch(context, 1, 4);
    for (uint32_t site = 2; site < 9; site++) kjit_release(scratch(context, site, 1000).owner);
    EXPECT_EQ(kjit_live_buffers(), before + 8);
  }
  EXPECT_EQ(kjit_live_buffers(), before + 1);
  EXPECT_EQ(*static_cast<int64_t*>(held.data), -1);
  kjit_release(held.owner);
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(RuntimeScratch, ErrorsAreThoseOfOtherArrays) {
  Context context;
  kjit_array array;
  const int64_t negative = -2, huge = INT64_MAX;
  EXPECT_EQ(kjit_scratch_new(context, 1, KJIT_F64, 1, &negative, &array), KJIT_FAILED);
  EXPECT_EQ(context.take_error("e"), "ValueError: e: negative dimensions are not allowed: -2");
  EXPECT_EQ(kjit_scratch_new(context, 1, KJIT_F64, 1, &huge, &array), KJIT_FAILED);
  EXPECT_EQ(context.take_error("e").substr(0, 12), "MemoryError:");
}

// Each iteration fills its array and finds it unchanged by others.
kjit_status use_scratch(kjit_context* ctx, void* wrong, int64_t first, int64_t last, void*) {
  for (int64_t i = first; i < last; i++) {
    bool dirty = false;
    kjit_array array = scratch(ctx, 1, 50, &dirty);
    auto* data = static_cast<int64_t*>(array.data);
    for (int64_t k = 0; k < 50; k++) data[k] = i;
    for (int64_t k = 0; k < 50; k++) dirty = dirty || data[k] != i;
    if (dirty) __atomic_fetch_add(static_cast<int64_t*>(wrong), 1, __ATOMIC_RELAXED);
    kjit_release(array.owner);
    if (i == 9000) return kjit_trap(ctx, KJIT_TRAP_IntDivisionByZero, 1, i, 0, 0);
  }
  return KJIT_OK;
}

TEST(RuntimeScratch, IsPrivateToTheThreadsOfALoopAndFreedWithThem) {
  const int64_t before = kjit_live_buffers();
  for (int32_t threads : {1, 4}) {
    for (int64_t trips : {8000, 10000}) {  // the second fails
      Context context(threads);
      int64_t wrong = 0;
      kjit_loop loop = {};
      loop.trip_count = trips;
      loop.body = use_scratch;
      loop.closure = &wrong;
      EXPECT_EQ(kjit_parallel_for(context, &loop), trips > 9000 ? KJIT_FAILED : KJIT_OK);
      EXPECT_EQ(wrong, 0);
      EXPECT_EQ(kjit_live_buffers(), before);
    }
  }
}

}  // namespace
