// Functions are compiled once in an engine, whichever kernels call them; and compiling can be stopped.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include "analysis/facts/code_units.h"
#include "driver/entry_cache.h"
#include "driver/invoke.h"
#include "driver/load_modules.h"
#include "driver/observers.h"
#include "driver/pipeline.h"
#include "support/render.h"

namespace kjit {
namespace {

// What one engine and one module hold.
struct Workshop {
  explicit Workshop(std::string text) : modules(load_modules_from_text(std::move(text), "t.k", diags)) {
    std::string error;
    jit = JitStack::create(error);
    EXPECT_FALSE(diags.has_errors()) << render_all(diags, modules.sources);
  }

  CheckedProgram check(const EntryPoint& entry) {
    NullObserver observer;
    auto checked = run_front_end(modules, entry, {}, numbers, diags, observer);
    EXPECT_TRUE(checked) << render_all(diags, modules.sources);
    return std::move(*checked);
  }

  std::optional<KernelImage> try_compile(const EntryPoint& entry, StopFlag stop) {
    NullObserver observer;
    std::string error;
    return run_back_end(check(entry), modules.sources, {}, {machines, parts}, stop, observer, error);
  }
  KernelImage compile(const EntryPoint& entry) { return std::move(*try_compile(entry, nullptr)); }

  CallResult call(KernelImage image, const std::vector<Value>& args) {
    Result<LinkedKernel> kernel = link_kernel(std::move(image), *jit, parts);
    EXPECT_TRUE(kernel) << kernel.error().message;
    CompiledEntry entry;
    entry.kernel = std::move(*kernel);
    return invoke(entry, {}, args, {}, 0);
  }

