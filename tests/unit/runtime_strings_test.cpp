#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values and messages are those of CPython 3.11.

TEST(RuntimeStrings, IntegersAreReadAsPythonReadsThem) {
  struct Row {
    const char* text;
    int32_t base;
    int64_t value;
  };
  const Row rows[] = {{"42", 10, 42},
                      {"  -1_000\n", 10, -1000},
                      {"+7", 10, 7},
                      {"0x1F", 16, 31},
                      {"0b_101", 0, 5},
                      {"0o17", 0, 15},
                      {"ff", 16, 255},
                      {"zz", 36, 1295},
                      {"9223372036854775807", 10, 9223372036854775807},
                      {"-9223372036854775808", 10, INT64_MIN},
                      {"0_0", 0, 0}};
  Context context;
  for (const Row& row : rows) {
    kjit_str text = text_of(row.text);
    int64_t value = 0;
    EXPECT_EQ(kjit_int_of_str(context, 0, &text, row.base, &value), KJIT_OK) << row.text;
    EXPECT_EQ(value, row.value) << row.text;
  }
}

TEST(RuntimeStrings, WhatIsNoIntegerIsRefusedInPythonsWords) {
  struct Row {
    const char* text;
    int32_t base;
    const char* error;
  };
  const Row rows[] = {{"", 10, "ValueError: invalid literal for int() with base 10: ''"},
                      {"1__0", 10, "ValueError: invalid literal for int() with base 10: '1__0'"},
                      {"_1", 10, "ValueError: invalid literal for int() with base 10: '_1'"},
                      {"1_", 10, "ValueError: invalid literal for int() with base 10: '1_'"},
                      {"0x10", 10, "ValueError: invalid literal for int() with base 10: '0x10'"},
                      {"12a", 10, "ValueError: invalid literal for int() with base 10: '12a'"},
                      {"007", 0, "ValueError: invalid literal for int() with base 0: '007'"},
                      {"--1", 10, "ValueError: invalid literal for int() with base 10: '--1'"},
                      {"1 2", 10, "ValueError: invalid literal for int() with base 10: '1 2'"}};
  Context context;
  for (const Row& row : rows) {
    kjit_str text = text_of(row.text);
    int64_t value;
    EXPECT_EQ(kjit_int_of_str(context, 0, &text, row.base, &value), KJIT_FAILED) << row.text;
    EXPECT_EQ(context.take_error(), row.error);
  }
}

