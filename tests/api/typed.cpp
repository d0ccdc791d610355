// Kernels as typed C++ functions: what goes in and out, and every way in which that can fail.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <complex>
#include <limits>
#include <numeric>
#include <thread>

#include "kjit/kjit.h"

namespace {

struct Position {
  double x = 0, y = 0;
};
struct Particle {
  Position at;
  float mass = 0;
  std::int32_t unlisted = 7;
  std::int16_t kind = 0;
};

struct Series {
  std::string name;
  std::vector<double> xs;
  Position at;
};

}  // namespace

template <>
struct kjit::Fields<Position> : kjit::FieldList<&Position::x, &Position::y> {};
template <>
struct kjit::Fields<Series> : kjit::FieldList<&Series::name, &Series::xs, &Series::at> {};
template <>
struct kjit::Fields<Particle> : kjit::FieldList<&Particle::at, &Particle::mass, &Particle::kind> {};

namespace kjit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every test runs with machine code and with the interpreter.
class TypedTest : public ::testing::TestWithParam<bool> {
 protected:
  TypedTest() : engine(options()) {}

  static EngineOptions options() {
    EngineOptions result;
    result.interpret = GetParam();
    return result;
  }
  Module load(std::string text) {
    Result<Module> module = engine.load_source(std::move(text), "t.k");
    EXPECT_TRUE(module) << module.error().render();
    return std::move(module.value());
  }
  template <typename Signature>
  Function<Signature> get(const std::string& text, std::string_view name = "f") {
    Result<Function<Signature>> function = load(text).function<Signature>(name);
    if (!function) throw BadResult(function.error());
    return *function;
  }

  Engine engine;
};

INSTANTIATE_TEST_SUITE_P(Both, TypedTest, ::testing::Values(false, true),
                         [](const auto& info) { return std::string(info.param ? "Interpreter" : "MachineCode"); });

constexpr const char* kIdentity = "def f(x):\n    return x\n";

template <typename T>
void expect_round_trip(const Function<T(T)>& identity, std::initializer_list<T> values) {
  for (const T value : values) {
    const Returned<T> result = identity(value);
    ASSERT_TRUE(result) << result.error().render();
    EXPECT_EQ(*result, value);
  }
}

TEST_P(TypedTest, EveryScalarGoesInAndOut) {
  expect_round_trip(get<bool(bool)>(kIdentity), {false, true});
  expect_round_trip<std::int8_t>(get<std::int8_t(std::int8_t)>(kIdentity), {-128, 0, 127});
  expect_round_trip<std::int16_t>(get<std::int16_t(std::int16_t)>(kIdentity), {-32768, 32767});
  expect_round_trip<int>(get<int(int)>(kIdentity), {std::numeric_limits<int>::min(), 7});
  expect_round_trip<std::int64_t>(get<std::int64_t(std::int64_t)>(kIdentity), {std::numeric_limits<std::int64_t>::min(), 7});
  expect_round_trip<long long>(get<long long(long long)>(kIdentity), {-1, 7});
  expect_round_trip<std::uint8_t>(get<std::uint8_t(std::uint8_t)>(kIdentity), {0, 255});
  expect_round_trip<std::uint16_t>(get<std::uint16_t(std::uint16_t)>(kIdentity), {65535});
  expect_round_trip<unsigned>(get<unsigned(unsigned)>(kIdentity), {4294967295u});
  expect_round_trip<std::uint64_t>(get<std::uint64_t(std::uint64_t)>(kIdentity), {std::numeric_limits<std::uint64_t>::max()});
  expect_round_trip<float>(get<float(float)>(kIdentity), {1.5f, -0.0f});
  expect_round_trip<double>(get<double(double)>(kIdentity), {1e300, -2.25});
  using C64 = std::complex<float>;
  using C128 = std::complex<double>;
  expect_round_trip<C64>(get<C64(C64)>(kIdentity), {C64(1, 2)});
  expect_round_trip<C128>(get<C128(C128)>(kIdentity), {C128(1, -2)});
}

