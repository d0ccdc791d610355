#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// A loop over a C++ function of one iteration, with an optional sum of doubles.
struct TestLoop {
  std::function<kjit_status(kjit_context*, int64_t)> body;
  std::function<double(int64_t)> term;
  int64_t trip_count = 0;
  kjit_schedule schedule = KJIT_AUTO;
  int32_t threads = 0;
  int64_t chunk = 0;
  double sum = 0;

  static kjit_status run_range(kjit_context* ctx, void* closure, int64_t first, int64_t last, void* partial) {
    auto& loop = *static_cast<TestLoop*>(closure);
    double sum = 0;
    for (int64_t i = first; i < last; i++) {
      if (loop.body && loop.body(ctx, i) != KJIT_OK) return kjit_iteration_failed(ctx, 77, 1, &i);
      if (loop.term) sum += loop.term(i);
    }
    if (partial) *static_cast<double*>(partial) = sum;
    return KJIT_OK;
  }
  static void add(void*, void* into, const void* from) { *static_cast<double*>(into) += *static_cast<const double*>(from); }

  kjit_status run(kjit_context* ctx) {
    kjit_loop loop = {};
    loop.trip_count = trip_count;
    loop.body = run_range;
    loop.closure = this;
    loop.partial_bytes = term ? sizeof(double) : 0;
    loop.combine = add;
    loop.finish = [](void* closure, const void* total) {
      static_cast<TestLoop*>(closure)->sum = *static_cast<const double*>(total);
    };
    loop.schedule = schedule;
    loop.threads = threads;
    loop.chunk = chunk;
    loop.site = 77;
    return kjit_parallel_for(ctx, &loop);
  }
};

const kjit_schedule kSchedules[] = {KJIT_STATIC, KJIT_DYNAMIC, KJIT_GUIDED, KJIT_AUTO};
const int32_t kThreads[] = {1, 2, 3, 8};
const int64_t kChunks[] = {0, 1, 7, 5000};

// Calls f for every way of running a loop.
template <typename F>
void for_each_way(F f) {
  for (kjit_schedule schedule : kSchedules) {
    for (int32_t threads : kThreads) {
      for (int64_t chunk : kChunks) f(schedule, threads, chunk);
    }
  }
}

TEST(RuntimeBlocks, CoverTheLoopInOrder) {
  for (int64_t trip : {int64_t{1}, int64_t{5}, int64_t{1024}, int64_t{1025}, int64_t{1000003}, INT64_MAX}) {
    int64_t blocks = kjit_block_count(trip);
    EXPECT_EQ(kjit_block_first(trip, blocks, 0), 0);
    EXPECT_EQ(kjit_block_first(trip, blocks, blocks), trip);
    for (int64_t b = 0; b < blocks; b++) {
      ASSERT_LT(kjit_block_first(trip, blocks, b), kjit_block_first(trip, blocks, b + 1)) << trip << " " << b;
    }
  }
}

// The table that the module for CPython is compared with as well.
TEST(RuntimeBlocks, CountsAreThoseOfTheTable) {
  struct Row {
    int64_t trips, elements, bytes, blocks;
  };
  const Row kRows[] = {
#define ROW(...) {__VA_ARGS__},
#include "block_counts.def"
#undef ROW
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(kjit_reduction_block_count(row.trips, row.elements, row.bytes), row.blocks) << row.trips << " " << row.elements;
    if (row.elements == 0) EXPECT_EQ(kjit_block_count(row.trips), row.blocks) << row.trips;
  }
}

TEST(RuntimeBlocks, PartialsCombineInAFixedTree) {
  std::vector<std::string> partials = {"a", "b", "c", "d", "e"};
  auto combine = [](void*, void* into, const void* from) {
    auto& left = *static_cast<std::string*>(into);
    left = "(" + left + *static_cast<const std::string*>(from) + ")";
  };
  kjit_combine_partials(combine, nullptr, partials.data(), sizeof(std::string), 5);
  EXPECT_EQ(partials[0], "(((ab)(cd))e)");
}

