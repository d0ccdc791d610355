// Functions of the host in kernels: types, state, errors, threads, nesting, the interpreter.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kjit/kjit.h"

namespace {

struct Sample {
  double at = 0;
  std::int32_t count = 0;
  bool valid = false;
};

}  // namespace

template <>
struct kjit::Fields<Sample> : kjit::FieldList<&Sample::at, &Sample::count, &Sample::valid> {};

namespace kjit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Each test runs in machine code and in the interpreter.
class HostFunctions : public testing::TestWithParam<bool> {
 protected:
  HostFunctions() : engine(options()) {}
  static EngineOptions options() {
    EngineOptions options;
    options.interpret = GetParam();
    return options;
  }
  template <typename F>
  void add(const std::string& name, F function, HostFunctionOptions how = {}) {
    const auto error = engine.register_function(name, std::move(function), how);
    ASSERT_FALSE(error) << error->message;
  }
  Module load(const std::string& text) {
    auto module = engine.load_source(text, "t.k");
    EXPECT_TRUE(module) << module.error().render();
    return *module;
  }
  template <typename Signature, typename... A>
  auto call(const std::string& text, A&&... args) {
    auto f = load(text).template function<Signature>("f");
    EXPECT_TRUE(f) << f.error().render();
    return (*f)(std::forward<A>(args)...);
  }

  Engine engine;
};
INSTANTIATE_TEST_SUITE_P(Both, HostFunctions, testing::Bool(),
                         [](const auto& run) { return run.param ? "Interpreter" : "MachineCode"; });

double half(double x) { return x / 2; }

TEST_P(HostFunctions, TakeAndGiveNumbers) {
  add("half", half);
  add("mix", [](bool a, std::int8_t b, std::uint16_t c, float d, std::complex<double> e) {
    return a + b + c + d + e.real() + e.imag();
  });
  EXPECT_EQ((call<double(double)>("def f(x): return half(x) + half(3)\n", 5.0).value()), 4.0);
  const char* text = "from kjit import i8, u16, f32\ndef f(): return mix(True, i8(-2), u16(40000), f32(0.5), 1.5 + 2j)\n";
  EXPECT_EQ((call<double()>(text).value()), 1 - 2 + 40000 + 0.5 + 3.5);
}

TEST_P(HostFunctions, TakeAndGiveStructs) {
  add("next_sample", [](Sample sample, double by) { return Sample{sample.at + by, sample.count + 1, !sample.valid}; });
  const Sample next =
      call<Sample(Sample)>("def f(s):\n    t = next_sample(s, 0.5)\n    return next_sample(t, t[0])\n", Sample{1, 7, true});
  EXPECT_EQ(next.at, 3.0);
  EXPECT_EQ(next.count, 9);
  EXPECT_TRUE(next.valid);
}

TEST_P(HostFunctions, GiveArraysOfTheirOwn) {
  add("ramp", [](std::int64_t n) {
    std::vector<double> result(static_cast<std::size_t>(n));
    std::iota(result.begin(), result.end(), 1.0);
    return result;
  });
  const auto memory = std::make_shared<std::vector<int>>(6, 2);
  add("table", [memory] { return Array<int, 2>(std::shared_ptr<int>(memory, memory->data()), {2, 3}); });
  // Kept, changed, passed on, returned, dropped; what the host has stays as it is.
  const char* sum =
      "def f(n):\n    s = 0.0\n    for i in range(n):\n        x = ramp(i)\n        x[:] *= 2.0\n        s += x.sum() + "
      "len(ramp(2))\n"
      "    t = table()\n    t[0, 0] = 100\n    return s + t[0, 0] + t[1, 2] + table()[0, 0]\n";
  EXPECT_EQ((call<double(std::int64_t)>(sum, 4).value()), 2.0 * (1 + 3 + 6) + 8 + 100 + 2 + 2);
  EXPECT_THAT((call<std::vector<double>(std::int64_t)>("def f(n): return ramp(n)[1:]\n", 4).value()), ElementsAre(2, 3, 4));
  EXPECT_THAT(*memory, testing::Each(2));
}