TEST_P(TypedTest, TheResultOfACallConvertsToItsValue) {
  const auto f = get<std::int64_t(std::int64_t)>("def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n");
  EXPECT_EQ((long long)f(1000), 499500);
  const std::int64_t sum = f(10);
  EXPECT_EQ(sum, 45);
}

// More than any calling convention has registers for, of every kind that it treats differently.
TEST_P(TypedTest, ManyArgumentsOfAllKinds) {
  using Pair = std::tuple<std::int64_t, double>;
  const auto f = get<double(bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, int, unsigned, std::int64_t, float,
                            double, std::complex<double>, std::string_view, std::span<const double>, Pair, double, float, double,
                            double, double, double, double, bool, std::int8_t)>(
      "def f(b, i8, u8, i16, u16, i32, u32, i64, f32, f64, c, text, x, pair, d1, d2, d3, d4, d5, d6, d7, last_b, last_i8):\n"
      "    s = 1.0 if b else 0.0\n"
      "    s = s * 3.0 + i8\n    s = s * 3.0 + u8\n    s = s * 3.0 + i16\n    s = s * 3.0 + u16\n    s = s * 3.0 + i32\n"
      "    s = s * 3.0 + u32\n    s = s * 3.0 + i64\n    s = s * 3.0 + f32\n    s = s * 3.0 + f64\n    s = s * 3.0 + c.imag\n"
      "    s = s * 3.0 + len(text)\n    s = s * 3.0 + x[1]\n    s = s * 3.0 + pair[0] * pair[1]\n"
      "    for d in (d1, d3, d4, d5, d6, d7):\n        s = s * 3.0 + d\n"
      "    s = s * 3.0 + d2\n    s = s * 3.0 + last_i8\n    return -s if last_b else s\n");
  const double x[] = {1, 2};
  const double numbers[] = {-128, 255, -32768, 65535, -5, 4294967295.0, -7, 0.5, 0.25, 4, 3,
                            2,    1.5, 10,     30,    40, 50,           60, 70,  20,   -1};
  double expected = 1;
  for (const double number : numbers) expected = expected * 3 + number;
  const Returned<double> result = f(true, -128, 255, -32768, 65535, -5, 4294967295u, -7, 0.5f, 0.25, std::complex<double>(9, 4),
                                    "abc", x, Pair(3, 0.5), 10, 20.0f, 30, 40, 50, 60, 70, true, -1);
  ASSERT_TRUE(result) << result.error().render();
  EXPECT_EQ(*result, -expected);
}

TEST_P(TypedTest, ErrorsOfKernelsWithAnyKindOfResult) {
  const auto fails = [&](auto function) {
    const auto good = function(2);
    EXPECT_TRUE(good);
    const auto bad = function(0);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().run->kind, "ZeroDivisionError");
    EXPECT_THROW(static_cast<void>(bad.value()), BadResult);
    EXPECT_TRUE(function(2));  // nothing is left of it
  };
  fails(get<bool(std::int64_t)>("def f(n):\n    return 4 // n > 1\n"));
  fails(get<std::int8_t(std::int8_t)>("import numpy as np\ndef f(n):\n    k = 4 // n\n    return np.int8(k)\n"));
  fails(get<float(std::int64_t)>("import numpy as np\ndef f(n):\n    return np.float32(4 / n)\n"));
  fails(get<std::complex<double>(std::int64_t)>("def f(n):\n    return complex(4 / n, 1.0)\n"));
  fails(get<std::string(std::int64_t)>("def f(n):\n    return \"x\" * (4 // n)\n"));
  fails(get<std::tuple<std::int64_t, double>(std::int64_t)>("def f(n):\n    return 4 // n, 4 / n\n"));
  fails(get<Array<double, 1>(std::int64_t)>(
      "import numpy as np\ndef f(n):\n    x = np.zeros(3)\n    x[0] = 4 / n\n    return x\n"));
  fails(get<void(std::int64_t)>("def f(n):\n    print(4 // n)\n"));
}

