#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;
using namespace std::string_literals;

// The recorded texts are those of CPython 3.11 and NumPy 1.24.

TEST(RuntimeText, FloatsPrintAsPythonPrintsThem) {
  struct Row {
    double value;
    const char* text;
  };
  const Row rows[] = {{0.0, "0.0"},
                      {-0.0, "-0.0"},
                      {1.0, "1.0"},
                      {0.1, "0.1"},
                      {1e+16, "1e+16"},
                      {9999999999999998.0, "9999999999999998.0"},
                      {123456789012345.6, "123456789012345.6"},
                      {0.0001, "0.0001"},
                      {1e-05, "1e-05"},
                      {1.5e-07, "1.5e-07"},
                      {5e-324, "5e-324"},
                      {1.7976931348623157e+308, "1.7976931348623157e+308"},
                      {1e+22, "1e+22"},
                      {INFINITY, "inf"},
                      {-INFINITY, "-inf"},
                      {NAN, "nan"},
                      {0.6666666666666666, "0.6666666666666666"},
                      {100.0, "100.0"},
                      {1000000000000000.0, "1000000000000000.0"}};
  Context context;
  for (const Row& row : rows) {
    kjit_put_f64(context, row.value);
    EXPECT_EQ(context.take_text(), row.text);
  }
}

TEST(RuntimeText, SingleFloatsPrintAsNumPyPrintsThem) {
  struct Row {
    float value;
    const char* text;
  };
  const Row rows[] = {{static_cast<float>(0.1), "0.1"},
                      {static_cast<float>(1e+16), "1e+16"},
                      {static_cast<float>(0.0001), "1e-04"},
                      {static_cast<float>(16777216.0), "1.6777216e+07"},
                      {999999.94f, "999999.94"},
                      {1e6f, "1e+06"},
                      {static_cast<float>(3.4028235e+38), "3.4028235e+38"},
                      {static_cast<float>(0.3333333333333333), "0.33333334"},
                      {static_cast<float>(1000000000000000.0), "1e+15"},
                      {static_cast<float>(-0.0), "-0.0"},
                      {static_cast<float>(1e-45), "1e-45"},
                      {static_cast<float>(123.456), "123.456"}};
  Context context;
  for (const Row& row : rows) {
    kjit_put_f32(context, row.value);
    EXPECT_EQ(context.take_text(), row.text);
  }
}

TEST(RuntimeText, ComplexNumbersPrintAsPythonPrintsThem) {
  struct Row {
    kjit_complex value;
    const char* text;
  };
  const Row rows[] = {{{1.0, 2.0}, "(1+2j)"},
                      {{0.0, 1.0}, "1j"},
                      {{-0.0, -1.0}, "(-0-1j)"},
                      {{0.0, NAN}, "nanj"},
                      {{INFINITY, -INFINITY}, "(inf-infj)"},
                      {{1e+20, 1e-07}, "(1e+20+1e-07j)"},
                      {{0.0, 0.0}, "0j"},
                      {{-0.0, 0.0}, "(-0+0j)"},
                      {{2.0, -0.0}, "(2-0j)"}};
  Context context;
  for (const Row& row : rows) {
    kjit_put_complex(context, &row.value);
    EXPECT_EQ(context.take_text(), row.text);
  }
  kjit_put_complex64(context, 0.1f, -0.0f);
  EXPECT_EQ(context.take_text(), "(0.1-0j)");
  kjit_put_complex64(context, 1e6f, 999999.0f);
  EXPECT_EQ(context.take_text(), "(1e+06+999999j)");
}

TEST(RuntimeText, IntegersAndNamesPrint) {
  Context context;
  kjit_put_i64(context, std::numeric_limits<int64_t>::min());
  kjit_put_u64(context, std::numeric_limits<uint64_t>::max());
  kjit_put_bool(context, 1);
  kjit_put_none(context);
  EXPECT_EQ(context.take_text(), "-922337203685477580818446744073709551615TrueNone");
}

TEST(RuntimeText, ReprAndAsciiOfStringsQuoteAndEscape) {
  struct Row {
    std::string value;
    const char* repr;
    const char* ascii;
  };
  const Row rows[] = {
      {"abc"s, "'abc'", "'abc'"},
      {"it's"s, "\"it's\"", "\"it's\""},
      {"\"q\""s, "'\"q\"'", "'\"q\"'"},
      {"both ' and \""s, "'both \\' and \"'", "'both \\' and \"'"},
      {"tab\tnew\nline\015\\"s, "'tab\\tnew\\nline\\r\\\\'", "'tab\\tnew\\nline\\r\\\\'"},
      {"\000\037\177\302\240"s, "'\\x00\\x1f\\x7f\\xa0'", "'\\x00\\x1f\\x7f\\xa0'"},
      {"\303\251\346\227\245\360\237\230\200"s, "'\303\251\346\227\245\360\237\230\200'", "'\\xe9\\u65e5\\U0001f600'"},
      {"\342\200\213\356\200\200"s, "'\\u200b\\ue000'", "'\\u200b\\ue000'"}};
  Context context;
  for (const Row& row : rows) {
    kjit_str text = text_of(row.value);
    kjit_put_repr_str(context, &text);
    EXPECT_EQ(context.take_text(), row.repr);
    kjit_put_ascii_str(context, &text);
    EXPECT_EQ(context.take_text(), row.ascii);
  }
}

TEST(RuntimeText, PrintWritesWhatWasPutSinceTheMark) {
  Context context;
  int64_t mark = kjit_mark(context);
  kjit_put_text(context, "a ", 2);
  kjit_put_i64(context, 1);
  kjit_put_text(context, "\n", 1);
  EXPECT_EQ(kjit_print_flush(context, 0, mark), KJIT_OK);
  EXPECT_EQ(context.output(), "a 1\n");
  EXPECT_EQ(context.take_text(), "");
}

TEST(RuntimeText, MarksNest) {
  Context context;
  int64_t outer = kjit_mark(context);
  kjit_put_text(context, "outer", 5);
  int64_t inner = kjit_mark(context);
  kjit_put_text(context, "inner\n", 6);
  kjit_print_flush(context, 0, inner);
  kjit_put_text(context, " on", 3);
  kjit_str text;
  ASSERT_EQ(kjit_take_string(context, 0, outer, &text), KJIT_OK);
  EXPECT_EQ(context.output(), "inner\n");
  EXPECT_EQ(Context::take(text), "outer on");
}

TEST(RuntimeText, AnErrorForgetsHalfALine) {
  Context context;
  kjit_put_text(context, "half", 4);
  kjit_trap(context, KJIT_TRAP_OutOfMemory, 0, 0, 0, 0);
  context.take_error();
  EXPECT_EQ(context.take_text(), "");
}

}  // namespace
