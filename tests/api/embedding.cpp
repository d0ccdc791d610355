// What a host may rely on: objects on many threads and from callbacks, engines that end while their kernels run, nothing that
// stops the process. Engines before main, another LLVM, and what the library shows are tested from outside (tests/install).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include "kjit/kjit.h"

namespace kjit {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

// Larger for a campaign: KJIT_CHURN_SECONDS=60, KJIT_CHURN_CYCLES=10000.
int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

std::string sum_source(int k) {
  return "def f(n):\n    s = 0\n    for i in range(n):\n        s += i * " + std::to_string(k) + "\n    return s\n";
}

std::int64_t load_and_call(Engine& engine, int k) {
  return engine.load_source(sum_source(k), "f.k").value().function<std::int64_t(std::int64_t)>("f").value()(10).value();
}

TEST(Embedding, AnEngineMayEndWhileItsKernelsRun) {
  std::optional<Engine> engine(std::in_place);
  std::optional<Module> module =
      engine->load_source("def f():\n    n = 0\n    while True:\n        n += 1\n    return n\n", "f.k").value();
  std::optional<Function<std::int64_t()>> f = module->function<std::int64_t()>("f").value();
  std::atomic<int> stop{0};
  std::atomic<bool> running{false};
  std::string kind;
  std::thread caller([&running, &stop, &kind, mine = *f] {
    CallOptions options;
    options.stop = &stop;
    running = true;
    const auto result = mine.call(options);
    kind = result.error().run->kind;
  });
  while (!running) std::this_thread::yield();
  std::this_thread::sleep_for(milliseconds(5));
  f.reset();
  module.reset();
  engine.reset();
  std::this_thread::sleep_for(milliseconds(5));
  stop = static_cast<int>(Stop::Cancel);
  caller.join();
  EXPECT_EQ(kind, "Cancelled");
}

// kernel -> host -> kernel -> host ..., and another kernel that has to be compiled on the way.
TEST(Embedding, CallbacksMayCallKernels) {
  Engine engine;
  Module module = engine.load_source("def f(n):\n    print(n)\n    return n * 2\n", "f.k").value();
  auto f = module.function<std::int64_t(std::int64_t)>("f").value();
  int depth = 0;
  std::int64_t sum = 0;
  CallOptions options;
  options.write = [&](std::string_view) {
    const int level = ++depth;
    if (level > 10) return;
    sum += f.call(options, level).value();
    sum += load_and_call(engine, level);
  };
  EXPECT_EQ(f.call(options, 100).value(), 200);
  EXPECT_EQ(sum, 2 * 55 + 45 * 55);
}

// A callback waits for a thread that wants the same kernel, which is being compiled for the first time by nobody else.
TEST(Embedding, CallbacksMayWaitForOtherCalls) {
  Engine engine;
  Module module = engine.load_source("def f(n):\n    print(n)\n    return n\n\ndef g(n):\n    return n + 1\n", "f.k").value();
  auto f = module.function<std::int64_t(std::int64_t)>("f").value();
  CallOptions options;
  std::int64_t seen = 0;
  options.write = [&](std::string_view) {
    std::thread([&] { seen = module.function<std::int64_t(std::int64_t)>("g").value()(f(4).value()).value(); }).join();
  };
  EXPECT_EQ(f.call(options, 1).value(), 1);
  EXPECT_EQ(seen, 5);
}

TEST(Embedding, ExceptionsOfCallbacksPassThroughNestedCalls) {
  Engine engine;
  auto f = engine.load_source("def f(n):\n    print(n)\n    return n\n", "f.k")
               .value()
               .function<std::int64_t(std::int64_t)>("f")
               .value();
  CallOptions inner, outer;
  inner.write = [](std::string_view) { throw std::runtime_error("from inside"); };
  outer.write = [&](std::string_view) { (void)f.call(inner, 2); };
  EXPECT_THROW((void)f.call(outer, 1), std::runtime_error);
  EXPECT_EQ(f(3).value(), 3);
}

// Everything here is a mistake of somebody; the process goes on.
TEST(Embedding, TheLibraryNeverStopsTheProcess) {
  Engine engine;
  EXPECT_FALSE(engine.load_file("/nowhere"));
  EXPECT_FALSE(engine.load_file("/"));
  EXPECT_FALSE(engine.load_source(std::string("\0\xff\xfe", 3), "f.k"));
  EXPECT_FALSE(engine.load_source(std::string(100000, '('), "f.k"));
  Module module = engine
                      .load_source(
                          "import sys\nimport numpy as np\n\ndef quit():\n    sys.exit(3)\n\ndef deep(n: int) -> int:\n"
                          "    return deep(n + 1) + 1 if n >= 0 else 0\n\ndef big(n):\n    return np.zeros(n)\n",
                          "f.k")
                      .value();
  EXPECT_EQ(module.call("quit", {}).error.exit_code, 3);
  EXPECT_EQ(module.call("deep", {{std::int64_t{0}}}).error.kind, "RecursionError");
  EXPECT_EQ(module.call("big", {{std::int64_t{1} << 60}}).error.kind, "MemoryError");
  EXPECT_FALSE(module.call("nobody", {}).ok());
  EXPECT_TRUE(module.call("big", {{std::int64_t{3}}}).ok());
}

// SELinux's deny_execmem and the like: kernels run in the interpreter, and the call says so.
TEST(Embedding, WithoutExecutableMemoryTheInterpreterRuns) {
#ifndef PR_SET_MDWE
  constexpr int PR_SET_MDWE = 65;
#endif
  const pid_t child = fork();
  if (child == 0) {
    if (prctl(PR_SET_MDWE, 1, 0, 0, 0) != 0) _exit(77);
    Engine engine;
    Module module = engine.load_source(sum_source(1), "f.k").value();
    auto f = module.function<std::int64_t(std::int64_t)>("f");
    const CallResult untyped = module.call("f", {{std::int64_t{10}}});
    const bool right = f && (*f)(10).value() == 45 && untyped.ok() && untyped.note.find("interpreted") != std::string::npos;
    _exit(right ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "this system cannot refuse executable memory";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Embedding, SixteenThreadsCallWhileOthersLoadAndDrop) {
  Engine engine;
  const Module module = engine.load_source(sum_source(1), "f.k").value();
  const auto f = module.function<std::int64_t(std::int64_t)>("f").value();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(from_environment("KJIT_CHURN_SECONDS", 2));
  std::atomic<std::int64_t> calls{0}, loads{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      while (std::chrono::steady_clock::now() < end) {
        for (int k = 0; k < 1000; ++k) wrong += f(k + i).value() != (k + i) * (k + i - 1) / 2;
        calls += 1000;
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; std::chrono::steady_clock::now() < end; ++k, ++loads)
        wrong += load_and_call(engine, k % 7 + i) != 45 * (k % 7 + i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  RecordProperty("calls", std::to_string(calls));
  RecordProperty("loads", std::to_string(loads));
}

// In bytes, of this process.
std::int64_t resident_memory() {
  malloc_trim(0);
  std::int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

TEST(Embedding, LoadingAndDroppingDoesNotGrow) {
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the sanitizers keep freed memory";
#endif
  const int cycles = from_environment("KJIT_CHURN_CYCLES", 300);
  Engine engine;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(load_and_call(engine, i), 45 * i);
  const std::int64_t before = resident_memory();
  for (int i = 0; i < cycles; ++i) EXPECT_EQ(load_and_call(engine, i), 45 * i);
  const std::int64_t grown = resident_memory() - before;
  RecordProperty("grown_bytes", std::to_string(grown));
  EXPECT_LT(grown, 1 << 20) << "after " << cycles << " cycles";
}

}  // namespace
}  // namespace kjit