TEST_P(TypedTest, StructsAreTuplesOfTheirFields) {
  const auto f =
      get<Particle(Particle, double)>("def f(p, dt):\n    at, mass, kind = p\n    return (at[0] + dt, at[1] - dt), mass, kind\n");
  Particle particle{{1, 2}, 0.5f, 99, -3};
  const Returned<Particle> moved = f(particle, 0.25);
  ASSERT_TRUE(moved) << moved.error().render();
  EXPECT_EQ(moved->at.x, 1.25);
  EXPECT_EQ(moved->at.y, 1.75);
  EXPECT_EQ(moved->mass, 0.5f);
  EXPECT_EQ(moved->kind, -3);
  EXPECT_EQ(moved->unlisted, 7);
  const auto wrong = load("def f(p): return p\n").function<double(Particle)>("f");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("((f64, f64), f32, i16)"));
}

TEST_P(TypedTest, FieldsMayBeTextsAndArrays) {
  const auto f = get<double(Series, double)>("def f(s, k):\n    name, xs, at = s\n    return (len(name) + xs[1] + at[0]) * k\n");
  EXPECT_EQ((double)f(Series{"a name that is longer than a small text", {1, 20, 3}, {0.5, 2}}, 2.0), 2 * (39 + 20 + 0.5));
}

TEST_P(TypedTest, TheFieldsOfAnArrayOfStructs) {
  std::vector<Particle> particles(3);
  for (std::size_t i = 0; i < particles.size(); ++i) particles[i].mass = static_cast<float>(i + 1);
  const auto f = get<double(ArrayView<float, 1>, ArrayView<const std::int16_t, 1>)>(
      "def f(mass, kind):\n    s = 0.0\n    for i in range(len(mass)):\n        s += mass[i] + kind[i]\n        mass[i] = 0.5\n  "
      "  return s\n");
  const std::span<Particle> all(particles);
  EXPECT_EQ((double)f(field_view(all, &Particle::mass), field_view(std::span<const Particle>(all), &Particle::kind)), 6.0);
  for (const Particle& particle : particles) EXPECT_EQ(particle.mass, 0.5f);
  EXPECT_EQ((double)f(field_view(all.first(0), &Particle::mass), field_view(std::span<const Particle>(), &Particle::kind)), 0.0);
}

TEST_P(TypedTest, NoneIsVoid) {
  const auto f = get<void(std::span<double>)>("def f(x):\n    x[0] = 5.0\n");
  double x[2] = {1, 2};
  EXPECT_TRUE(f(x));
  EXPECT_EQ(x[0], 5);
}

TEST_P(TypedTest, ArraysAreTheHostsOwnMemory) {
  const std::string scale = "def f(x, k):\n    for i in range(len(x)):\n        x[i] *= k\n    return len(x)\n";
  std::vector<double> vector{1, 2, 3};
  EXPECT_EQ((std::int64_t)(get<std::int64_t(std::vector<double>&, double)>(scale)(vector, 2.0)), 3);
  EXPECT_THAT(vector, ElementsAre(2, 4, 6));
  EXPECT_EQ((std::int64_t)(get<std::int64_t(std::span<double>, double)>(scale)(std::span(vector).subspan(1), 0.5)), 2);
  EXPECT_THAT(vector, ElementsAre(2, 2, 3));
  std::span<double> empty;
  EXPECT_EQ((std::int64_t)(get<std::int64_t(std::span<double>, double)>(scale)(empty, 0.5)), 0);
}