TEST_P(HostFunctions, HaveState) {
  int calls = 0;
  std::vector<double> table{1, 10, 100};
  add("sample", [&calls, table](std::int64_t i) {
    ++calls;
    return table.at(static_cast<std::size_t>(i));
  });
  EXPECT_EQ(
      (call<double(std::int64_t)>("def f(n):\n    s = 0.0\n    for i in range(n):\n        s += sample(i)\n    return s\n", 3)
           .value()),
      111.0);
  EXPECT_EQ(calls, 3);
}

TEST_P(HostFunctions, GetArraysWithoutCopies) {
  add("total", [](std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0); });
  add("scale", [](ArrayView<double, 2> x, double by) {
    for (std::int64_t i = 0; i < x.shape()[0]; ++i)
      for (std::int64_t j = 0; j < x.shape()[1]; ++j) x(i, j) *= by;
  });
  std::vector<double> x{1, 2, 3, 4, 5, 6};
  const char* text = "def f(x):\n    scale(x[:, ::2], 10.0)\n    return total(x[1])\n";
  auto f = load(text).function<double(ArrayView<double, 2>)>("f");
  ASSERT_FALSE(f);  // total() wants a contiguous array, and a row of a view with any strides is not known to be one
  EXPECT_THAT(f.error().render(), HasSubstr("E0507"));
  const char* copied = "def f(x):\n    scale(x[:, ::2], 10.0)\n    return total(x[1].copy())\n";
  EXPECT_EQ((call<double(ArrayView<double, 2>)>(copied, ArrayView<double, 2>(x.data(), {2, 3})).value()), 40 + 5 + 60);
  EXPECT_EQ(x, (std::vector<double>{10, 2, 30, 40, 5, 60}));
}

TEST_P(HostFunctions, SayWhetherTheyWrite) {
  add("look", [](std::span<const double> x) { return x[0]; });
  add("change", [](std::span<double> x) { x[0] = 1; });
  EXPECT_TRUE(load("def f(x): return look(x)\n").function<double(std::span<const double>)>("f"));
  auto f = load("def f(x): change(x)\n").function<void(std::span<const double>)>("f");
  ASSERT_FALSE(f);
  EXPECT_THAT(f.error().message, HasSubstr("writes to its parameter x"));
}

TEST_P(HostFunctions, TakeAndGiveTextAndTuples) {
  add("greet", [](std::string_view name, std::int64_t n) { return "hello " + std::string(name) + std::to_string(n); });
  add("swap", [](std::tuple<std::int64_t, double> pair) { return std::tuple(std::get<1>(pair), std::get<0>(pair)); });
  EXPECT_EQ((call<std::string()>("def f(): return greet('w' + 'o', 3) + '!'\n").value()), "hello wo3!");
  EXPECT_EQ((call<double()>("def f():\n    a, b = swap((2, 0.5))\n    return a + b\n").value()), 2.5);
}

TEST_P(HostFunctions, ErrorsBecomeTheCallsError) {
  add("fail", [](std::int64_t how) {
    if (how == 0) throw std::out_of_range("no such row");
    if (how == 1) throw KernelException("ZeroDivisionError", "by the host");
    if (how == 2) throw 3;
    if (how == 3) throw std::runtime_error("broken");
  });
  auto f = load("import numpy as np\ndef g(n):\n    a = np.zeros(1000)\n    fail(n)\n    return a[0]\ndef f(n): return g(n)\n")
               .function<double(std::int64_t)>("f");
  ASSERT_TRUE(f) << f.error().render();
  const char* expected[] = {"IndexError: no such row", "ZeroDivisionError: by the host",
                            "RuntimeError: a function of the host has thrown something that is no std::exception",
                            "RuntimeError: broken"};
  for (std::int64_t how = 0; how < 4; ++how) {
    const auto result = (*f)(how);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, expected[how]);
    EXPECT_THAT(result.error().render(), HasSubstr("line 4, in g\n    fail(n)"));
  }
  EXPECT_EQ((*f)(4).value(), 0.0);
}

