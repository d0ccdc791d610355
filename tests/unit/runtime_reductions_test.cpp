#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values are those of NumPy 2.4. Their input is the same simple sequence there and here.
template <typename T>
std::vector<T> sequence(int64_t count) {
  std::vector<T> values;
  for (int64_t i = 0; i < count; i++) values.push_back(static_cast<T>(static_cast<double>(i * i % 1009) * 0.001 - 0.5));
  return values;
}

template <typename Result, typename T>
Result reduce(kjit_status (*function)(kjit_context*, uint32_t, int32_t, int32_t, const kjit_array*, void*),
              std::vector<T> values) {
  Context context;
  kjit_array array = view_of(values);
  Result result{};
  EXPECT_EQ(function(context, 0, dtype_of<T>(), 1, &array, &result), KJIT_OK) << context.take_error();
  return result;
}

TEST(RuntimeReductions, FloatSumsHaveNumPysBits) {
  struct Row {
    int64_t count;
    double sum, single_sum;
  };
  const Row rows[] = {{0, 0.0, 0.0},
                      {1, -0.5, -0.5},
                      {7, -3.4090000000000003, -3.4089999198913574},
                      {8, -3.8600000000000003, -3.8600001335144043},
                      {9, -4.296, -4.296000003814697},
                      {127, -5.247999999999998, -5.248000144958496},
                      {128, -4.753999999999998, -4.753999710083008},
                      {129, -5.0139999999999985, -5.013999938964844},
                      {300, -4.528999999999996, -4.529000759124756},
                      {1000, 8.251000000000012, 8.251001358032227},
                      {8192, 26.518000000000093, 26.518007278442383},
                      {8193, 26.292000000000094, 26.29200553894043},
                      {20000, 86.22100000000023, 86.22101593017578}};
  for (const Row& row : rows) {
    EXPECT_TRUE(same(reduce<double>(kjit_array_sum, sequence<double>(row.count)), row.sum)) << row.count;
    EXPECT_TRUE(same(reduce<float>(kjit_array_sum, sequence<float>(row.count)), row.single_sum)) << row.count;
  }
}

TEST(RuntimeReductions, SumsOfMatricesFollowTheMemory) {
  Context context;
  auto values = sequence<double>(60);
  double sum;
  kjit_array transposed = {values.data(), nullptr, {12, 5, 8, 96}};
  kjit_array_sum(context, 0, KJIT_F64, 2, &transposed, &sum);
  EXPECT_EQ(sum, -7.213);
  kjit_array strided = {values.data(), nullptr, {5, 4, 96, 24}};
  kjit_array_sum(context, 0, KJIT_F64, 2, &strided, &sum);
  EXPECT_EQ(sum, -2.9050000000000002);
  kjit_array backwards = {values.data() + 48, nullptr, {5, 12, -96, 8}};
  kjit_array_sum(context, 0, KJIT_F64, 2, &backwards, &sum);
  EXPECT_EQ(sum, -7.212999999999999);
}

// Views of 60000 elements that are not one walk through memory: NumPy gathers whole rows.
TEST(RuntimeReductions, SumsOfCutMatricesHaveNumPysBits) {
  Context context;
  auto values = sequence<double>(60000);
  for (double& value : values) value = value * 1000.0 / 7;
  const auto sum_of = [&](int32_t rank, kjit_array array) {
    array.data = values.data();
    double sum = 0;
    EXPECT_EQ(kjit_array_sum(context, 0, KJIT_F64, rank, &array, &sum), KJIT_OK);
    return sum;
  };
  EXPECT_EQ(sum_of(2, {nullptr, nullptr, {3000, 10, 160, 8}}), 16108.714285714328);
  EXPECT_EQ(sum_of(3, {nullptr, nullptr, {6, 10, 500, 80000, 8000, 8}}), -62007.8571428571);
  EXPECT_EQ(sum_of(2, {nullptr, nullptr, {6, 9000, 80000, 8}}), 30197.428571428656);
  EXPECT_EQ(sum_of(3, {nullptr, nullptr, {20, 25, 25, 24000, 960, 8}}), 6544.8571428571595);
}

TEST(RuntimeReductions, ZerosOfTheExtremesAreNumPys) {
  EXPECT_TRUE(same(reduce<double>(kjit_array_max, std::vector<double>{0.0, -0.0}), -0.0));
  EXPECT_TRUE(same(reduce<double>(kjit_array_min, std::vector<double>{-0.0, 0.0}), 0.0));
  EXPECT_TRUE(same(reduce<float>(kjit_array_max, std::vector<float>{-0.0f, 0.0f, -1.0f}), 0.0f));
}

TEST(RuntimeReductions, TheBuiltinSumAddsFromTheLeft) {
  EXPECT_EQ(reduce<double>(kjit_array_sum_sequential, sequence<double>(300)), -4.528999999999995);
  EXPECT_EQ(reduce<double>(kjit_array_sum_sequential, std::vector<double>{1e16, 1.0, 1.0}), 1e16);
}

