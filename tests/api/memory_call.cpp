// Calls with arguments in memory, and modules of several texts: what bindings of other languages use.

#include "kjit/memory_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <thread>

#include "kjit/border.h"

namespace kjit {
namespace {

using ::testing::HasSubstr;

class MemoryCallTest : public ::testing::TestWithParam<bool> {
 protected:
  MemoryCallTest() : engine(options()) {}

  static EngineOptions options() {
    EngineOptions result;
    result.interpret = GetParam();
    return result;
  }
  MemoryFunction get(std::string text, const std::vector<std::string>& types) {
    return memory_function(engine.load_source(std::move(text), "t.k").value(), "f", types).value();
  }

  Engine engine;
};

INSTANTIATE_TEST_SUITE_P(Both, MemoryCallTest, ::testing::Values(false, true),
                         [](const auto& info) { return std::string(info.param ? "Interpreter" : "MachineCode"); });

TEST_P(MemoryCallTest, ArraysAndNumbers) {
  const MemoryFunction f = get("def f(x, k):\n    x[0] = 7.0\n    return x[k] * 2\n", {"f64[::1]", "i64"});
  EXPECT_EQ(f.signature().text(), "f(x: f64[::1], k: i64) -> f64");
  EXPECT_FALSE(f.draws());
  double memory[3] = {1, 2, 3};
  detail::Descriptor<1> x{memory, nullptr, {3}, {8}};
  std::int64_t k = 2;
  void* args[] = {&x, &k};
  double result = 0;
  CallFrame frame;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(f.call(frame, args, &result));
    EXPECT_EQ(result, 6);
  }
  EXPECT_EQ(memory[0], 7);
}

TEST_P(MemoryCallTest, AFrameIsUsableAfterAnError) {
  const MemoryFunction f = get("def f(n):\n    print('n', end=' ')\n    return 6 // n\n", {"i64"});
  std::string text;
  CallFrame frame([](void* user, const char* data,
                     std::int64_t size) { static_cast<std::string*>(user)->append(data, static_cast<std::size_t>(size)); },
                  &text);
  std::int64_t n = 0, result = 0;
  void* args[] = {&n};
  ASSERT_FALSE(f.call(frame, args, &result));
  const RunError error = f.take_error(frame);
  EXPECT_EQ(error.kind, "ZeroDivisionError");
  EXPECT_THAT(error.render(), HasSubstr("File \"t.k\", line 3, in f"));
  n = 3;
  ASSERT_TRUE(f.call(frame, args, &result));
  EXPECT_EQ(result, 2);
  EXPECT_EQ(text, "n n ");
}

TEST_P(MemoryCallTest, RandomStreamsAreThoseOfOtherCalls) {
  const Module module = engine.load_source("import random\ndef f():\n    return random.random()\n", "t.k").value();
  const MemoryFunction f = memory_function(module, "f", {}).value();
  EXPECT_TRUE(f.draws());
  CallOptions options;
  options.seed = 5;
  options.stream = 3;
  const CallResult expected = Module(module).call("f", {}, options);
  CallFrame frame;
  for (int round = 0; round < 2; ++round) {
    frame.set_stream(5, 3);
    double result = 0;
    ASSERT_TRUE(f.call(frame, nullptr, &result));
    EXPECT_EQ(result, std::get<double>(expected.value.data));
  }
}

TEST_P(MemoryCallTest, TheFlagOfAFrameStopsItsCalls) {
  const MemoryFunction f = get("def f(n):\n    while n > 0:\n        n += n & 1\n    return n\n", {"i64"});
  std::atomic<int> stop{0};
  CallFrame frame(nullptr, nullptr, &stop);
  std::thread other([&stop] { stop = static_cast<int>(Stop::Cancel); });
  std::int64_t n = 2, result = 0;
  void* args[] = {&n};
  EXPECT_FALSE(f.call(frame, args, &result));
  EXPECT_EQ(f.take_error(frame).kind, "Cancelled");
  other.join();
}

TEST(MemoryCall, TheHostLockIsGivenUpForNogilKernels) {
  int depth = 0;
  std::string order;
  EngineOptions options;
  options.host_lock = {[&] { --depth, order += "r"; }, [&] { ++depth, order += "a"; }};
  Engine engine(options);
  const Module module =
      engine.load_source("from kjit import njit\n@njit(nogil=True)\ndef f():\n    print(1)\n    return 2\n", "t.k").value();
  const MemoryFunction f = memory_function(module, "f", {}).value();
  EXPECT_TRUE(f.nogil());
  order.clear();
  CallFrame frame([](void* user, const char*, std::int64_t) { *static_cast<std::string*>(user) += "w"; }, &order);
  std::int64_t result = 0;
  ASSERT_TRUE(f.call(frame, nullptr, &result));
  EXPECT_EQ(order, "rawra");
  EXPECT_EQ(depth, 0);
}

TEST(MemoryCall, ParallelLoopsRunOnTheHostsThreads) {
  int calls = 0;
  bool throws = false;
  EngineOptions options;
  options.loop_executor = [&](int count, const std::function<void(int)>& share) {
    ++calls;
    for (int k = 0; k < count; ++k) share(k);
    if (throws) throw std::runtime_error("the pool is closed");
  };
  Engine engine(options);
  const Module module =
      engine
          .load_source(
              "from kjit import njit, prange\nimport numpy as np\n@njit(parallel=True)\ndef f(n):\n    x = np.zeros(n)\n"
              "    for i in prange(n):\n        x[i] = i\n    return x\n",
              "t.k")
          .value();
  const MemoryFunction f = memory_function(module, "f", {"i64"}).value();
  CallFrame frame;
  frame.set_threads(4);
  std::int64_t n = 1000;
  void* args[] = {&n};
  detail::Descriptor<1> result;
  ASSERT_TRUE(f.call(frame, args, &result));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(static_cast<double*>(result.data)[999], 999);
  detail::release_buffer(result.owner);
  throws = true;
  EXPECT_THROW(static_cast<void>(f.call(frame, args, &result)), std::runtime_error);
  throws = false;
  ASSERT_TRUE(f.call(frame, args, &result));
  detail::release_buffer(result.owner);
}

TEST(MemoryCall, ErrorsOfTypesAndNames) {
  Engine engine;
  const Module module = engine.load_source("def f(x): return x\ndef g(n):\n    return f\n", "t.k").value();
  EXPECT_THAT(memory_function(module, "h", {}).error().render(), HasSubstr("h"));
  EXPECT_THAT(memory_function(module, "f", {"thing"}).error().render(), HasSubstr("kernels have no type thing"));
  EXPECT_THAT(memory_function(module, "g", {"i64"}).error().render(), HasSubstr("no value outside of kernels"));
}

TEST(LoadSources, TextsImportEachOther) {
  Engine engine;
  const Result<Module> module = engine.load_sources(
      {{"first", "a.py", "\n\ndef f(n):\n    return 1 if n == 0 else g(n - 1)\nfrom second import half as g\n"},
       {"second", "b.py", "\ndef half(n):\n    return 1 // n + f(n - 1)\nfrom first import f\n"}});
  ASSERT_TRUE(module) << module.error().render();
  const CallResult result = Module(*module).call("f", {{std::int64_t{1}}});
  ASSERT_EQ(result.status, CallResult::Status::RunError);
  EXPECT_THAT(result.error.render(), HasSubstr("File \"a.py\", line 4, in f"));
  EXPECT_THAT(result.error.render(), HasSubstr("File \"b.py\", line 3, in half"));
}

TEST(LoadSources, MistakesAreThoseOfTheirText) {
  Engine engine;
  const Result<Module> module = engine.load_sources({{"", "a.py", "from second import g\n"}, {"second", "b.py", "\ndef g(:\n"}});
  ASSERT_FALSE(module);
  EXPECT_THAT(module.error().render(), HasSubstr("b.py:2:6"));
  EXPECT_FALSE(engine.load_sources({}));
}

}  // namespace
}  // namespace kjit
