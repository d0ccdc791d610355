// Python literals of the command line: kjit/value.h, parse_literal and repr.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kjit/value.h"

namespace kjit {
namespace {

Value parsed(std::string_view text) {
  auto value = parse_literal(text);
  EXPECT_TRUE(value.ok()) << text << ": " << (value.ok() ? "" : value.error().message);
  return value.ok() ? *value : Value{};
}

std::string error_of(std::string_view text) {
  auto value = parse_literal(text);
  EXPECT_FALSE(value.ok()) << text << " was read as " << (value.ok() ? repr(*value) : "");
  return value.ok() ? "" : value.error().message;
}

template <typename T>
T parsed_as(std::string_view text) {
  const Value value = parsed(text);
  const T* alternative = std::get_if<T>(&value.data);
  EXPECT_NE(alternative, nullptr) << text << " has another type: " << repr(value);
  return alternative != nullptr ? *alternative : T{};
}

TEST(Literal, IntegersAreSigned64BitsWhereTheyFit) {
  EXPECT_EQ(parsed_as<std::int64_t>("42"), 42);
  EXPECT_EQ(parsed_as<std::int64_t>("-1_000"), -1000);
  EXPECT_EQ(parsed_as<std::int64_t>("0xff"), 255);
  EXPECT_EQ(parsed_as<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed_as<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
}

TEST(Literal, LargeIntegersAreUnsigned) {
  EXPECT_EQ(parsed_as<std::uint64_t>("9223372036854775808"), std::uint64_t{1} << 63);
  EXPECT_EQ(parsed_as<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(Literal, IntegersBeyond64BitsAreRefused) {
  EXPECT_NE(error_of("18446744073709551616").find("64 bits"), std::string::npos);
  EXPECT_NE(error_of("-9223372036854775809").find("64 bits"), std::string::npos);
}

TEST(Literal, Floats) {
  EXPECT_EQ(parsed_as<double>("2.5e3"), 2500.0);
  EXPECT_EQ(parsed_as<double>("-.5"), -0.5);
  EXPECT_EQ(parsed_as<double>("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parsed_as<double>("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(parsed_as<double>("nan")));
  EXPECT_EQ(parsed_as<double>("float('inf')"), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::signbit(parsed_as<double>("-0.0")));
}

TEST(Literal, ComplexNumbersAreSums) {
  using C = std::complex<double>;
  EXPECT_EQ(parsed_as<C>("2j"), C(0, 2));
  EXPECT_EQ(parsed_as<C>("1+2j"), C(1, 2));
  EXPECT_EQ(parsed_as<C>("(1.5-2j)"), C(1.5, -2));
  EXPECT_EQ(parsed_as<C>("-1-2j"), C(-1, -2));
}

TEST(Literal, WordsOfPython) {
  EXPECT_TRUE(parsed_as<bool>("True"));
  EXPECT_FALSE(parsed_as<bool>(" False "));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(parsed("None").data));
}

TEST(Literal, Strings) {
  EXPECT_EQ(parsed_as<std::string>("'text'"), "text");
  EXPECT_EQ(parsed_as<std::string>("\"it's\\n\""), "it's\n");
  EXPECT_EQ(parsed_as<std::string>("''"), "");
  EXPECT_EQ(parsed_as<std::string>("'a' 'b'"), "ab");
}

TEST(Literal, TuplesNest) { EXPECT_EQ(repr(parsed("(1, 2.5, 'x', (True,), ())")), "(1, 2.5, 'x', (True,), ())"); }

TEST(Literal, ListsAreArraysOfTheirCommonType) {
  EXPECT_EQ(parsed_as<ArrayValue>("[1, 2, 3]").dtype, DType::I64);
  EXPECT_EQ(parsed_as<ArrayValue>("[1, 2.5]").dtype, DType::F64);
  EXPECT_EQ(parsed_as<ArrayValue>("[1, 2j]").dtype, DType::C128);
  EXPECT_EQ(parsed_as<ArrayValue>("[True, False]").dtype, DType::Bool);
  EXPECT_EQ(parsed_as<ArrayValue>("[True, 3]").dtype, DType::I64);
  EXPECT_EQ(parsed_as<ArrayValue>("[18446744073709551615]").dtype, DType::U64);
  EXPECT_EQ(parsed_as<ArrayValue>("[]").dtype, DType::F64);
}

TEST(Literal, NestedListsAreRowMajor) {
  const auto array = parsed_as<ArrayValue>("[[1, 2, 3], [4, 5, 6]]");
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(reinterpret_cast<const std::int64_t*>(array.data.get())[4], 5);
  EXPECT_EQ(parsed_as<ArrayValue>("[[], []]").shape, (std::vector<std::int64_t>{2, 0}));
}

TEST(Literal, ArraysOfANamedType) {
  const auto array = parsed_as<ArrayValue>("np.array([1, 2], dtype=np.float32)");
  EXPECT_EQ(array.dtype, DType::F32);
  EXPECT_EQ(reinterpret_cast<const float*>(array.data.get())[1], 2.0f);
  EXPECT_EQ(parsed_as<ArrayValue>("np.array([1, 255], np.uint8)").dtype, DType::U8);
  EXPECT_NE(error_of("np.array([256], np.uint8)").find("does not fit uint8"), std::string::npos);
  EXPECT_NE(error_of("np.array([1.5], np.int32)").find("does not fit int32"), std::string::npos);
}

TEST(Literal, ScalarsOfANamedType) {
  EXPECT_EQ(parsed_as<float>("np.float32(0.1)"), 0.1f);
  EXPECT_EQ(parsed_as<std::uint64_t>("np.uint64(7)"), 7u);
  EXPECT_EQ(parsed_as<double>("f64(3)"), 3.0);
  error_of("np.int8(200)");
}

TEST(Literal, IntegersKeepTheirWidth) {
  const auto value = parse_literal("np.int8(-3)");
  ASSERT_TRUE(value);
  EXPECT_EQ(std::get<std::int64_t>(value->data), -3);
  EXPECT_EQ(value->narrow, DType::I8);
  EXPECT_EQ(repr(*value), "np.int8(-3)");
  EXPECT_EQ(repr(*parse_literal("np.uint32(7)")), "np.uint32(7)");
  EXPECT_EQ(repr(*parse_literal("np.int64(7)")), "7");
  EXPECT_EQ(repr(*parse_literal("np.complex64(1+2j)")), "np.complex64(1+2j)");
}

TEST(Literal, RaggedListsAreRefused) {
  for (const char* text : {"[[1, 2], [3]]", "[1, [2]]", "[[1], 2]", "[[[1]], [2]]", "[[1], [[2]]]"}) error_of(text);
}

TEST(Literal, ListsOfAnythingButNumbersAreRefused) { EXPECT_NE(error_of("['a']").find("numbers"), std::string::npos); }

TEST(Literal, NoIntegerTypeForNegativeAndLargeTogether) { error_of("[-1, 18446744073709551615]"); }

TEST(Literal, OtherTextIsRefusedWithAdvice) {
  EXPECT_NE(error_of("hello").find("quotes"), std::string::npos);
  for (const char* text : {"",          "  ",
                           "1 +",       "1 + 2",
                           "f(3)",      "x.y",
                           "lambda: 1", "1; 2",
                           "x = 1",     "(1",
                           "'open",     "# 1",
                           "{1: 2}",    "1 if True else 2",
                           "not True",  "~1",
                           "-'a'",      "__import__('os')",
                           "'a'; 3",    "2 * 3j",
                           "-True"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
}

TEST(Literal, HostileNestingIsAnError) {
  error_of(std::string(100000, '['));
  error_of(std::string(100000, '(') + std::string(100000, ')'));
  error_of(std::string(100000, '-') + "1");
}

TEST(Repr, ReadsBackWhatItWrote) {
  for (const char* text : {"0", "-7", "18446744073709551615", "0.1", "1e+16", "1e-05", "-0.0", "inf", "(1+2j)", "2j", "'it\\'s'",
                           "(1,)", "None", "True"}) {
    const std::string once = repr(parsed(text));
    EXPECT_EQ(repr(parsed(once)), once);
  }
}

TEST(Repr, ArraysPrintAsNumPyDoes) {
  EXPECT_EQ(repr(parsed("[[1, 2], [3, 4]]")), "array([[1, 2],\n       [3, 4]])");
  EXPECT_EQ(repr(parsed("np.array([1.5], np.float32)")), "array([1.5], dtype=float32)");
}

TEST(ArrayValue, ZerosAreAlignedAndZero) {
  const ArrayValue array = ArrayValue::zeros(DType::I32, {3, 5});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.data.get()) % 64, 0u);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(array.data.get()[i], std::byte{0});
  EXPECT_EQ(array.size(), 15);
}

TEST(ArrayValue, ImpossibleSizesThrow) {
  EXPECT_THROW(ArrayValue::zeros(DType::F64, {std::int64_t{1} << 61, 16}), std::bad_alloc);
  EXPECT_THROW(ArrayValue::zeros(DType::F64, {-1}), std::bad_alloc);
}

}  // namespace
}  // namespace kjit
