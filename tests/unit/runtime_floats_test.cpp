#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values are those of CPython 3.11.

TEST(RuntimeFloats, FloorDivisionAndModuloGiveCPythonsBits) {
  struct Row {
    double a, b, quotient, rest;
  };
  const Row rows[] = {{7.5, 2.0, 3.0, 1.5},
                      {-7.5, 2.0, -4.0, 0.5},
                      {7.5, -2.0, -4.0, -0.5},
                      {-0.0, 3.0, -0.0, 0.0},
                      {0.0, -3.0, -0.0, -0.0},
                      {-5.0, INFINITY, -1.0, INFINITY},
                      {5.0, -INFINITY, -1.0, -INFINITY},
                      {0.3, 0.1, 2.0, 0.09999999999999998},
                      {1e+300, 1e-10, INFINITY, 5.476641984772742e-11},
                      {-1e-20, 1.0, -1.0, 1.0},
                      {6.0, -3.0, -2.0, -0.0},
                      {NAN, 1.0, NAN, NAN},
                      {INFINITY, 2.0, NAN, NAN}};
  for (const Row& row : rows) {
    EXPECT_TRUE(same(kjit_f64_floordiv(row.a, row.b), row.quotient)) << row.a << " // " << row.b;
    EXPECT_TRUE(same(kjit_f64_mod(row.a, row.b), row.rest)) << row.a << " % " << row.b;
  }
  EXPECT_EQ(kjit_f32_floordiv(-7.5f, 2.0f), -4.0f);
  EXPECT_EQ(kjit_f32_mod(-7.5f, 2.0f), 0.5f);
}

TEST(RuntimeFloats, PowerHasNoErrorAtItsSpecialValues) {
  struct Row {
    double a, b, value;
  };
  const Row rows[] = {{2.0, 0.5, 1.4142135623730951},
                      {-8.0, 3.0, -512.0},
                      {0.0, 0.0, 1.0},
                      {NAN, 0.0, 1.0},
                      {1.0, NAN, 1.0},
                      {-1.0, INFINITY, 1.0},
                      {0.0, -INFINITY, INFINITY},
                      {INFINITY, -1.0, 0.0},
                      {-0.0, 3.0, -0.0},
                      {1.1, 100.0, 13780.61233982238}};
  Context context;
  for (const Row& row : rows) {
    double value;
    EXPECT_EQ(kjit_f64_pow(context, 0, row.a, row.b, &value), KJIT_OK);
    EXPECT_TRUE(same(value, row.value)) << row.a << " ** " << row.b;
  }
}

TEST(RuntimeFloats, PowerReportsWhatPythonReports) {
  Context context;
  double value;
  EXPECT_EQ(kjit_f64_pow(context, 0, 0.0, -1.0, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error("x ** y"), "ZeroDivisionError: x ** y: 0.0 cannot be raised to a negative power");
  EXPECT_EQ(kjit_f64_pow(context, 0, -2.0, 0.5, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error("x ** y"),
            "ValueError: x ** y: negative number -2.0 to the fractional power 0.5 is complex; write complex(...) ** p");
  EXPECT_EQ(kjit_f64_pow(context, 0, 10.0, 400.0, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error("x ** y"), "OverflowError: x ** y: result too large: 10.0 ** 400.0");
}

TEST(RuntimeFloats, RoundToDigitsIsCorrectlyRounded) {
  struct Row {
    double value;
    int64_t digits;
    double result;
    const char* error;
  };
  const Row rows[] = {{2.675, 2, 2.67, ""},
                      {0.5, 0, 0.0, ""},
                      {1.5, 0, 2.0, ""},
                      {2.5, 0, 2.0, ""},
                      {-0.125, 2, -0.12, ""},
                      {1234.5678, -2, 1200.0, ""},
                      {1e+22, -21, 1e+22, ""},
                      {5e-324, 323, 0.0, ""},
                      {1.0, 400, 1.0, ""},
                      {123.0, -400, 0.0, ""},
                      {0.30000000000000004, 15, 0.3, ""},
                      {99999999999999.5, 0, 100000000000000.0, ""},
                      {1.7976931348623157e+308, -308, 0, "OverflowError"},
                      {25.0, -1, 20.0, ""},
                      {35.0, -1, 40.0, ""},
                      {-4.5, -1, -0.0, ""},
                      {1.0000000000000002e+16, -1, 1e+16, ""},
                      {INFINITY, 2, INFINITY, ""}};
  Context context;
  for (const Row& row : rows) {
    double result = 0;
    kjit_round_digits(context, 0, row.value, row.digits, &result);
    EXPECT_TRUE(same(result, row.result)) << "round(" << row.value << ", " << row.digits << ") = " << result;
    std::string error = context.take_error();
    EXPECT_EQ(error.substr(0, error.find(':')), row.error);
  }
}

TEST(RuntimeFloats, RoundGoesHalfToEven) {
  Context context;
  int64_t value;
  const double halves[] = {0.5, 1.5, -2.5, 3.5000001};
  const int64_t expected[] = {0, 2, -2, 4};
  for (int i = 0; i < 4; i++) {
    EXPECT_EQ(kjit_round(context, 0, halves[i], &value), KJIT_OK);
    EXPECT_EQ(value, expected[i]);
  }
}

TEST(RuntimeFloats, ConversionChecksTheWidth) {
  struct Row {
    double value;
    int32_t dtype;
    kjit_status status;
    int64_t result;
  };
  const Row rows[] = {{-128.9, KJIT_I8, KJIT_OK, -128},
                      {128.0, KJIT_I8, KJIT_FAILED, 0},
                      {-0.9, KJIT_U8, KJIT_OK, 0},
                      {-1.0, KJIT_U8, KJIT_FAILED, 0},
                      {0x1p63, KJIT_I64, KJIT_FAILED, 0},
                      {-0x1p63, KJIT_I64, KJIT_OK, INT64_MIN},
                      {0x1p63, KJIT_U64, KJIT_OK, INT64_MIN},
                      {4294967295.5, KJIT_U32, KJIT_OK, 4294967295}};
  Context context;
  for (const Row& row : rows) {
    int64_t result = 0;
    EXPECT_EQ(kjit_f64_to_int(context, 0, row.value, row.dtype, &result), row.status) << row.value;
    EXPECT_EQ(result, row.result) << row.value;
    context.take_error();
  }
}

TEST(RuntimeFloats, ConversionNamesWhatIsWrong) {
  Context context;
  int64_t value;
  kjit_f64_to_int(context, 0, NAN, KJIT_I64, &value);
  EXPECT_EQ(context.take_error(), "ValueError: cannot convert float NaN to integer");
  kjit_f64_to_int(context, 0, -INFINITY, KJIT_I64, &value);
  EXPECT_EQ(context.take_error(), "OverflowError: cannot convert float infinity to integer");
  kjit_f64_to_int(context, 0, 1e20, KJIT_I64, &value);
  EXPECT_EQ(context.take_error(), "OverflowError: float 1e+20 is out of range for a 64-bit integer");
}

TEST(RuntimeFloats, NumpysRoundScales) {
  EXPECT_EQ(kjit_np_round(2.675, 2), 2.68);
  EXPECT_EQ(kjit_np_round(1234.5, -2), 1200.0);
  EXPECT_EQ(kjit_np_round(2.5, 0), 2.0);
}

}  // namespace
