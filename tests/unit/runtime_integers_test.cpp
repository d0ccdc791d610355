#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values are those of CPython 3.11.

TEST(RuntimeIntegers, TrueDivisionIsCorrectlyRounded) {
  struct Row {
    int64_t a, b;
    double value;
  };
  const Row rows[] = {{1, 3, 0.3333333333333333},
                      {9223372036854775807, 9223372036854775807, 1.0},
                      {INT64_MIN, 3, -3.0744573456182584e+18},
                      {9007199254740993, 1, 9007199254740992.0},
                      {9223372036854775807, 1000000000000000001, 9.223372036854776},
                      {1, INT64_MIN, -1.0842021724855044e-19},
                      {0, -5, -0.0},
                      {-7, 2, -3.5},
                      {9007199254740993, 4611686018427387903, 0.0019531250000000004},
                      {INT64_MIN, -1, 9.223372036854776e+18},
                      {123456789012345678, 987654321, 124999998.8734375}};
  for (const Row& row : rows) EXPECT_TRUE(same(kjit_i64_truediv(row.a, row.b), row.value)) << row.a << " / " << row.b;
  EXPECT_EQ(kjit_u64_truediv(UINT64_MAX, 3), 6.148914691236517e+18);
}

TEST(RuntimeIntegers, PowerWraps) {
  EXPECT_EQ(kjit_i64_pow(3, 40), -6289078614652622815);
  EXPECT_EQ(kjit_i64_pow(3, 41), -420491770248316829);
  EXPECT_EQ(kjit_i64_pow(-2, 63), INT64_MIN);
  EXPECT_EQ(kjit_i64_pow(0, 0), 1);
  EXPECT_EQ(kjit_u64_pow(2, 64), 0u);
}

TEST(RuntimeIntegers, ExactPowerReportsOverflowOnlyWhereItHappens) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_i64_pow_exact(context, 0, -2, 63, &value), KJIT_OK);
  EXPECT_EQ(value, INT64_MIN);
  EXPECT_EQ(kjit_i64_pow_exact(context, 0, 1, INT64_MAX, &value), KJIT_OK);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(kjit_i64_pow_exact(context, 0, 2, 63, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "OverflowError: the result does not fit 64 bits: 2 and 63");
}

TEST(RuntimeIntegers, ExactPowerRefusesNegativeExponents) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_i64_pow_exact(context, 0, 2, -1, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error().substr(0, 10), "ValueError");
}

TEST(RuntimeIntegers, ModularPowerHasTheSignOfTheModulus) {
  struct Row {
    int64_t base, exponent, modulus, value;
  };
  const Row rows[] = {{3, 200, 13, 9}, {-3, 5, 7, 2},  {3, -1, 11, 4},
                      {2, 5, -7, -3},  {5, 0, 1, 0},   {INT64_MIN, 9223372036854775807, 2305843009213693951, 2305843009213677567},
                      {7, 10, -1, 0},  {-5, -3, 13, 8}};
  Context context;
  for (const Row& row : rows) {
    int64_t value = -1;
    EXPECT_EQ(kjit_i64_powmod(context, 0, row.base, row.exponent, row.modulus, &value), KJIT_OK);
    EXPECT_EQ(value, row.value) << row.base << " " << row.exponent << " " << row.modulus;
  }
}