TEST(RuntimeReductions, SmallIntegersSumIn64Bits) {
  EXPECT_EQ(reduce<int64_t>(kjit_array_sum, std::vector<int8_t>(1000, -128)), -128000);
  EXPECT_EQ(reduce<uint64_t>(kjit_array_sum, std::vector<uint8_t>(1000, 255)), 255000u);
  EXPECT_EQ(reduce<int64_t>(kjit_array_sum, std::vector<int64_t>{INT64_MAX, 1}), INT64_MIN);
}

TEST(RuntimeReductions, ProductsWrapAndStartAtOne) {
  EXPECT_EQ(reduce<int64_t>(kjit_array_prod, std::vector<int32_t>{3, -4, 5}), -60);
  EXPECT_EQ(reduce<double>(kjit_array_prod, std::vector<double>{}), 1.0);
}

TEST(RuntimeReductions, NumPysMinimumIsNanIfAnyIs) {
  EXPECT_TRUE(std::isnan(reduce<double>(kjit_array_min, std::vector<double>{1.0, NAN, 0.5})));
  EXPECT_TRUE(std::isnan(reduce<double>(kjit_array_max, std::vector<double>{NAN, 1.0})));
}

TEST(RuntimeReductions, PythonsMinimumKeepsWhatComesFirst) {
  EXPECT_EQ(reduce<double>(kjit_array_python_min, std::vector<double>{1.0, NAN, 0.5}), 0.5);
  EXPECT_TRUE(std::isnan(reduce<double>(kjit_array_python_min, std::vector<double>{NAN, 1.0})));
  EXPECT_TRUE(same(reduce<double>(kjit_array_python_max, std::vector<double>{-0.0, 0.0}), -0.0));
}

TEST(RuntimeReductions, EmptyArraysHaveNoMinimum) {
  Context context;
  std::vector<double> none;
  kjit_array array = view_of(none);
  double result;
  EXPECT_EQ(kjit_array_min(context, 0, KJIT_F64, 1, &array, &result), KJIT_FAILED);
  EXPECT_EQ(context.take_error("min(a)"), "ValueError: min(a): the array is empty");
}

TEST(RuntimeReductions, PositionsAreThoseOfTheFirst) {
  Context context;
  std::vector<double> values = {3, 1, NAN, 1, NAN};
  kjit_array array = view_of(values);
  int64_t position;
  kjit_array_argmin(context, 0, KJIT_F64, 1, &array, &position);
  EXPECT_EQ(position, 2);
  array.dims[0] = 2;
  kjit_array_argmax(context, 0, KJIT_F64, 1, &array, &position);
  EXPECT_EQ(position, 0);
}

TEST(RuntimeReductions, AnyAndAllSeeNan) {
  Context context;
  std::vector<double> values = {0.0, NAN};
  kjit_array array = view_of(values);
  EXPECT_TRUE(kjit_array_any(context, KJIT_F64, 1, &array));
  EXPECT_FALSE(kjit_array_all(context, KJIT_F64, 1, &array));
  array.dims[0] = 0;
  EXPECT_FALSE(kjit_array_any(context, KJIT_F64, 1, &array));
  EXPECT_TRUE(kjit_array_all(context, KJIT_F64, 1, &array));
}

TEST(RuntimeReductions, MeanAndSpreadHaveNumPysBits) {
  Context context;
  auto values = sequence<double>(300);
  kjit_array array = view_of(values);
  double result;
  kjit_array_mean(context, 0, KJIT_F64, 1, &array, &result);
  EXPECT_EQ(result, -0.015096666666666654);
  kjit_array_var(context, 0, KJIT_F64, 1, &array, 0, &result);
  EXPECT_EQ(result, 0.09081764732222222);
  kjit_array_std(context, 0, KJIT_F64, 1, &array, 1, &result);
  EXPECT_EQ(result, 0.3018631896623579);
  EXPECT_EQ(reduce<double>(kjit_array_mean, std::vector<int64_t>{1, 2, 4}), 2.3333333333333335);
}

TEST(RuntimeReductions, DotAddsProductsAndChecksLengths) {
  Context context;
  std::vector<int64_t> a = {1, 2, 3}, b = {4, 5, 6};
  kjit_array x = view_of(a), y = view_of(b);
  int64_t result;
  EXPECT_EQ(kjit_array_dot(context, 0, KJIT_I64, &x, &y, &result), KJIT_OK);
  EXPECT_EQ(result, 32);
  y.dims[0] = 2;
  EXPECT_EQ(kjit_array_dot(context, 0, KJIT_I64, &x, &y, &result), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: shapes do not match: axis 0 has size 3 and 2");
}

}  // namespace
