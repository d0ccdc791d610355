// Futures, map and what completes first: results, order, errors, cancelling, waiting inside, coroutines.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <coroutine>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "kjit/async.h"
#include "kjit/kjit.h"

namespace kjit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kText = R"(
import random
def twice(n):
    if n == 13:
        raise ValueError("unlucky")
    return 2 * n
def sum_of(x, k):
    s = 0.0
    for v in x:
        s += v * k
    return s
def forever(n):
    while n >= 0:
        n = (n + 1) % 1000
    return n
def draw(n):
    return random.random()
)";

class Async : public testing::TestWithParam<int> {
 protected:
  template <typename Signature>
  Function<Signature> function(const char* name) {
    auto found = module.template function<Signature>(name);
    EXPECT_TRUE(found) << found.error().render();
    return *found;
  }
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
};
INSTANTIATE_TEST_SUITE_P(Jobs, Async, testing::Values(1, 2, 4, -1));

using Twice = std::int64_t(std::int64_t);

TEST_P(Async, FuturesGiveResultsAndErrors) {
  const Executor executor(GetParam());
  auto good = async_call(executor, function<Twice>("twice"), 4);
  auto bad = async_call(executor, function<Twice>("twice"), 13);
  EXPECT_EQ(good.get().value(), 8);
  EXPECT_EQ(bad.get().error().message, "ValueError: unlucky");
  std::vector<double> x{1, 2, 3};
  auto sum = async_call(executor, function<double(std::span<const double>, double)>("sum_of"), x, 2.0);
  EXPECT_EQ(sum.get().value(), 12.0);
  EXPECT_TRUE(sum.ready());
}

TEST_P(Async, ThenGoesOn) {
  const Executor executor(GetParam());
  auto text = async_call(executor, function<Twice>("twice"), 4).then([](const Returned<std::int64_t>& n) {
    return std::to_string(n.value());
  });
  EXPECT_EQ(text.get().value(), "8");
  auto failed =
      async_call(executor, function<Twice>("twice"), 13).then([](const Returned<std::int64_t>& n) { return n.value(); });
  EXPECT_EQ(failed.get().error().message, "ValueError: unlucky");
}

TEST_P(Async, AllAndAsCompleted) {
  const Executor executor(GetParam());
  std::vector<Future<std::int64_t>> futures;
  for (std::int64_t n = 0; n < 50; ++n) futures.push_back(async_call(executor, function<Twice>("twice"), n));
  std::set<std::size_t> seen;
  for (const auto& [index, future] : as_completed(executor, futures)) {
    EXPECT_TRUE(future.ready());
    seen.insert(index);
    if (index != 13) EXPECT_EQ(future.get().value(), 2 * static_cast<std::int64_t>(index));
  }
  EXPECT_EQ(seen.size(), 50u);
  const auto all = when_all(executor, futures);
  EXPECT_EQ(all.get().value()[49].value(), 98);
  EXPECT_FALSE(all.get().value()[13]);
  EXPECT_TRUE(when_all(executor, std::vector<Future<std::int64_t>>()).get().value().empty());
}

TEST_P(Async, MapKeepsTheOrder) {
  const Executor executor(GetParam());
  std::vector<std::int64_t> items{5, 4, 3, 2, 1}, order;
  std::vector<std::size_t> done;
  MapOptions<std::int64_t> options;
  options.each = [&](std::size_t item, std::int64_t result) {
    EXPECT_EQ(result, 2 * items[item]);
    order.push_back(static_cast<std::int64_t>(item));
  };
  options.progress = [&](std::size_t n, std::size_t total) {
    done.push_back(n);
    EXPECT_EQ(total, 5u);
  };
  const auto results = map(executor, function<Twice>("twice"), items, options);
  ASSERT_TRUE(std::holds_alternative<std::vector<std::int64_t>>(results));
  EXPECT_THAT(std::get<0>(results), ElementsAre(10, 8, 6, 4, 2));
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4, 5));
  options.ordered = false;
  order.clear();
  ASSERT_EQ(map(executor, function<Twice>("twice"), items, options).index(), 0u);
  std::sort(order.begin(), order.end());
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST_P(Async, MapTellsTheLowestFailure) {
  const Executor executor(GetParam());
  std::vector<std::int64_t> items(100);
  std::iota(items.begin(), items.end(), 0);
  items[90] = 13;
  for (int repeat = 0; repeat < 20; ++repeat) {
    const auto results = map(executor, function<Twice>("twice"), items);
    ASSERT_EQ(results.index(), 1u);
    EXPECT_EQ(std::get<1>(results).item, 13u);
    EXPECT_EQ(std::get<1>(results).message, "item 13: ValueError: unlucky");
  }
}

TEST_P(Async, MapDrawsTheSameOnAnyThreads) {
  const Executor one(1), many(GetParam());
  const std::vector<std::int64_t> items(20);
  const auto expected = map(one, function<double(std::int64_t)>("draw"), items);
  EXPECT_EQ(std::get<0>(map(many, function<double(std::int64_t)>("draw"), items)), std::get<0>(expected));
  EXPECT_NE(std::get<0>(expected)[0], std::get<0>(expected)[1]);
}