TEST(RuntimeIntegers, ModularPowerRefusesZeroAndWhatHasNoInverse) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_i64_powmod(context, 0, 2, 3, 0, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: pow() 3rd argument cannot be 0");
  EXPECT_EQ(kjit_i64_powmod(context, 0, 6, -1, 9, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: base 6 is not invertible for the modulus 9");
}

TEST(RuntimeIntegers, GcdAndLcmAreNotNegative) {
  EXPECT_EQ(kjit_gcd(-12, 18), 6);
  EXPECT_EQ(kjit_gcd(0, -7), 7);
  EXPECT_EQ(kjit_lcm(-4, 6), 12);
  EXPECT_EQ(kjit_lcm(5, 0), 0);
}

TEST(RuntimeIntegers, IsqrtIsExactAroundSquares) {
  Context context;
  int64_t root;
  for (int64_t n : {int64_t{0}, int64_t{3}, int64_t{94906267}, int64_t{3037000499}}) {
    kjit_isqrt(context, 0, n * n, &root);
    EXPECT_EQ(root, n);
    if (n == 0) continue;
    kjit_isqrt(context, 0, n * n - 1, &root);
    EXPECT_EQ(root, n - 1);
  }
  kjit_isqrt(context, 0, INT64_MAX, &root);
  EXPECT_EQ(root, 3037000499);
  EXPECT_EQ(kjit_isqrt(context, 0, -1, &root), KJIT_FAILED);
}

TEST(RuntimeIntegers, CombinatoricsStopAtTheirLimits) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_factorial(context, 0, 20, &value), KJIT_OK);
  EXPECT_EQ(value, 2432902008176640000);
  EXPECT_EQ(kjit_factorial(context, 0, 21, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error().substr(0, 13), "OverflowError");
  EXPECT_EQ(kjit_comb(context, 0, 66, 33, &value), KJIT_OK);
  EXPECT_EQ(value, 7219428434016265740);
  EXPECT_EQ(kjit_comb(context, 0, 67, 33, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error().substr(0, 13), "OverflowError");
  EXPECT_EQ(kjit_comb(context, 0, 3, 5, &value), KJIT_OK);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(kjit_perm(context, 0, 20, 20, &value), KJIT_OK);
  EXPECT_EQ(value, 2432902008176640000);
}

TEST(RuntimeIntegers, BitsAreThoseOfTheMagnitude) {
  EXPECT_EQ(kjit_bit_length(-1), 1);
  EXPECT_EQ(kjit_bit_length(INT64_MIN), 64);
  EXPECT_EQ(kjit_bit_count(-7), 3);
}

TEST(RuntimeIntegers, RoundingToTensIsHalfToEven) {
  struct Row {
    int64_t value, digits;
    bool fits;
    int64_t result;
  };
  const Row rows[] = {{1234, -2, true, 1200},
                      {1250, -2, true, 1200},
                      {1350, -2, true, 1400},
                      {-1250, -2, true, -1200},
                      {9223372036854775807, -1, false, 0},
                      {55, -1, true, 60},
                      {45, -1, true, 40},
                      {INT64_MIN, -1, false, 0},
                      {5, -1, true, 0},
                      {4, -25, true, 0},
                      {17, 3, true, 17}};
  Context context;
  for (const Row& row : rows) {
    int64_t result = 0;
    EXPECT_EQ(kjit_i64_round(context, 0, row.value, row.digits, &result), row.fits ? KJIT_OK : KJIT_FAILED) << row.value;
    EXPECT_EQ(result, row.result) << row.value << " " << row.digits;
    context.take_error();
  }
}

TEST(RuntimeIntegers, ComparisonWithFloatsIsExact) {
  struct Row {
    int64_t a;
    double b;
    int32_t order;
  };
  const Row rows[] = {{1, 1.5, -1},
                      {9007199254740993, 9007199254740992.0, 1},
                      {INT64_MIN, -9.223372036854776e+18, 0},
                      {9223372036854775807, 9.223372036854776e+18, -1},
                      {5, NAN, 2},
                      {0, -0.0, 0},
                      {-3, -3.5, 1},
                      {5, INFINITY, -1},
                      {-5, -INFINITY, 1},
                      {4611686018427387905, 4.611686018427388e+18, 1}};
  for (const Row& row : rows) EXPECT_EQ(kjit_compare_i64_f64(row.a, row.b), row.order) << row.a << " " << row.b;
  EXPECT_EQ(kjit_compare_u64_f64(UINT64_MAX, 0x1p64), -1);
  EXPECT_EQ(kjit_compare_u64_f64(0, -0.5), 1);
  EXPECT_EQ(kjit_compare_i64_u64(-1, 0), -1);
}

}  // namespace