// The first iteration waits for all others: those of its own share too are run by the other thread.
TEST(RuntimeParallelFor, AThreadWithoutWorkTakesOverWhatAnotherHasLeft) {
  Context context;
  std::atomic<int64_t> done{0};
  TestLoop loop;
  loop.trip_count = 1000;
  loop.threads = 2;
  loop.body = [&](kjit_context*, int64_t i) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (i == 0 && done < 999 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    if (i == 0) EXPECT_EQ(done, 999);
    done++;
    return kjit_status{KJIT_OK};
  };
  ASSERT_EQ(loop.run(context), KJIT_OK);
  EXPECT_EQ(done, 1000);
}

// A thread that was told to stop because an iteration below its own failed goes on with iterations below that one: they run to
// their end.
TEST(RuntimeParallelFor, WhatIsTakenOverBelowAnErrorIsNotCancelled) {
  for (int round = 0; round < 50; round++) {
    Context context;
    std::atomic<int> cut_short{0};
    TestLoop loop;
    loop.trip_count = 64;
    loop.threads = 4;
    loop.body = [&](kjit_context* ctx, int64_t i) {
      if (i == 20) return kjit_raise(ctx, KJIT_ValueError, 0, nullptr);
      // Those in front take long, those behind the error end when they are told to.
      for (int turn = 0; turn < (i < 20 ? 20 : 2000); turn++) {
        std::this_thread::sleep_for(std::chrono::microseconds(5));
        if (kjit_poll(ctx, 0) == KJIT_OK) continue;
        cut_short += i < 20;
        return kjit_status{KJIT_FAILED};
      }
      return kjit_status{KJIT_OK};
    };
    ASSERT_EQ(loop.run(context), KJIT_FAILED);
    ASSERT_EQ(context->error.iteration[0], 20);
    ASSERT_EQ(cut_short, 0);
  }
}

TEST(RuntimeParallelFor, RunsEachIterationOnce) {
  for_each_way([](kjit_schedule schedule, int32_t threads, int64_t chunk) {
    Context context;
    std::vector<std::atomic<int>> counts(3001);
    TestLoop loop;
    loop.trip_count = 3001;
    loop.schedule = schedule, loop.threads = threads, loop.chunk = chunk;
    loop.body = [&](kjit_context*, int64_t i) { return counts[static_cast<size_t>(i)]++, KJIT_OK; };
    ASSERT_EQ(loop.run(context), KJIT_OK);
    for (auto& count : counts) ASSERT_EQ(count, 1);
  });
}

TEST(RuntimeParallelFor, SumsHaveTheSameBitsInAllWays) {
  double expected = 0;
  for_each_way([&](kjit_schedule schedule, int32_t threads, int64_t chunk) {
    Context context;
    TestLoop loop;
    loop.trip_count = 12345;
    loop.schedule = schedule, loop.threads = threads, loop.chunk = chunk;
    loop.term = [](int64_t i) { return 1.0 / static_cast<double>(i + 1); };
    ASSERT_EQ(loop.run(context), KJIT_OK);
    if (expected == 0) expected = loop.sum;
    ASSERT_TRUE(same(loop.sum, expected)) << schedule << " " << threads << " " << chunk;
  });
}

TEST(RuntimeParallelFor, AnEmptyLoopLeavesTheResultAlone) {
  Context context;
  TestLoop loop;
  loop.sum = 5;
  loop.term = [](int64_t) { return 1.0; };
  EXPECT_EQ(loop.run(context), KJIT_OK);
  EXPECT_EQ(loop.sum, 5);
}

