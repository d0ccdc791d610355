// A host with a global lock: when kernels run without it, when with it, and that it is held again whatever happens. Every test
// runs with machine code and with the interpreter.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kjit/engine.h"

namespace kjit {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);  // for what must happen; nothing waits so long unless it fails

// The host's lock. It knows its holder, and notices a call of the engine that does not fit.
class GlobalLock {
 public:
  void acquire() {
    mutex_.lock();
    holder_ = std::this_thread::get_id();
  }
  bool try_acquire(std::chrono::steady_clock::duration patience) {
    if (!mutex_.try_lock_for(patience)) return false;
    holder_ = std::this_thread::get_id();
    return true;
  }
  void release() {
    wrong_ += !held();
    holder_ = std::thread::id();
    mutex_.unlock();
  }
  bool held() const { return holder_ == std::this_thread::get_id(); }
  int wrong() const { return wrong_; }
  int releases() const { return releases_; }

  HostLock functions() {
    return {[this] {
              ++releases_;
              release();
            },
            [this] {
              wrong_ += held();
              acquire();
            }};
  }

 private:
  std::timed_mutex mutex_;
  std::atomic<std::thread::id> holder_;
  std::atomic<int> wrong_{0};
  std::atomic<int> releases_{0};  // by the engine
};

class HostLockTest : public ::testing::TestWithParam<bool> {
 protected:
  HostLockTest() { lock_.acquire(); }
  ~HostLockTest() override {
    EXPECT_TRUE(lock_.held());
    EXPECT_EQ(lock_.wrong(), 0);
    lock_.release();
  }

  Module load(std::string text) {
    EngineOptions options;
    options.interpret = GetParam();
    options.host_lock = lock_.functions();
    return Engine(options).load_text(std::move(text), "test.k");
  }
  // The number of times that f gives the lock up.
  template <typename F>
  int releases_of(F f) {
    const int before = lock_.releases();
    f();
    EXPECT_TRUE(lock_.held());
    return lock_.releases() - before;
  }
  // Runs f on so many threads, each with the lock; this thread does without it meanwhile.
  template <typename F>
  void on_threads(int count, F f) {
    std::vector<std::thread> threads;
    for (int t = 0; t < count; ++t) {
      threads.emplace_back([this, f, t] {
        const std::lock_guard hold(guard_);
        f(t);
      });
    }
    lock_.release();
    for (std::thread& thread : threads) thread.join();
    lock_.acquire();
  }

  // The lock in the form that std::lock_guard takes.
  struct Guard {
    GlobalLock& of;
    void lock() { of.acquire(); }
    void unlock() { of.release(); }
  };
  GlobalLock lock_;
  Guard guard_{lock_};
};

INSTANTIATE_TEST_SUITE_P(Both, HostLockTest, ::testing::Values(false, true),
                         [](const auto& info) { return std::string(info.param ? "Interpreter" : "MachineCode"); });

Value number(std::int64_t value) { return Value{value}; }

TEST_P(HostLockTest, AKernelKeepsItOnceItIsCompiled) {
  Module module = load("def f(n):\n    return n + 1\n");
  EXPECT_EQ(releases_of([&] { module.call("f", {number(1)}); }), 1);
  EXPECT_EQ(releases_of([&] { module.call("f", {number(2)}); }), 0);
  EXPECT_EQ(releases_of([&] { module.call("f", {Value{2.5}}); }), 1) << "another specialisation";
}

TEST_P(HostLockTest, ANogilKernelRunsWithoutIt) {
  Module module = load("from numba import njit\n@njit(nogil=True)\ndef f(n, m=2):\n    return n + m\n");
  EXPECT_EQ(releases_of([&] { module.call("f", {number(1)}); }), 2) << "to compile, and to run";
  EXPECT_EQ(releases_of([&] { module.call("f", {number(2)}); }), 1);
  EXPECT_EQ(repr(module.call("f", {number(2)}).value), "4");
}

TEST_P(HostLockTest, TheKernelThatTheHostCallsDecides) {
  Module module = load(
      "from numba import njit\n@njit(nogil=True)\ndef inner(n):\n    return n + 1\n@njit(nogil=False)\ndef outer(n):\n"
      "    return inner(n)\nouter(1)\n");
  module.call("outer", {number(1)});
  EXPECT_EQ(releases_of([&] { module.call("outer", {number(2)}); }), 0);
  module.run_script();
  EXPECT_EQ(releases_of([&] { module.run_script(); }), 0);
}

TEST_P(HostLockTest, ItIsHeldWhereTheHostWrites) {
  Module module = load(
      "from numba import njit\n@njit(nogil=True)\ndef free():\n    print(1)\n    print(2)\ndef kept():\n    print(3)\n"
      "print(4)\n");
  std::string output;
  int without = 0;
  CallOptions call;
  call.write = [&](std::string_view text) {
    without += !lock_.held();
    output += text;
  };
  module.call("free", {}, call);
  module.call("kept", {}, call);
  module.run_script(call);
  EXPECT_EQ(output, "1\n2\n3\n4\n");
  EXPECT_EQ(without, 0);
}