TEST_P(Async, StarmapTakesTuples) {
  const Executor executor(GetParam());
  std::vector<double> x{1, 2, 3};
  std::vector<std::tuple<std::span<const double>, double>> items{{x, 1.0}, {std::span(x).subspan(1), 10.0}};
  EXPECT_THAT(std::get<0>(starmap(executor, function<double(std::span<const double>, double)>("sum_of"), items)),
              ElementsAre(6.0, 50.0));
}

TEST(AsyncThreads, CancelStopsWhatRunsAndWhatHasNotBegun) {
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
  auto forever = *module.function<Twice>("forever");
  const Executor executor(2);
  std::vector<Future<std::int64_t>> futures;
  for (int k = 0; k < 5; ++k) futures.push_back(async_call(executor, forever, 0));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(futures[0].ready());
  EXPECT_TRUE(futures[4].cancel());
  EXPECT_TRUE(futures[4].ready());
  for (const auto& future : futures) future.cancel();
  for (const auto& future : futures) EXPECT_EQ(future.get().error().run->kind, "Cancelled");
}

TEST(AsyncThreads, AnExecutorThatGoesCancelsItsCalls) {
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
  auto twice = *module.function<Twice>("twice");
  std::vector<Future<std::int64_t>> futures;
  {
    const Executor executor(2);
    for (std::int64_t n = 100; n < 400; ++n) futures.push_back(async_call(executor, twice, n));
  }
  for (const auto& future : futures) {
    ASSERT_TRUE(future.ready());
    if (!future.get()) EXPECT_EQ(future.get().error().run->kind, "Cancelled");
  }
  EXPECT_TRUE(futures[0].then([](const Returned<std::int64_t>&) { return 1; }).ready());
}

// Each call starts two more and waits for them: with fewer threads than waiting calls this ends only if waiting helps.
std::int64_t tree(const Executor& executor, const Function<Twice>& twice, int depth) {
  if (depth == 0) return twice(1).value();
  std::vector<Future<std::int64_t>> below;
  for (int k = 0; k < 2; ++k)
    below.push_back(async_call(executor, twice, 0).then([&executor, &twice, depth](const Returned<std::int64_t>&) {
      return tree(executor, twice, depth - 1);
    }));
  return below[0].get().value() + below[1].get().value();
}

TEST(AsyncThreads, WaitingInsideHelps) {
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
  auto twice = *module.function<Twice>("twice");
  const Executor executor(2);
  EXPECT_EQ(tree(executor, twice, 6), 128);
  const auto outer = async_call(executor, twice, 0).then([&](const Returned<std::int64_t>&) { return tree(executor, twice, 6); });
  EXPECT_EQ(outer.get().value(), 128);
}

struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Detached await_both(Future<std::int64_t> a, Future<std::int64_t> b, std::atomic<std::int64_t>& sum) {
  const std::int64_t first = (co_await a).value();
  sum = first + (co_await b).value();
}

TEST_P(Async, CoroutinesAwait) {
  std::atomic<std::int64_t> sum = 0;
  {
    const Executor executor(GetParam());
    auto a = async_call(executor, function<Twice>("twice"), 3);
    auto b = async_call(executor, function<Twice>("twice"), 4);
    await_both(a, b, sum);
    a.wait();
    b.wait();
    for (int k = 0; k < 1000 && sum == 0; ++k) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(sum, 14);
}

TEST(AsyncThreads, JobsAreCountedAsByJoblib) {
  EXPECT_EQ(Executor(3).jobs(), 3);
  EXPECT_EQ(Executor(1).jobs(), 1);
  EXPECT_EQ(Executor(-1).jobs() - Executor(-2).jobs(), Executor(-1).jobs() > 1 ? 1 : 0);
  EXPECT_THROW(Executor(0), std::invalid_argument);
}

// One pool of threads for calls and for the loops inside them; a loop in a task does not wait for other tasks.
TEST(AsyncLoops, RunOnTheExecutorsThreads) {
  const std::string source =
      "from kjit import njit, prange\n@njit(parallel=True)\ndef f(n):\n    s = 0.0\n    for i in prange(n):\n        s += 1.0 / "
      "(i + 1)\n    return s\n";
  const double expected = Engine().load_source(source, "f.k").value().function<double(std::int64_t)>("f").value()(100'000);
  for (const int jobs : {1, 2, 5}) {
    auto executor = std::make_unique<Executor>(jobs);
    EngineOptions options;
    options.loop_executor = loop_executor(*executor);
    Engine engine(options);
    const Module module = engine.load_source(source, "f.k").value();
    const auto f = module.function<double(std::int64_t)>("f").value();
    CallOptions four;
    four.threads = 4;
    EXPECT_EQ((double)f.call(four, 100'000), expected);
    const std::vector<std::int64_t> items(50, 100'000);
    MapOptions<double> map_options;
    map_options.call.threads = 4;
    EXPECT_EQ(std::get<0>(map(*executor, f, items, map_options)), std::vector<double>(50, expected));
    executor.reset();
    EXPECT_EQ((double)f.call(four, 100'000), expected);
  }
}

}  // namespace
}  // namespace kjit