TEST_P(HostFunctions, CallKernelsThemselves) {
  auto inner = load("def f(n):\n    if n < 0:\n        raise ValueError('negative')\n    return n * 2\n")
                   .function<std::int64_t(std::int64_t)>("f");
  ASSERT_TRUE(inner);
  add("twice", [&f = *inner](std::int64_t n) -> std::int64_t { return f(n); });  // its own copy would keep the engine, and itself
  EXPECT_EQ((call<std::int64_t(std::int64_t)>("def f(n): return twice(twice(n))\n", 5).value()), 20);
  const auto result = call<std::int64_t(std::int64_t)>("def f(n): return twice(n)\n", -1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "ValueError: negative");
}

TEST_P(HostFunctions, RunInParallelLoopsOnlyIfThreadSafe) {
  std::atomic<int> calls = 0;
  add("count",
      [&calls](std::int64_t i) {
        ++calls;
        return i;
      },
      {.thread_safe = true});
  add("alone", [](std::int64_t i) { return i; });
  const std::string loop =
      "from kjit import njit, prange\n@njit(parallel=True)\ndef f(n):\n    s = 0\n    for i in prange(n):\n        s += ";
  EXPECT_EQ((call<std::int64_t(std::int64_t)>(loop + "count(i)\n    return s\n", 1000).value()), 499500);
  EXPECT_EQ(calls, 1000);
  auto f = load(loop + "alone(i)\n    return s\n").function<std::int64_t(std::int64_t)>("f");
  ASSERT_FALSE(f);
  EXPECT_THAT(f.error().render(), HasSubstr("E1012"));
}

TEST_P(HostFunctions, AreDeclaredOrNot) {
  add("half", half);
  const std::string import = "from kjit import extern, f64, i64\n@extern\n";
  EXPECT_EQ((call<double()>(import + "def half(x: f64) -> f64: ...\ndef f(): return half(7)\n").value()), 3.5);
  auto f = load(import + "def half(x: i64) -> f64: ...\ndef f(): return half(7)\n").function<double()>("f");
  ASSERT_FALSE(f);
  EXPECT_THAT(f.error().render(), HasSubstr("the host has registered half(f64) -> f64"));
  const auto missing = call<double()>(import + "def later(x: f64) -> f64: ...\ndef f(): return later(7)\n");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "NameError: the host has registered no function 'later'");
  add("later", half);
  EXPECT_EQ((call<double()>(import + "def later(x: f64) -> f64: ...\ndef f(): return later(7)\n").value()), 3.5);
}

TEST_P(HostFunctions, AreRefusedByNameAndArguments) {
  add("half", half);
  EXPECT_TRUE(engine.register_function("half", half));
  EXPECT_TRUE(engine.register_function("len", half));
  EXPECT_TRUE(engine.register_function("a b", half));
  EXPECT_FALSE((engine.register_function<double(double)>("generic", [](auto x) { return x; })));
  for (const char* body : {"half('a')", "half(1.0, 2.0)", "half(x=1.0)", "half()", "unknown(1.0)"}) {
    auto f = load(std::string("def f(): return ") + body + "\n").function<double()>("f");
    EXPECT_FALSE(f) << body;
  }
}

TEST_P(HostFunctions, AreCalledFromManyThreads) {
  std::atomic<std::int64_t> sum = 0;
  add("add", [&sum](std::int64_t n) {
    sum += n;
    return n;
  });
  auto f = load("def f(n):\n    s = 0\n    for i in range(n):\n        s += add(i)\n    return s\n")
               .function<std::int64_t(std::int64_t)>("f");
  ASSERT_TRUE(f);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&] { EXPECT_EQ((*f)(100).value(), 4950); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 4 * 4950);
}

TEST(HostFunctionsAndLock, HaveTheLock) {
  std::atomic<int> held = 1;
  EngineOptions options;
  options.host_lock = {[&] { --held; }, [&] { ++held; }};
  Engine engine(options);
  int seen = -1;
  ASSERT_FALSE(engine.register_function("look", [&]() -> std::int64_t { return seen = held; }));
  auto module = engine.load_source("from kjit import njit\n@njit(nogil=True)\ndef f(): return look()\n", "t.k");
  ASSERT_TRUE(module);
  EXPECT_EQ(std::get<std::int64_t>(module->call("f", {}).value.data), 1);
  EXPECT_EQ(held, 1);
}

}  // namespace
}  // namespace kjit