TEST_P(TypedTest, StridedViewsAreNotCopied) {
  // A 3 x 2 block of a column-major 4 x 5 matrix, rows in reverse.
  std::vector<int> matrix(20);
  std::iota(matrix.begin(), matrix.end(), 0);
  const ArrayView<int, 2> block(matrix.data() + 2 + 4, {3, 2}, {-1, 4});
  EXPECT_EQ(block(0, 0), 6);
  EXPECT_EQ(block(2, 1), 8);
  const auto f = get<std::int64_t(ArrayView<int, 2>)>(
      "def f(a):\n    s = 0\n    for i in range(a.shape[0]):\n        for j in range(a.shape[1]):\n"
      "            s = s * 100 + a[i, j]\n            a[i, j] = -1\n    return s\n");
  EXPECT_EQ((std::int64_t)f(block), 61005090408);
  EXPECT_EQ(std::ranges::count(matrix, -1), 6);
  EXPECT_EQ(block(2, 1), -1);
}

TEST_P(TypedTest, ConstIsChecked) {
  const Module module = load(
      "import numpy as np\n"
      "def put(x, i):\n    x[i] = 1.0\n"
      "def reads(x):\n    return x[0]\n"
      "def writes(x):\n    y = x[1:]\n    put(y, 0)\n    return x[0]\n"
      "def own(x):\n    y = np.zeros((len(x), 2))\n    y[0, 1] = x[0]\n    z = x * 2\n    z[1] = y[0, 1]\n    return z[1]\n");
  EXPECT_TRUE(module.function<double(std::span<const double>)>("own"));
  EXPECT_TRUE(module.function<double(std::span<const double>)>("reads"));
  EXPECT_TRUE(module.function<double(const std::vector<double>&)>("reads"));
  EXPECT_TRUE(module.function<double(std::span<double>)>("writes"));
  EXPECT_TRUE(module.function<double(std::vector<double>&)>("writes"));
  const auto check = [](const auto& function) {
    ASSERT_FALSE(function);
    EXPECT_THAT(function.error().render(), HasSubstr("the kernel writes to its parameter x, which the host passes as const"));
  };
  check(module.function<double(std::span<const double>)>("writes"));
  check(module.function<double(const std::vector<double>&)>("writes"));
  check(module.function<double(std::vector<double>)>("writes"));
  check(module.function<double(ArrayView<const double, 1>)>("writes"));
}

TEST_P(TypedTest, ReturnedArraysOwnTheirMemory) {
  const std::string make = "import numpy as np\ndef f(n):\n    a = np.zeros((n, 2))\n    a[n - 1, 1] = 7.0\n    return a\n";
  Array<double, 2> kept;
  {
    Engine short_lived(options());
    auto module = short_lived.load_source(make, "t.k");
    auto f = module->function<Array<double, 2>(std::int64_t)>("f");
    ASSERT_TRUE(f) << f.error().render();
    kept = (*f)(3);
  }
  EXPECT_THAT(kept.shape(), ElementsAre(3, 2));
  EXPECT_EQ(kept(2, 1), 7);
  EXPECT_EQ(std::accumulate(kept.begin(), kept.end(), 0.0), 7);
  const Array<double, 2> copy = kept;
  copy(0, 0) = 5;
  EXPECT_EQ(kept(0, 0), 5);
}

TEST_P(TypedTest, AReturnedArgumentIsACopy) {
  std::vector<double> x{1, 2, 3};
  const Array<double, 1> same = get<Array<double, 1>(std::vector<double>&)>(kIdentity)(x);
  x[0] = 9;
  EXPECT_THAT(same.elements(), ElementsAre(1, 2, 3));
  const std::vector<double> every_other = get<std::vector<double>(std::vector<double>&)>("def f(x):\n    return x[::2]\n")(x);
  EXPECT_THAT(every_other, ElementsAre(9, 3));
}