  Diagnostics diags;
  ModuleSet modules;
  SiteNumbers numbers;
  MachinePool machines{3};
  PartStore parts;
  std::shared_ptr<JitStack> jit;
};

// Helpers of four lines and two kernels that call all of them.
std::string helpers_and_two_kernels(int count) {
  std::string text;
  for (int k = 0; k < count; ++k) {
    text += fmt::format("def h{0}(x, n):\n    s = {0}.5\n    for i in range(n):\n        s += x[i] * {1}.25\n    return s\n", k,
                        k + 1);
  }
  for (const char* name : {"first", "second"}) {
    text += fmt::format("def {}(x, n):\n    t = 0.0\n", name);
    for (int k = 0; k < count; ++k) text += fmt::format("    t += h{}(x, n)\n", k);
    text += "    return t\n";
  }
  return text;
}

const EntryPoint kFirst{"first", {Type::array(Kind::F64, 1, Layout::C), Kind::I64}};
const EntryPoint kSecond{"second", kFirst.arguments};

std::vector<Value> arguments(std::int64_t n) {
  ArrayValue x = ArrayValue::zeros(DType::F64, {8});
  for (int i = 0; i < 8; ++i) reinterpret_cast<double*>(x.data.get())[i] = i;
  return {{x}, {n}};
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

TEST(SharedParts, ASecondKernelCompilesOnlyItself) {
  Workshop shop(helpers_and_two_kernels(60));
  const double start = thread_seconds();
  const KernelImage first = shop.compile(kFirst);
  const double middle = thread_seconds();
  const KernelImage second = shop.compile(kSecond);
  const double end = thread_seconds();
  RecordProperty("first_ms", std::to_string((middle - start) * 1000));
  RecordProperty("second_ms", std::to_string((end - middle) * 1000));
  std::size_t shared = 0;
  for (const auto& part : second.parts) shared += static_cast<std::size_t>(std::ranges::count(first.parts, part));
  EXPECT_EQ(shared, 60u);
  EXPECT_LE(second.parts.size(), 61u);  // and the kernel
  EXPECT_LT(end - middle, (middle - start) / 4) << (middle - start) * 1000 << " ms, then " << (end - middle) * 1000 << " ms";
}

TEST(SharedParts, ResultsAndTracebacksAreThoseOfTheKernel) {
  Workshop shop(helpers_and_two_kernels(40));
  KernelImage first = shop.compile(kFirst);
  KernelImage second = shop.compile(kSecond);
  double expected = 0;
  for (int k = 0; k < 40; ++k) {
    double s = k + 0.5;
    for (int i = 0; i < 8; ++i) s += i * (k + 1.25);
    expected += s;
  }
  for (const KernelImage* image : {&first, &second}) {
    const CallResult good = shop.call(*image, arguments(8));
    ASSERT_TRUE(good.ok()) << good.error.render();
    EXPECT_EQ(std::get<double>(good.value.data), expected);
    const CallResult bad = shop.call(*image, arguments(9));
    EXPECT_EQ(bad.error.message, "x[i]: index 8 is out of range for axis 0 with size 8");
    ASSERT_EQ(bad.error.traceback.size(), 2u);
    EXPECT_EQ(bad.error.traceback[0].kernel, image->signature.name);
    EXPECT_EQ(bad.error.traceback[1].kernel, "h0");
    EXPECT_EQ(bad.error.traceback[1].line, 4u);
  }
}

TEST(SharedParts, TravelWithTheImage) {
  std::string bytes;
  {
    Workshop maker(helpers_and_two_kernels(40));
    bytes = to_bytes(maker.compile(kFirst));
  }
  Result<KernelImage> image = image_from_bytes(bytes);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_GE(image->parts.size(), 40u);
  Workshop other("def unrelated():\n    return 1\n");
  const CallResult result = other.call(std::move(*image), arguments(8));
  EXPECT_TRUE(result.ok()) << result.error.render();
}

TEST(SharedParts, AnImageThatLacksAPartIsDamaged) {
  Workshop shop(helpers_and_two_kernels(40));
  KernelImage image = shop.compile(kFirst);
  image.parts.erase(image.parts.begin());
  const Result<KernelImage> read = image_from_bytes(to_bytes(image));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "the kernel image is damaged: fields");
}

TEST(SharedParts, LiveAsLongAsAnImageUsesThem) {
  Workshop shop(helpers_and_two_kernels(40));
  std::string key;
  {
    const KernelImage image = shop.compile(kFirst);
    key = image.parts.at(0)->key;
    EXPECT_NE(shop.parts.find(key), nullptr);
  }
  EXPECT_EQ(shop.parts.find(key), nullptr);
}

// Different code under one name, in files of one name: never mixed up.
TEST(SharedParts, AreThoseOfEqualContentOnly) {
  Workshop shop(helpers_and_two_kernels(40));
  const KernelImage image = shop.compile(kFirst);
  std::string changed = helpers_and_two_kernels(40);
  changed.replace(changed.find("0.5"), 3, "7.5");
  Diagnostics diags;
  shop.modules = load_modules_from_text(changed, "t.k", diags);
  const KernelImage other = shop.compile(kFirst);
  std::size_t shared = 0;
  for (const auto& part : other.parts) shared += static_cast<std::size_t>(std::ranges::count(image.parts, part));
  EXPECT_EQ(shared, 39u);
}

// ---- the cut -----------------------------------------------------------------------------------------------------------

std::vector<CodeUnit> units_of(const std::string& text, const EntryPoint& entry) {
  Workshop shop(text);
  return plan_units(shop.check(entry).program);
}

TEST(CodeUnits, ATinyProgramIsOne) {
  EXPECT_EQ(units_of("def g(n):\n    for i in range(n):\n        n += i\n    return n\ndef f(n):\n    return g(n) + g(n + 1)\n",
                     {"f", {Kind::I64}})
                .size(),
            1u);
}

// In a small one functions with loops are apart, if the call is nothing beside them.
TEST(CodeUnits, ASmallProgramIsCutAtFunctionsWithLoops) {
  std::string body;
  for (int i = 0; i < 12; ++i) body += "        n += i * n + 3\n";
  const std::string text =
      "def once(n):\n    for i in range(3):\n        n += i\n    return n\ndef little(n):\n    for i in range(3):\n        n += "
      "i\n" +
      std::string("    return n\ndef large(n):\n    for i in range(n):\n") + body +
      "    return n\ndef plain(n):\n    return n * n + 7 * n\n"
      "def f(n):\n    t = once(n) + plain(n)\n    for i in range(n):\n        t += large(i) + little(i)\n    return t\n";
  const auto units = units_of(text, {"f", {Kind::I64}});
  ASSERT_EQ(units.size(), 3u);  // once, large, f
  EXPECT_EQ(units[0].bodies.size(), 1u);
  EXPECT_EQ(units[1].bodies.size(), 1u);
  EXPECT_EQ(units[2].bodies.size(), 4u);  // the entry, f, plain, little
  EXPECT_EQ(units[2].calls.size(), 2u);
}

TEST(CodeUnits, CalleesComeFirstAndTheEntryIsLast) {
  const auto units = units_of(helpers_and_two_kernels(40), kFirst);
  ASSERT_GE(units.size(), 41u);
  EXPECT_EQ(units.back().bodies[0], 0u);
  std::vector<typed::FunctionId> seen;
  for (const CodeUnit& unit : units) {
    for (const typed::FunctionId callee : unit.calls) EXPECT_NE(std::ranges::find(seen, callee), seen.end());
    seen.push_back(unit.bodies[0]);
  }
}

// Units cannot call each other in a circle, and what runs in a loop and is small stays with its caller.
TEST(CodeUnits, RecursionAndSmallFunctionsInLoopsStayWithTheirCallers) {
  std::string text =
      "def even(n):\n    return n == 0 or odd(n - 1)\ndef odd(n):\n    return n != 0 and even(n - 1)\n"
      "def clamp(i, n):\n    j = i * 3 + n\n    if j < 0:\n        j = -j\n    return j % n\n"
      "def f(x, n):\n    t = 0\n    for i in range(n):\n        t += clamp(i, n)\n    t += int(even(n))\n";
  for (int i = 0; i < 200; ++i) text += "    t += x[t % n] + n * 3\n";
  const auto units = units_of(text + "    return t\n", {"f", {Type::array(Kind::I64, 1, Layout::C), Kind::I64}});
  ASSERT_EQ(units.size(), 2u);            // f, and the call of it
  EXPECT_EQ(units[0].bodies.size(), 4u);  // f, clamp, even, odd
}

// ---- stopping ----------------------------------------------------------------------------------------------------------

TEST(StoppedCompiler, GivesNoImage) {
  Workshop shop(helpers_and_two_kernels(20));
  const std::atomic<int> stop{static_cast<int>(Stop::Interrupt)};
  EXPECT_FALSE(shop.try_compile(kFirst, &stop));
  const std::atomic<int> go{0};
  EXPECT_TRUE(shop.try_compile(kFirst, &go));  // nothing of the stopped one is left
}

// One function of 500 statements: optimiser and code generator are left in the middle of it.
std::string long_kernel() {
  std::string text = "def f(x, n):\n    t = 0.0\n";
  for (int i = 0; i < 500; ++i) text += fmt::format("    t += x[(n + {0}) % 7] * {0}.5\n", i);
  return text + "    return t\n";
}

TEST(StoppedCompiler, StopsInTheMiddle) {
  Workshop shop(long_kernel());
  const EntryPoint entry{"f", kFirst.arguments};
  const double start = thread_seconds();
  ASSERT_TRUE(shop.try_compile(entry, nullptr));
  const double whole = thread_seconds() - start;
  for (const double part : {0.2, 0.5}) {
    std::atomic<int> stop{0};
    std::atomic<bool> done{false};
    std::thread stopper([&, wait = part * whole] {
      const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait);
      while (!done && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      stop = static_cast<int>(Stop::Cancel);
    });
    const double before = thread_seconds();
    const bool finished = shop.try_compile(entry, &stop).has_value();
    const double used = thread_seconds() - before;
    done = true;
    stopper.join();
    EXPECT_FALSE(finished) << part;
    EXPECT_LT(used, whole) << part;  // how late a stop is, tests/cli/stop.sh and the benchmarks say
  }
}

TEST(StoppedCompiler, TheCallEndsAsAStoppedKernelDoes) {
  Engine engine;
  Module module = engine.load_text(long_kernel(), "t.k");
  std::atomic<int> stop{0};
  CallOptions options;
  options.stop = &stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop = static_cast<int>(Stop::Deadline);
  });
  const CallResult result = module.call("f", arguments(3), options);
  stopper.join();
  EXPECT_EQ(result.status, CallResult::Status::RunError);
  EXPECT_EQ(result.error.kind, "TimeoutError");
  const CallResult again = module.call("f", arguments(3));  // compiled now
  EXPECT_TRUE(again.ok()) << again.error.render();
}

}  // namespace
}  // namespace kjit
