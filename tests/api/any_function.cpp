// Kernels whose types are known at run time only, strided arrays of the host, and the clock of a call.

#include "kjit/any_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <thread>

namespace kjit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AnyFunctionTest : public ::testing::TestWithParam<bool> {
 protected:
  AnyFunctionTest() : engine(options()) {}

  static EngineOptions options() {
    EngineOptions result;
    result.interpret = GetParam();
    return result;
  }
  Module load(std::string text) { return engine.load_source(std::move(text), "t.k").value(); }
  AnyFunction get(const std::string& text, const std::vector<std::string>& types) {
    return load(text).function("f", types).value();
  }

  Engine engine;
};

INSTANTIATE_TEST_SUITE_P(Both, AnyFunctionTest, ::testing::Values(false, true),
                         [](const auto& info) { return std::string(info.param ? "Interpreter" : "MachineCode"); });

constexpr const char* kScale =
    "def f(a, k):\n    for i in range(a.shape[0]):\n        for j in range(a.shape[1]):\n"
    "            a[i, j] *= k\n    return a[0, 0]\n";

TEST_P(AnyFunctionTest, KnowsItsSignature) {
  const AnyFunction f = get(kScale, {"f64[:,::1]", "f64"});
  EXPECT_EQ(f.signature().text(), "f(a: f64[:, ::1], k: f64) -> f64");
  EXPECT_TRUE(f.signature().parameters[0].written);
  EXPECT_FALSE(f.signature().parameters[1].written);
}

TEST_P(AnyFunctionTest, StridedMemoryOfTheHostIsNotCopied) {
  const AnyFunction f = get(kScale, {"f64[:, :]", "f64"});
  std::vector<double> memory(12);
  std::iota(memory.begin(), memory.end(), 0.0);
  // Rows 2 and 0, columns 1 and 3 of a 3 x 4 matrix.
  const Value view{ArrayValue::borrow(DType::F64, &memory[9], {2, 2}, {-64, 16})};
  const CallResult result = f.call({view, {10.0}});
  ASSERT_TRUE(result.ok()) << result.error.render();
  EXPECT_EQ(std::get<double>(result.value.data), 90);
  EXPECT_THAT(memory, ElementsAre(0, 10, 2, 30, 4, 5, 6, 7, 8, 90, 10, 110));
  EXPECT_EQ(repr(view), "array([[ 90., 110.],\n       [ 10.,  30.]])");
}

TEST_P(AnyFunctionTest, UntypedCallsTakeStridedMemoryToo) {
  Module module = load(kScale);
  std::int32_t memory[] = {1, 2, 3, 4};
  const CallResult result = module.call("f", {{ArrayValue::borrow(DType::I32, memory, {1, 2}, {0, 8})}, {std::int64_t{3}}});
  ASSERT_TRUE(result.ok()) << result.error.render() << result.diagnostics;
  EXPECT_THAT(memory, ElementsAre(3, 2, 9, 4));
}

TEST_P(AnyFunctionTest, WhatAKernelReturnsOfBorrowedMemoryIsACopy) {
  const AnyFunction f = get("def f(a):\n    return a[1:]\n", {"i64[::1]"});
  std::int64_t memory[] = {1, 2, 3};
  const CallResult result = f.call({{ArrayValue::borrow(DType::I64, memory, {3})}});
  memory[1] = 99;
  EXPECT_EQ(repr(result.value), "array([2, 3])");
}

TEST_P(AnyFunctionTest, ReadOnlyArraysAreNotWritten) {
  std::vector<double> memory(4, 1.0);
  ArrayValue array = ArrayValue::borrow(DType::F64, memory.data(), {2, 2});
  array.read_only = true;
  const CallResult refused = get(kScale, {"f64[:, ::1]", "f64"}).call({{array}, {2.0}});
  EXPECT_EQ(refused.error.kind, "TypeError");
  EXPECT_THAT(refused.error.message, HasSubstr("argument 1 is read-only, but f(a: f64[:, ::1], k: f64) -> f64 writes to a"));
  EXPECT_THAT(memory, ElementsAre(1, 1, 1, 1));
  EXPECT_TRUE(get("def f(a):\n    return a[0, 0]\n", {"f64[:, ::1]"}).call({{array}}).ok());
}