TEST_P(TypedTest, TextAndTuples) {
  const auto greet = get<std::string(std::string_view, std::int64_t)>("def f(name, n):\n    return f'{name}: {n}'\n");
  EXPECT_EQ((std::string)greet("ä", 3), "ä: 3");
  using Mixed = std::tuple<bool, std::string, std::int64_t, double, std::tuple<std::int8_t, std::complex<double>>>;
  const Mixed value{true, "text", -5, 2.5, {3, {1, -1}}};
  EXPECT_EQ((Mixed)get<Mixed(Mixed)>(kIdentity)(value), value);
  const auto divide =
      get<std::tuple<std::int64_t, std::int64_t>(std::int64_t, std::int64_t)>("def f(a, b):\n    return a // b, a % b\n");
  const std::tuple<std::int64_t, std::int64_t> parts = divide(-7, 2);
  EXPECT_EQ(parts, std::tuple(-4, 1));
  std::vector<double> x{1, 2};
  const auto pair = get<double(std::tuple<std::span<const double>, std::int64_t>)>("def f(p):\n    return p[0][p[1]]\n");
  EXPECT_EQ((double)pair({x, 1}), 2);
}

TEST_P(TypedTest, AFailedCallHasMessageTracebackAndIteration) {
  const auto f = get<double(std::span<const double>, std::int64_t)>("def f(x, i):\n    return x[i]\n");
  const double x[3] = {1, 2, 3};
  Returned<double> result = f(x, 3);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "IndexError: x[i]: index 3 is out of range for axis 0 with size 3");
  EXPECT_EQ(result.error().render(),
            "Traceback (most recent call last):\n  File \"t.k\", line 2, in f\n    return x[i]\n"
            "IndexError: x[i]: index 3 is out of range for axis 0 with size 3");
  EXPECT_EQ(result.error().run->kind, "IndexError");
  EXPECT_EQ((double)f(x, -1), 3);  // the next call knows nothing of it
  EXPECT_THROW(static_cast<void>(f(x, 3).value()), BadResult);
  EXPECT_THROW(static_cast<void>(static_cast<double>(f(x, 3))), BadResult);

  const auto g = get<void(std::span<double>)>(
      "from kjit import njit, prange\n@njit(parallel=True)\ndef f(x):\n    for k in prange(100):\n        x[k] = 1 // (k - "
      "60)\n");
  std::vector<double> y(100);
  const Returned<void> parallel = g(y);
  ASSERT_FALSE(parallel);
  ASSERT_EQ(parallel.error().run->iteration.size(), 1u);
  EXPECT_EQ(parallel.error().run->iteration[0].name, "k");
  EXPECT_EQ(parallel.error().run->iteration[0].value, 60);
}

TEST_P(TypedTest, ErrorsOfTheSource) {
  const Result<Module> bad = engine.load_source("def f(n:\n    return n\n", "bad.k");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().render(), HasSubstr("bad.k:1:"));
  EXPECT_FALSE(engine.load_file("/nowhere/at/all.k"));

  const Module module = load("def f(n):\n    return n + undefined\n");
  const auto f = module.function<std::int64_t(std::int64_t)>("f");
  ASSERT_FALSE(f);
  EXPECT_EQ(f.error().message, "no kernel f(i64)");
  EXPECT_THAT(f.error().render(), HasSubstr("undefined"));
  EXPECT_THAT(module.function<std::int64_t(std::int64_t)>("g").error().render(), HasSubstr("'g'"));
}

TEST_P(TypedTest, AnotherSignatureIsAnErrorThatShowsBoth) {
  const Module module = load("def f(n):\n    return n * 0.5\n");
  const auto f = module.function<std::int64_t(std::int64_t)>("f");
  ASSERT_FALSE(f);
  EXPECT_EQ(f.error().message, "the host wants f(i64) -> i64, but the kernel is f(n: i64) -> f64");
  EXPECT_FALSE(module.function<double()>("f"));
  EXPECT_FALSE((module.function<double(std::int64_t, std::int64_t)>("f")));
  EXPECT_FALSE(module.function<double(std::string_view)>("f"));
  EXPECT_FALSE(module.function<void(std::int64_t)>("f"));
}