TEST(RuntimeParallelFor, TheErrorIsThatOfTheLowestIteration) {
  for (int round = 0; round < 200; round++) {
    Context context;
    TestLoop loop;
    loop.trip_count = 5000;
    loop.threads = round % 2 ? 8 : 1;
    loop.schedule = kSchedules[round / 2 % 4];
    loop.body = [](kjit_context* ctx, int64_t i) {
      if (i % 1000 != 321) return kjit_status{KJIT_OK};
      return kjit_trap(ctx, KJIT_TRAP_IndexOutOfRange, static_cast<uint32_t>(i), i, 0, 9);
    };
    ASSERT_EQ(loop.run(context), KJIT_FAILED);
    ASSERT_EQ(context->error.iteration[0], 321);
    ASSERT_EQ(context->error.site, 321u);
    ASSERT_EQ(context.take_error("a[i]"), "IndexError: a[i]: index 321 is out of range for axis 0 with size 9");
  }
}

TEST(RuntimeParallelFor, BlocksBeforeTheErrorStillRun) {
  Context context;
  std::vector<std::atomic<int>> ran(2000);
  TestLoop loop;
  loop.trip_count = 2000;
  loop.threads = 4;
  loop.body = [&](kjit_context* ctx, int64_t i) {
    ran[static_cast<size_t>(i)] = 1;
    return i == 1500 ? kjit_raise(ctx, KJIT_ValueError, 0, nullptr) : KJIT_OK;
  };
  EXPECT_EQ(loop.run(context), KJIT_FAILED);
  for (size_t i = 0; i <= 1500; i++) ASSERT_EQ(ran[i], 1) << i;
}

TEST(RuntimeParallelFor, ErrorMessagesDoNotLeak) {
  int64_t before = kjit_live_buffers();
  {
    Context context;
    TestLoop loop;
    loop.trip_count = 3000;
    loop.threads = 4;
    loop.body = [](kjit_context* ctx, int64_t) {
      kjit_str text = text_of("bad");
      return kjit_raise(ctx, KJIT_ValueError, 0, &text);
    };
    EXPECT_EQ(loop.run(context), KJIT_FAILED);
    EXPECT_EQ(context->error.iteration[0], 0);
    EXPECT_EQ(context.take_error(), "ValueError: bad");
  }
  EXPECT_EQ(kjit_live_buffers(), before);
}

kjit_status print_number(kjit_context* ctx, int64_t i) {
  int64_t mark = kjit_mark(ctx);
  kjit_put_i64(ctx, i);
  kjit_put_text(ctx, " ", 1);
  return kjit_print_flush(ctx, 0, mark);
}

TEST(RuntimeParallelFor, PrintsInTheOrderOfIterations) {
  std::string expected;
  for (int i = 0; i < 1500; i++) expected += std::to_string(i) + " ";
  for_each_way([&](kjit_schedule schedule, int32_t threads, int64_t chunk) {
    Context context;
    TestLoop loop;
    loop.trip_count = 1500;
    loop.schedule = schedule, loop.threads = threads, loop.chunk = chunk;
    loop.body = print_number;
    ASSERT_EQ(loop.run(context), KJIT_OK);
    ASSERT_EQ(context.output(), expected);
  });
}

TEST(RuntimeParallelFor, NothingBehindAnErrorIsPrinted) {
  for (int32_t threads : kThreads) {
    Context context;
    TestLoop loop;
    loop.trip_count = 1000;
    loop.threads = threads;
    loop.body = [](kjit_context* ctx, int64_t i) {
      return i == 3 ? kjit_raise(ctx, KJIT_ValueError, 0, nullptr) : print_number(ctx, i);
    };
    EXPECT_EQ(loop.run(context), KJIT_FAILED);
    EXPECT_EQ(context.output(), "0 1 2 ");
  }
}

