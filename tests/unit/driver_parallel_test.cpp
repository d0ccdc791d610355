#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "kjit/engine.h"
#include "runtime/runtime.h"

namespace kjit {
namespace {

constexpr const char* kFailing = R"(
import numpy as np
from kjit import njit, prange


def pick(a, k):
    if k == 2741:
        raise ValueError(f"no element {k}")
    return a[k]


@njit(parallel=True)
def raises(a, schedule_of_work):
    total = 0.0
    last = np.zeros(3)
    for i in prange(5000, schedule="dynamic"):
        row = np.full(4, 1.0)
        last = row
        total += pick(a, i) + row[0]
    return total, last


@njit(parallel=True)
def out_of_bounds(a, n):
    for i in prange(n):
        a[i] = 2.0 * i
    return a


@njit(parallel=True)
def asserts(a, n):
    b = np.zeros((n, 7))
    for i in prange(n):
        for j in prange(7):
            assert i * 7 + j < 9999, "too far"
            b[i, j] = a[i % len(a)]
    return b
)";

struct Failure {
  const char* kernel;
  std::int64_t argument;
  const char* kind;
  const char* message;
  std::vector<std::int64_t> iteration;
};

class ParallelErrors : public ::testing::TestWithParam<int> {};

// The error of the lowest iteration, each time, and nothing is left behind.
TEST_P(ParallelErrors, AreThoseOfTheLowestIteration) {
  const Failure failures[] = {
      {"raises", 0, "ValueError", "no element 2741", {2741}},
      {"out_of_bounds", 4000, "IndexError", "a[i]: index 3000 is out of range for axis 0 with size 3000", {3000}},
      {"asserts", 3000, "AssertionError", "too far", {1428, 3}},
  };
  Engine engine;
  Module module = engine.load_text(kFailing, "failing.k");
  ASSERT_TRUE(module.ok()) << module.render_diagnostics();
  const std::int64_t before = kjit_live_buffers();
  {
    const Value array{ArrayValue::zeros(DType::F64, {3000})};
    CallOptions options;
    options.threads = GetParam();
    for (int round = 0; round < 1000; ++round) {
      for (const Failure& failure : failures) {
        options.schedule = static_cast<Schedule>(round % 4);
        const CallResult result = module.call(failure.kernel, {array, Value{failure.argument}}, options);
        ASSERT_EQ(result.status, CallResult::Status::RunError) << result.diagnostics;
        ASSERT_EQ(result.error.kind, failure.kind);
        ASSERT_EQ(result.error.message, failure.message);
        ASSERT_EQ(result.error.iteration.size(), failure.iteration.size());
        for (std::size_t level = 0; level < failure.iteration.size(); ++level) {
          ASSERT_EQ(result.error.iteration[level].value, failure.iteration[level]);
        }
      }
    }
  }
  EXPECT_EQ(kjit_live_buffers(), before);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelErrors, ::testing::Values(1, 8));

// Iteration 0 fails at once; the others would run for years.
TEST(ParallelErrors, CancelLaterIterations) {
  Engine engine;
  Module module = engine.load_text(R"(
from kjit import njit, prange


def spin(n):
    k = 0
    while k < n:
        k += 1
    return k


@njit(parallel=True)
def f(n):
    total = 0
    for i in prange(4):
        if i == 0:
            raise ValueError("first")
        total += spin(n)
    return total
)",
                                   "spin.k");
  CallOptions options;
  options.threads = 4;
  const CallResult result = module.call("f", {Value{std::int64_t{1} << 60}}, options);
  EXPECT_EQ(result.error.kind, "ValueError") << result.diagnostics;
}

TEST(ParallelCalls, StopOnRequest) {
  Engine engine;
  Module module = engine.load_text(R"(
from kjit import njit, prange


@njit(parallel=True)
def f(n):
    total = 0.0
    for i in prange(n):
        total += (i * 3 % 7) * 0.5
    return total
)",
                                   "long.k");
  std::atomic<int> stop{0};
  CallOptions options;
  options.threads = 3;
  options.stop = &stop;
  ASSERT_TRUE(module.call("f", {Value{std::int64_t{10}}}, options).ok());
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = static_cast<int>(Stop::Cancel);
  });
  const CallResult result = module.call("f", {Value{std::int64_t{1} << 60}}, options);
  stopper.join();
  EXPECT_EQ(result.error.kind, "Cancelled");
  EXPECT_TRUE(result.error.iteration.empty());
}

}  // namespace
}  // namespace kjit
