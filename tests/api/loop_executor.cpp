// Parallel loops on the host's threads: the same results, whatever the executor does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kjit/kjit.h"

namespace kjit {
namespace {

constexpr const char* kSource =
    "from kjit import njit, prange\n"
    "@njit(parallel=True)\ndef total(x):\n    s = 0.0\n    for i in prange(len(x)):\n        s += x[i] * 0.1\n    return s\n"
    "@njit(parallel=True)\ndef scale(x, k):\n    for i in prange(len(x)):\n        x[i] = x[i] * k\n"
    "@njit(parallel=True)\ndef checked(n, at):\n    s = 0\n    for i in prange(n):\n        s += 1 // (at - i)\n    return s\n"
    "@njit(parallel=True)\ndef nested(n):\n    s = 0\n    for i in prange(n):\n        for j in prange(n):\n            s += i * "
    "j\n    return s\n";

std::vector<double> numbers() {
  std::vector<double> result(100'000);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = 1.0 / static_cast<double>(i + 1);
  return result;
}

using Share = std::function<void(int)>;

void on_threads(int count, const Share& share) {
  std::vector<std::thread> threads;
  for (int index = 0; index < count; ++index) threads.emplace_back(share, index);
  for (std::thread& thread : threads) thread.join();
}

struct Kernels {
  explicit Kernels(LoopExecutor executor) : engine(options(std::move(executor))), module(load()) {}

  static EngineOptions options(LoopExecutor executor) {
    EngineOptions result;
    result.loop_executor = std::move(executor);
    return result;
  }
  Module load() {
    Result<Module> loaded = engine.load_source(kSource, "loops.k");
    EXPECT_TRUE(loaded) << loaded.error().render();
    return std::move(loaded.value());
  }
  static CallOptions four_threads() {
    CallOptions result;
    result.threads = 4;
    return result;
  }
  Returned<double> total(std::span<const double> x) const {
    return module.function<double(std::span<const double>)>("total").value().call(four_threads(), x);
  }
  Returned<std::int64_t> checked(std::int64_t n, std::int64_t at) const {
    return module.function<std::int64_t(std::int64_t, std::int64_t)>("checked").value().call(four_threads(), n, at);
  }

  Engine engine;
  Module module;
};

double expected_total() {
  static const double sum = Kernels(nullptr).total(numbers()).value();
  return sum;
}

TEST(LoopExecutor, RunsTheLoopsWithTheSameBits) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  int calls = 0;
  const Kernels kernels([&](int count, const Share& share) {
    ++calls;
    on_threads(count, [&](int index) {
      {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
      }
      share(index);
    });
  });
  EXPECT_EQ((double)kernels.total(numbers()), expected_total());
  EXPECT_EQ(calls, 1);
  EXPECT_GT(threads.size(), 1u);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
  EXPECT_EQ(
      (std::int64_t)kernels.module.function<std::int64_t(std::int64_t)>("nested").value().call(Kernels::four_threads(), 100),
      24502500);
  EXPECT_EQ(calls, 2);  // the inner loops are part of the outer one
}

// The form of a call that prepares nothing must not pass the executor by.
TEST(LoopExecutor, AlsoForCallsWithoutOptions) {
  std::atomic<int> shares{0};
  const Kernels kernels([&](int count, const Share& share) {
    on_threads(count, [&](int index) {
      ++shares;
      share(index);
    });
  });
  std::vector<double> x = numbers();
  ASSERT_TRUE(kernels.module.function<void(std::span<double>, double)>("scale").value()(x, 2.0));
  EXPECT_EQ(x[1], 1.0);
  EXPECT_EQ(shares > 0, std::thread::hardware_concurrency() > 1);
}

TEST(LoopExecutor, WhatItLeavesOutOrRepeatsChangesNothing) {
  EXPECT_EQ((double)Kernels([](int, const Share&) {}).total(numbers()), expected_total());
  EXPECT_EQ((double)Kernels([](int count, const Share& share) { share(count - 1); }).total(numbers()), expected_total());
  const auto thrice = [](int count, const Share& share) {
    for (int round = 0; round < 3; ++round) on_threads(count, share);
    share(-1);
    share(count);
  };
  EXPECT_EQ((double)Kernels(thrice).total(numbers()), expected_total());
}

TEST(LoopExecutor, MayReturnBeforeItsThreadsAreDone) {
  std::vector<std::thread> threads;
  Share late;
  {
    const Kernels kernels([&](int count, const Share& share) {
      late = share;
      for (int index = 0; index < count; ++index) threads.emplace_back(share, index);
    });
    EXPECT_EQ((double)kernels.total(numbers()), expected_total());
    EXPECT_EQ((double)kernels.total(numbers()), expected_total());
  }
  for (std::thread& thread : threads) thread.join();
  late(0);  // after the loop, the call and the engine: nothing
}

TEST(LoopExecutor, TheFirstErrorInTheOrderOfTheLoop) {
  const Kernels kernels(on_threads);
  EXPECT_EQ((std::int64_t)kernels.checked(1000, 2000), 0);
  for (int round = 0; round < 20; ++round) {
    const Returned<std::int64_t> failed = kernels.checked(100'000, 70'000);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().run->kind, "ZeroDivisionError");
    EXPECT_EQ(failed.error().run->iteration.at(0).value, 70'000);
  }
}

TEST(LoopExecutor, WhatItThrowsReachesTheCallerWhenTheKernelHasEnded) {
  bool throws = true;
  const Kernels kernels([&](int, const Share& share) {
    share(1);
    if (throws) throw std::runtime_error("the pool is closed");
  });
  std::vector<double> x = numbers();
  const auto scale = kernels.module.function<void(std::span<double>, double)>("scale").value();
  EXPECT_THROW(static_cast<void>(scale.call(Kernels::four_threads(), x, 2.0)), std::runtime_error);
  EXPECT_EQ(x.front(), 2.0);
  EXPECT_EQ(x.back(), 2.0 / 100'000);
  throws = false;
  EXPECT_TRUE(scale.call(Kernels::four_threads(), x, 2.0));
}

TEST(LoopExecutor, UntypedCallsUseItToo) {
  std::atomic<int> calls{0};
  Kernels kernels([&](int count, const Share& share) {
    ++calls;
    on_threads(count, share);
  });
  const CallResult result = kernels.module.call("nested", {Value{100}}, Kernels::four_threads());
  ASSERT_TRUE(result.ok()) << result.diagnostics;
  EXPECT_EQ(calls, 1);
}

TEST(LoopExecutor, SeveralCallsAtOnce) {
  const Kernels kernels(on_threads);
  const std::vector<double> x = numbers();
  const double expected = expected_total();
  std::atomic<int> wrong{0};
  on_threads(4, [&](int) {
    for (int round = 0; round < 20; ++round) wrong += (double)kernels.total(x) != expected;
  });
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kjit