TEST(RuntimeParallelFor, NestedLoopsGiveTheSameResult) {
  double sums[2];
  std::string outputs[2];
  for (int way = 0; way < 2; way++) {
    Context context;
    TestLoop outer;
    outer.trip_count = 20;
    outer.threads = way == 0 ? 1 : 4;
    std::vector<double> inner_sums(20);
    outer.body = [&](kjit_context* ctx, int64_t i) {
      TestLoop inner;
      inner.trip_count = 3000;
      inner.threads = 4;
      inner.term = [i](int64_t j) { return 1.0 / static_cast<double>(i + j + 1); };
      inner.body = [i](kjit_context* c, int64_t j) { return j % 1500 == 0 ? print_number(c, i * 10000 + j) : KJIT_OK; };
      kjit_status status = inner.run(ctx);
      inner_sums[static_cast<size_t>(i)] = inner.sum;
      return status;
    };
    ASSERT_EQ(outer.run(context), KJIT_OK);
    sums[way] = inner_sums[7];
    outputs[way] = context.output();
  }
  EXPECT_TRUE(same(sums[0], sums[1]));
  EXPECT_EQ(outputs[0], outputs[1]);
  EXPECT_EQ(outputs[0].substr(0, 12), "0 1500 10000");
}

TEST(RuntimeParallelFor, ErrorsOfNestedLoopsKeepTheInnerIteration) {
  Context context;
  TestLoop outer;
  outer.trip_count = 8;
  outer.threads = 4;
  outer.body = [](kjit_context* ctx, int64_t i) {
    TestLoop inner;
    inner.trip_count = 10;
    inner.body = [i](kjit_context* c, int64_t j) {
      return i == 5 && j == 4 ? kjit_raise(c, KJIT_ValueError, 0, nullptr) : KJIT_OK;
    };
    return inner.run(ctx);
  };
  EXPECT_EQ(outer.run(context), KJIT_FAILED);
  EXPECT_EQ(context->error.iteration[0], 4);
}

TEST(RuntimeParallelFor, AnInterruptStopsTheLoop) {
  Context context;
  std::atomic<int64_t> ran = 0;
  TestLoop loop;
  loop.trip_count = int64_t{1} << 40;
  loop.threads = 2;
  loop.body = [&](kjit_context* ctx, int64_t) {
    if (++ran == 100) context.interrupt() = KJIT_DEADLINE;
    return *ctx->interrupt ? kjit_poll(ctx, 5) : KJIT_OK;
  };
  EXPECT_EQ(loop.run(context), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "TimeoutError: the time limit has passed");
}

TEST(RuntimeParallelFor, WorkersHaveContextsOfTheirOwn) {
  Context context;
  kjit_rng_u64(context.rng());
  uint64_t block = context.rng()->block;
  std::atomic<int> wrong = 0;
  TestLoop loop;
  loop.trip_count = 100;
  loop.threads = 4;
  loop.body = [&](kjit_context* ctx, int64_t) {
    auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
    if (ctx == context || ctx->in_parallel != 1 || ctx->stack_limit >= here || ctx->rng.twister) wrong++;
    kjit_rng_u64(&ctx->rng);
    return KJIT_OK;
  };
  ASSERT_EQ(loop.run(context), KJIT_OK);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(context.rng()->block, block);
}

TEST(RuntimeParallelFor, TheHostMayReplaceTheExecutor) {
  Context context;
  std::atomic<int> tasks = 0;
  kjit_executor executor = {&tasks, [](void* user, int64_t count, void (*task)(void*, int64_t), void* state) {
                              std::vector<std::thread> threads;
                              for (int64_t i = 0; i < count; i++) threads.emplace_back(task, state, i);
                              for (auto& thread : threads) thread.join();
                              *static_cast<std::atomic<int>*>(user) += static_cast<int>(count);
                            }};
  context.host().executor = &executor;
  TestLoop loop;
  loop.trip_count = 1000;
  loop.threads = 3;
  loop.term = [](int64_t i) { return static_cast<double>(i); };
  ASSERT_EQ(loop.run(context), KJIT_OK);
  EXPECT_EQ(loop.sum, 499500);
  EXPECT_EQ(tasks, 3);
}