TEST(Version, OfHeadersAndLibraryAreCompared) {
  EXPECT_EQ(kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR, KJIT_VERSION_PATCH), 1);
  EXPECT_EQ(kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR + 1, 0), 0);
  EXPECT_EQ(kjit_check_version(KJIT_VERSION_MAJOR + 1, KJIT_VERSION_MINOR, 0), 0);
}

TEST_P(TypedTest, OptionsOfACall) {
  const auto f = get<std::int64_t(std::int64_t)>("def f(n):\n    while n > 0:\n        print(n)\n        n -= 1\n    return n\n");
  std::string printed;
  CallOptions options;
  options.write = [&](std::string_view text) { printed += text; };
  EXPECT_EQ((std::int64_t)f.call(options, 3), 0);
  EXPECT_EQ(printed, "3\n2\n1\n");
  EXPECT_EQ((std::int64_t)f(3), 0);  // printing goes nowhere
  EXPECT_EQ(printed, "3\n2\n1\n");

  const std::atomic<int> stop{static_cast<int>(Stop::Cancel)};
  options.stop = &stop;
  EXPECT_EQ(f.call(options, 3).error().run->kind, "Cancelled");

  options.stop = nullptr;
  options.write = [](std::string_view) { throw std::runtime_error("full"); };
  EXPECT_THROW(static_cast<void>(f.call(options, 3)), std::runtime_error);
  EXPECT_EQ((std::int64_t)f(3), 0);
}

TEST_P(TypedTest, EachCallDrawsFromItsOwnStream) {
  const std::string text = "import random\ndef f():\n    return random.random()\n";
  const auto f = get<double()>(text);
  const double first = f(), second = f();
  EXPECT_NE(first, second);
  CallOptions options;
  options.stream = 0;
  EXPECT_EQ((double)f.call(options), first);
  EXPECT_EQ((double)get<double()>(text)(), first);
}

TEST_P(TypedTest, AFunctionOutlivesModuleAndEngine) {
  std::optional<Result<Function<std::int64_t(std::int64_t)>>> f;
  {
    Engine gone(options());
    f = gone.load_source("def f(n):\n    return 10 // n\n", "t.k")->function<std::int64_t(std::int64_t)>("f");
  }
  EXPECT_EQ((std::int64_t)(**f)(5), 2);
  EXPECT_EQ((**f)(0).error().run->kind, "ZeroDivisionError");
}

TEST_P(TypedTest, IsCalledFromManyThreads) {
  const auto f = get<double(std::span<const double>, std::int64_t)>(
      "def f(x, n):\n    s = 0.0\n    for i in range(n):\n        s += x[i]\n    return s\n");
  std::vector<double> x(100, 1.0);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::int64_t n = (t * 31 + i) % 120;
        const Returned<double> sum = f(x, n);
        wrong += n <= 100 ? !(sum && *sum == static_cast<double>(n)) : sum.ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// A kernel that prints calls the host, which calls another kernel on the same thread.
TEST_P(TypedTest, KernelsAreCalledFromCallbacks) {
  const Module module = load("def f(n):\n    print(n)\n    return n\ndef g(n):\n    return n + 1 // (n - 3)\n");
  const auto f = module.function<std::int64_t(std::int64_t)>("f");
  const auto g = module.function<std::int64_t(std::int64_t)>("g");
  std::vector<std::int64_t> inner;
  CallOptions options;
  options.write = [&](std::string_view) {
    inner.push_back((*g)(5));
    inner.push_back((*g)(3).ok());
  };
  EXPECT_EQ((std::int64_t)f->call(options, 7), 7);
  EXPECT_THAT(inner, ElementsAre(5, 0));
}

}  // namespace
}  // namespace kjit