TEST_P(AnyFunctionTest, ArgumentsConvertWhereNothingIsLost) {
  const AnyFunction f = get("def f(x, n):\n    return x + n\n", {"f64", "i8"});
  EXPECT_EQ(std::get<double>(f.call({{std::int64_t{3}}, {std::int64_t{4}}}).value.data), 7.0);
  const CallResult wide = f.call({{1.0}, {std::int64_t{300}}});
  EXPECT_EQ(wide.error.kind, "TypeError");
  EXPECT_THAT(wide.error.message, HasSubstr("argument 2: 300 is not a value of type i8"));
  EXPECT_THAT(f.call({{1.0}}).error.message, HasSubstr("wants 2 arguments, not 1"));

  const AnyFunction strided = get("def f(a):\n    return len(a)\n", {"f64[:]"});
  EXPECT_TRUE(strided.call({{ArrayValue::zeros(DType::F64, {3})}}).ok());
  const AnyFunction dense = get("def f(a):\n    return len(a)\n", {"f64[::1]"});
  double memory[4] = {};
  EXPECT_EQ(dense.call({{ArrayValue::borrow(DType::F64, memory, {2}, {16})}}).error.kind, "TypeError");
}

TEST_P(AnyFunctionTest, WhatDoesNotExistIsAnError) {
  const Module module = load("def f(x):\n    return x + 'a'\n");
  EXPECT_EQ(module.function("f", {"double"}).error().message, "kernels have no type double");
  EXPECT_THAT(module.function("f", {"i64"}).error().render(), HasSubstr("t.k:2:"));
  EXPECT_THAT(module.function("g", {"i64"}).error().message, HasSubstr("no kernel g(i64)"));
}

TEST(ArrayValueTest, ContiguousIsItselfOrACopy) {
  std::int16_t memory[] = {1, 2, 3, 4, 5, 6};
  const ArrayValue dense = ArrayValue::borrow(DType::I16, memory, {2, 3}, {6, 2});
  EXPECT_TRUE(dense.is_contiguous());
  EXPECT_EQ(dense.contiguous().data.get(), static_cast<void*>(memory));
  const ArrayValue transposed = ArrayValue::borrow(DType::I16, memory, {3, 2}, {2, 6});
  EXPECT_FALSE(transposed.is_contiguous());
  EXPECT_EQ(repr({transposed.contiguous()}), "array([[1, 4],\n       [2, 5],\n       [3, 6]], dtype=int16)");
  // Strides of what is not there do not count.
  EXPECT_TRUE(ArrayValue::borrow(DType::I16, memory, {0, 3}, {100, 100}).is_contiguous());
  EXPECT_TRUE(ArrayValue::borrow(DType::I16, memory, {1, 3}, {100, 2}).is_contiguous());
}

// ---- CallOptions::timeout
// --------------------------------------------------------------------------------------------------------

constexpr const char* kForever = "def f():\n    n = 0\n    while True:\n        n += 1\n    return n\n";

TEST_P(AnyFunctionTest, ATimeoutEndsTheCall) {
  CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(get(kForever, {}).call({}, options).error.kind, "TimeoutError");
  EXPECT_EQ(load(kForever).call("f", {}, options).error.kind, "TimeoutError");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_P(AnyFunctionTest, WithATimeoutTheStopFlagStillCounts) {
  std::atomic<int> stop{0};
  CallOptions options;
  options.timeout = std::chrono::hours(1);
  options.stop = &stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = static_cast<int>(Stop::Cancel);
  });
  EXPECT_EQ(get(kForever, {}).call({}, options).error.kind, "Cancelled");
  stopper.join();
}

TEST_P(AnyFunctionTest, ATimeThatIsOverLetsNothingBegin) {
  const AnyFunction f = get("def f():\n    print(1)\n", {});
  CallOptions options;
  std::string printed;
  options.write = [&](std::string_view text) { printed += text; };
  for (const auto timeout : {std::chrono::nanoseconds(0), std::chrono::nanoseconds(-5), std::chrono::nanoseconds::min()}) {
    options.timeout = timeout;
    EXPECT_EQ(f.call({}, options).error.kind, "TimeoutError");
  }
  EXPECT_EQ(printed, "");
  options.timeout = std::chrono::nanoseconds::max();
  EXPECT_TRUE(f.call({}, options).ok());
  EXPECT_EQ(printed, "1\n");
}

}  // namespace
}  // namespace kjit