TEST(RuntimeStrings, IntegersBeyond64BitsAreReported) {
  Context context;
  kjit_str text = text_of("9223372036854775808");
  int64_t value;
  EXPECT_EQ(kjit_int_of_str(context, 0, &text, 10, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error().substr(0, 13), "OverflowError");
}

TEST(RuntimeStrings, FloatsAreReadAsPythonReadsThem) {
  struct Row {
    const char* text;
    double value;
  };
  const Row rows[] = {{"1.5", 1.5},        {" -1e5\t", -100000.0}, {"1_000.5", 1000.5},      {".5", 0.5},
                      {"5.", 5.0},         {"inf", INFINITY},      {"-Infinity", -INFINITY}, {"nan", NAN},
                      {"1e400", INFINITY}, {"0.1", 0.1},           {"+1E-3", 0.001}};
  Context context;
  for (const Row& row : rows) {
    kjit_str text = text_of(row.text);
    double value = 0;
    EXPECT_EQ(kjit_float_of_str(context, 0, &text, &value), KJIT_OK) << row.text;
    EXPECT_TRUE(same(value, row.value)) << row.text;
  }
}

TEST(RuntimeStrings, WhatIsNoFloatIsRefusedInPythonsWords) {
  const std::pair<const char*, const char*> rows[] = {{"", "ValueError: could not convert string to float: ''"},
                                                      {".", "ValueError: could not convert string to float: '.'"},
                                                      {"1__0.5", "ValueError: could not convert string to float: '1__0.5'"},
                                                      {"_1.5", "ValueError: could not convert string to float: '_1.5'"},
                                                      {"1_.5", "ValueError: could not convert string to float: '1_.5'"},
                                                      {"0x10", "ValueError: could not convert string to float: '0x10'"},
                                                      {"1e", "ValueError: could not convert string to float: '1e'"},
                                                      {"infinit", "ValueError: could not convert string to float: 'infinit'"},
                                                      {"1.5.2", "ValueError: could not convert string to float: '1.5.2'"},
                                                      {"1 .5", "ValueError: could not convert string to float: '1 .5'"}};
  Context context;
  for (auto [source, error] : rows) {
    kjit_str text = text_of(source);
    double value;
    EXPECT_EQ(kjit_float_of_str(context, 0, &text, &value), KJIT_FAILED) << source;
    EXPECT_EQ(context.take_error(), error);
  }
}

class RuntimeStringValues : public testing::Test {
 protected:
  std::string slice(std::string_view source, int32_t flags, int64_t lower, int64_t upper, int64_t step) {
    kjit_str text = text_of(source), result;
    if (kjit_str_slice(context_, 0, &text, flags, lower, upper, step, &result) != KJIT_OK) return context_.take_error();
    return Context::take(result);
  }
  std::string at(std::string_view source, int64_t index) {
    kjit_str text = text_of(source), result;
    if (kjit_str_index(context_, 0, &text, index, &result) != KJIT_OK) return context_.take_error("s[i]");
    return Context::take(result);
  }

  Context context_;
};

TEST_F(RuntimeStringValues, PositionsCountCodePoints) {
  kjit_str text = text_of("h\303\251\360\237\230\200!");
  EXPECT_EQ(kjit_str_length(&text), 4);
  EXPECT_EQ(at("h\303\251!", 1), "\303\251");
  EXPECT_EQ(at("h\303\251!", -1), "!");
  EXPECT_EQ(at("abc", 3), "IndexError: s[i]: string index 3 is out of range for length 3");
}

TEST_F(RuntimeStringValues, SlicesAreThoseOfPython) {
  EXPECT_EQ(slice("h\303\251llo", KJIT_HAS_LOWER | KJIT_HAS_UPPER, 1, -1, 0), "\303\251ll");
  EXPECT_EQ(slice("h\303\251llo", KJIT_HAS_STEP, 0, 0, -2), "olh");
  EXPECT_EQ(slice("abc", KJIT_HAS_LOWER, 7, 0, 0), "");
}

TEST_F(RuntimeStringValues, ConcatAndRepeatMakeNewStrings) {
  kjit_str a = text_of("ab"), b = text_of(""), result;
  ASSERT_EQ(kjit_str_concat(context_, 0, &a, &b, &result), KJIT_OK);
  EXPECT_EQ(Context::take(result), "ab");
  ASSERT_EQ(kjit_str_repeat(context_, 0, &a, 3, &result), KJIT_OK);
  EXPECT_EQ(Context::take(result), "ababab");
  ASSERT_EQ(kjit_str_repeat(context_, 0, &a, -1, &result), KJIT_OK);
  EXPECT_EQ(Context::take(result), "");
}

TEST_F(RuntimeStringValues, RepeatRefusesWhatIsTooLong) {
  kjit_str a = text_of("ab"), result;
  EXPECT_EQ(kjit_str_repeat(context_, 0, &a, INT64_MAX, &result), KJIT_FAILED);
  EXPECT_EQ(context_.take_error().substr(0, 11), "MemoryError");
}

TEST_F(RuntimeStringValues, ComparisonIsByCodePoint) {
  kjit_str z = text_of("z"), umlaut = text_of("\303\244"), za = text_of("za");
  EXPECT_EQ(kjit_str_compare(&z, &umlaut), -1);
  EXPECT_EQ(kjit_str_compare(&za, &z), 1);
  EXPECT_EQ(kjit_str_compare(&z, &z), 0);
}

TEST_F(RuntimeStringValues, SearchesReportCodePoints) {
  kjit_str text = text_of("\303\251abc"), part = text_of("bc"), prefix = text_of("\303\251"), none = text_of("x");
  EXPECT_EQ(kjit_str_find(context_, &text, &part, 0, INT64_MAX), 2);
  EXPECT_EQ(kjit_str_find(context_, &text, &none, 0, INT64_MAX), -1);
  EXPECT_TRUE(kjit_str_contains(context_, &text, &part));
  EXPECT_TRUE(kjit_str_startswith(&text, &prefix));
  EXPECT_TRUE(kjit_str_endswith(&text, &part));
}

TEST_F(RuntimeStringValues, CaseAndWhiteSpace) {
  kjit_str text = text_of(" aB\303\251 \n"), result;
  kjit_str_upper(context_, 0, &text, &result);
  EXPECT_EQ(Context::take(result), " AB\303\211 \n");
  kjit_str_lower(context_, 0, &text, &result);
  EXPECT_EQ(Context::take(result), " ab\303\251 \n");
  kjit_str_strip(context_, 0, &text, &result);
  EXPECT_EQ(Context::take(result), "aB\303\251");
}

TEST_F(RuntimeStringValues, OrdAndChrAreInverse) {
  kjit_str result;
  int64_t code;
  ASSERT_EQ(kjit_str_chr(context_, 0, 0x1F600, &result), KJIT_OK);
  ASSERT_EQ(kjit_str_ord(context_, 0, &result, &code), KJIT_OK);
  EXPECT_EQ(code, 0x1F600);
  kjit_release(result.owner);
  EXPECT_EQ(kjit_str_chr(context_, 0, 0x110000, &result), KJIT_FAILED);
  EXPECT_EQ(context_.take_error(), "ValueError: chr() arg not in range(0x110000)");
  kjit_str two = text_of("ab");
  EXPECT_EQ(kjit_str_ord(context_, 0, &two, &code), KJIT_FAILED);
  EXPECT_EQ(context_.take_error(), "TypeError: ord() expected a character, but string of length 2 found");
}

TEST_F(RuntimeStringValues, PartsShareTheMemoryOfTheWhole) {
  int64_t before = kjit_live_buffers();
  kjit_str whole, part;
  ASSERT_EQ(kjit_str_new(context_, 0, "hello", 5, &whole), KJIT_OK);
  ASSERT_EQ(kjit_str_slice(context_, 0, &whole, KJIT_HAS_LOWER, 1, 0, 0, &part), KJIT_OK);
  kjit_release(whole.owner);
  EXPECT_EQ(kjit_live_buffers(), before + 1);
  EXPECT_EQ(Context::take(part), "ello");
  EXPECT_EQ(kjit_live_buffers(), before);
}

}  // namespace