TEST(RuntimeParallelFor, ManyHostThreadsShareTheBudget) {
  std::vector<std::thread> hosts;
  std::atomic<int> wrong = 0;
  for (int h = 0; h < 16; h++) {
    hosts.emplace_back([&] {
      Context context(kjit_thread_budget(nullptr, 0));
      for (int round = 0; round < 20; round++) {
        TestLoop loop;
        loop.trip_count = 2000;
        loop.schedule = KJIT_DYNAMIC;
        loop.term = [](int64_t i) { return static_cast<double>(i); };
        if (loop.run(context) != KJIT_OK || loop.sum != 1999000) wrong++;
      }
    });
  }
  for (auto& host : hosts) host.join();
  EXPECT_EQ(wrong, 0);
}

// What the host has heard of a loop's progress.
struct Heard {
  std::thread::id caller = std::this_thread::get_id();
  std::vector<int64_t> done;
  int wrong = 0;

  void listen(Context& context) {
    context.host().user = this;
    context.host().write = nullptr;
    context.host().progress = [](void* user, uint32_t site, int64_t done, int64_t total, double seconds) {
      auto& heard = *static_cast<Heard*>(user);
      int64_t last = heard.done.empty() ? 0 : heard.done.back();
      bool right = site == 77 && total == 200 && done >= last && done <= total && seconds >= 0.05;
      heard.wrong += !right || std::this_thread::get_id() != heard.caller;
      heard.done.push_back(done);
    };
  }
};

kjit_status nap(kjit_context*, int64_t) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return KJIT_OK;
}

TEST(RuntimeProgress, TheCallingThreadReportsWhatAllHaveDone) {
  for (int32_t threads : {1, 3}) {
    Context context;
    Heard heard;
    heard.listen(context);
    TestLoop loop;
    loop.trip_count = 200;
    loop.threads = threads;
    loop.body = nap;
    ASSERT_EQ(loop.run(context), KJIT_OK);
    EXPECT_GE(heard.done.size(), 1u);
    EXPECT_EQ(heard.wrong, 0);
  }
}

TEST(RuntimeProgress, LoopsInsideAnotherAreNotReported) {
  Context context;
  Heard heard;
  heard.listen(context);
  TestLoop outer;
  outer.trip_count = 1;
  outer.body = [](kjit_context* ctx, int64_t) {
    TestLoop inner;
    inner.trip_count = 200;
    inner.body = nap;
    return inner.run(ctx);
  };
  context.host().progress = [](void* user, uint32_t, int64_t, int64_t total, double) {
    static_cast<Heard*>(user)->wrong += total != 1;
  };
  ASSERT_EQ(outer.run(context), KJIT_OK);
  EXPECT_EQ(heard.wrong, 0);
}

TEST(RuntimeProgress, OnlyTheCallingThreadReportsUnderAnExecutor) {
  Context context;
  Heard heard;
  heard.listen(context);
  kjit_executor executor = {nullptr, [](void*, int64_t count, void (*task)(void*, int64_t), void* state) {
                              std::vector<std::thread> threads;
                              for (int64_t i = 0; i < count; i++) threads.emplace_back(task, state, i);
                              for (auto& thread : threads) thread.join();
                            }};
  context.host().executor = &executor;
  TestLoop loop;
  loop.trip_count = 200;
  loop.threads = 2;
  loop.body = nap;
  ASSERT_EQ(loop.run(context), KJIT_OK);
  EXPECT_TRUE(heard.done.empty());
}

TEST(RuntimeParallelFor, AChildOfForkCanRunLoopsToo) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the sanitizer does not follow forks of threaded programs";
#endif
#endif
  auto run = [] {
    Context context;
    TestLoop loop;
    loop.trip_count = 2000;
    loop.threads = 4;
    loop.term = [](int64_t i) { return static_cast<double>(i); };
    return loop.run(context) == KJIT_OK && loop.sum == 1999000;
  };
  ASSERT_TRUE(run());
  pid_t child = fork();
  if (child == 0) _exit(run() ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(run());
}

}  // namespace