TEST_P(HostLockTest, ItIsHeldAfterEachKindOfEnd) {
  Module module = load(
      "from numba import njit\n@njit(nogil=True)\ndef divide(n):\n    print(n)\n    return 10 // n\n"
      "@njit(nogil=True)\ndef wrong(n):\n    return n + 'x'\n@njit(nogil=True)\ndef first(a):\n    return a[0]\n");
  releases_of([&] { EXPECT_EQ(module.call("divide", {number(0)}).error.kind, "ZeroDivisionError"); });
  releases_of([&] { EXPECT_EQ(module.call("wrong", {number(0)}).status, CallResult::Status::CompileError); });
  releases_of([&] { EXPECT_EQ(module.call("nothing", {}).status, CallResult::Status::CompileError); });
  CallOptions call;
  call.write = [](std::string_view) { throw std::runtime_error("sink is full"); };
  releases_of([&] { EXPECT_THROW(module.call("divide", {number(1)}, call), std::runtime_error); });
  EXPECT_EQ(releases_of([&] { EXPECT_FALSE(load("def f(:\n").call("f", {}).ok()); }), 0);
}

TEST_P(HostLockTest, HalfALockIsRefused) {
  EngineOptions options;
  options.host_lock.acquire = [] {};
  EXPECT_THROW(Engine{options}, std::invalid_argument);
}

// ---- threads -----------------------------------------------------------------------------------------------------------

const char* const kForever =
    "from numba import njit\n@njit(nogil=True)\ndef free():\n    print('runs')\n    i = 0\n    while True:\n        i += 1\n"
    "def kept():\n    print('runs')\n    i = 0\n    while True:\n        i += 1\n";

TEST_P(HostLockTest, NogilKernelsRunAtTheSameTime) {
  constexpr int kCalls = 4;
  Module module = load(kForever);
  std::atomic<int> stop{0};
  CallOptions call;
  call.stop = &stop;
  int running = 0;  // guarded by the lock; a kernel that runs does not end by itself
  call.write = [&](std::string_view) { ++running; };
  std::vector<std::thread> threads;
  for (int t = 0; t < kCalls; ++t) {
    threads.emplace_back([&] {
      const std::lock_guard hold(guard_);
      EXPECT_EQ(module.call("free", {}, call).error.kind, "Cancelled");
    });
  }
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (running < kCalls && std::chrono::steady_clock::now() < give_up) {
    lock_.release();
    std::this_thread::yield();
    if (!lock_.try_acquire(kPatience)) break;
  }
  stop = static_cast<int>(Stop::Cancel);
  if (!lock_.held()) lock_.acquire();
  EXPECT_EQ(running, kCalls);
  lock_.release();
  for (std::thread& thread : threads) thread.join();
  lock_.acquire();
}

TEST_P(HostLockTest, AnyOtherKernelKeepsTheLockWhileItRuns) {
  Module module = load(kForever);
  std::atomic<int> stop{0};
  std::atomic<bool> running{false};
  CallOptions call;
  call.stop = &stop;
  call.write = [&](std::string_view) { running = true; };
  std::thread runner([&] {
    const std::lock_guard hold(guard_);
    EXPECT_EQ(module.call("kept", {}, call).error.kind, "Cancelled");
  });
  lock_.release();
  while (!running) std::this_thread::yield();
  const bool got_in = lock_.try_acquire({});
  if (got_in) lock_.release();
  EXPECT_FALSE(got_in);
  stop = static_cast<int>(Stop::Cancel);
  runner.join();
  lock_.acquire();
}

TEST_P(HostLockTest, OtherKernelsNeverOverlap) {
  Module module =
      load("def f(n):\n    print(1)\n    s = 0\n    for i in range(n):\n        s += i\n    print(-1)\n    return s\n");
  std::atomic<int> running{0}, overlaps{0}, wrong{0};
  CallOptions call;
  call.write = [&](std::string_view text) { overlaps += text == "1\n" ? running++ != 0 : --running != 0; };
  on_threads(8, [&](int) {
    for (int i = 0; i < 50; ++i) wrong += repr(module.call("f", {number(1000)}, call).value) != "499500";
  });
  EXPECT_EQ(overlaps, 0);
  EXPECT_EQ(wrong, 0);
}

// Each thread calls all kernels, beginning with another: first calls compile at once and wait for each other, while others run.
TEST_P(HostLockTest, ManyThreadsAndKernelsGetAlong) {
  constexpr int kKernels = 6, kThreads = 12, kRounds = 20;
  std::string text = "from numba import njit\n";
  for (int k = 0; k < kKernels; ++k) {
    const std::string number = std::to_string(k);
    text += (k % 2 == 0 ? "@njit(nogil=True)\n" : "@njit\n") + ("def f" + number) + "(n):\n    print(n)\n    s = 0\n" +
            "    for i in range(n):\n        s += i % 7\n    print(s)\n    return " + number + " + n\n";
  }
  Module module = load(text);
  std::atomic<int> compiled{0}, wrong{0}, lines{0};
  CallOptions call;
  call.write = [&](std::string_view) {
    ++lines;
    wrong += !lock_.held();
  };
  on_threads(kThreads, [&](int t) {
    for (int i = 0; i < kRounds * kKernels; ++i) {
      const int k = (t + i) % kKernels;
      const CallResult result = module.call("f" + std::to_string(k), {number(100)}, call);
      compiled += result.timing.compile_ms > 0;
      wrong += !lock_.held() || repr(result.value) != std::to_string(100 + k);
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(compiled, kKernels);
  EXPECT_EQ(lines, 2 * kThreads * kRounds * kKernels);
}

}  // namespace
}  // namespace kjit
