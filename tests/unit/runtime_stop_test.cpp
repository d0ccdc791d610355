// Long work of the runtime leaves off when the call is to stop (runtime/pieces.h): with the flag set from the start, a first
// piece is done, the last element is not, the call fails with the flag's error and nothing that was made stays behind.

#include <gtest/gtest.h>

#include <functional>

#include "runtime/pieces.h"
#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;
using kjit::runtime::kPieceBytes;
using kjit::runtime::kPieceElements;

constexpr int64_t kCount = 4 * kPieceElements;
constexpr double kUntouched = 77.0;

// Fails as a stopped call does, and leaks nothing.
void expect_stop(const std::function<kjit_status(kjit_context*)>& work) {
  Context context;
  const int64_t live = kjit_live_buffers();
  context.interrupt() = KJIT_INTERRUPT;
  EXPECT_EQ(work(context), KJIT_FAILED);
  EXPECT_TRUE(context.take_error().starts_with("KeyboardInterrupt"));
  EXPECT_EQ(kjit_live_buffers(), live);
}

// The same for work that writes into `values` from front to back.
void expect_unfinished(const std::function<kjit_status(kjit_context*, std::vector<double>&)>& work) {
  std::vector<double> values(kCount, kUntouched);
  expect_stop([&](kjit_context* ctx) { return work(ctx, values); });
  EXPECT_EQ(values[kCount - 2], kUntouched);
  EXPECT_EQ(values[kCount - 1], kUntouched);
}

TEST(RuntimeStop, Fills) {
  const double one = 1.0;
  expect_unfinished([&](kjit_context* ctx, std::vector<double>& values) {
    kjit_array array = view_of(values);
    return kjit_array_fill(ctx, 0, KJIT_F64, 1, &array, &one);
  });
  expect_unfinished([&](kjit_context* ctx, std::vector<double>& values) {
    kjit_array every_second = {values.data(), nullptr, {kCount / 2, 16}};
    return kjit_array_fill(ctx, 0, KJIT_F64, 1, &every_second, &one);
  });
}

TEST(RuntimeStop, Assignments) {
  std::vector<double> source(kCount, 1.0);
  const kjit_array from = view_of(source);
  expect_unfinished([&](kjit_context* ctx, std::vector<double>& values) {
    kjit_array to = view_of(values);
    return kjit_array_assign(ctx, 0, KJIT_F64, 1, &to, 1, &from);
  });
  const kjit_array rows = view_of(source.data(), 8, {kCount / 8, 8});
  expect_unfinished([&](kjit_context* ctx, std::vector<double>& values) {
    kjit_array to = view_of(values.data(), 8, {kCount / 8, 8});
    to.dims[3] = -8;  // each row backwards
    to.data = values.data() + 7;
    return kjit_array_assign(ctx, 0, KJIT_F64, 2, &to, 2, &rows);
  });
}

TEST(RuntimeStop, RandomNumbers) {
  expect_unfinished([](kjit_context* ctx, std::vector<double>& v) { return kjit_rng_fill_random(ctx, 0, kCount, v.data()); });
  expect_unfinished(
      [](kjit_context* ctx, std::vector<double>& v) { return kjit_rng_fill_uniform(ctx, 0, kCount, v.data(), 0, 1); });
  expect_unfinished(
      [](kjit_context* ctx, std::vector<double>& v) { return kjit_rng_fill_gauss(ctx, 0, kCount, v.data(), 0, 1); });
  std::vector<int64_t> integers(kCount, 77);
  expect_stop([&](kjit_context* ctx) { return kjit_rng_fill_integers(ctx, 0, kCount, integers.data(), 0, 9); });
  EXPECT_EQ(integers.back(), 77);
}

TEST(RuntimeStop, Shuffle) {
  std::vector<int64_t> values(kCount);
  for (int64_t i = 0; i < kCount; i++) values[static_cast<size_t>(i)] = i;
  expect_stop([&](kjit_context* ctx) {
    kjit_array array = view_of(values);
    kjit_rng_shuffle(ctx, KJIT_I64, 1, &array);
    return kjit_poll(ctx, 0);
  });
  int64_t in_place = 0;  // a full shuffle leaves about one
  for (int64_t i = 0; i < kCount; i++) in_place += values[static_cast<size_t>(i)] == i;
  EXPECT_GT(in_place, kCount / 4);
}

TEST(RuntimeStop, NewArrays) {
  kjit_array out;
  const double value = 1.0;
  expect_stop([&](kjit_context* ctx) { return kjit_array_new(ctx, 0, KJIT_F64, 1, &kCount, KJIT_ONES, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_full(ctx, 0, KJIT_F64, 1, &kCount, &value, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_arange_i64(ctx, 0, 0, kCount, 1, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_arange_f64(ctx, 0, 0, kCount, 1, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_linspace(ctx, 0, 0, 1, kCount, 1, &out); });
}

TEST(RuntimeStop, CopiesAndConversions) {
  std::vector<double> values(kCount, 1.0);
  const kjit_array array = view_of(values);
  kjit_array out;
  expect_stop([&](kjit_context* ctx) { return kjit_array_copy(ctx, 0, KJIT_F64, 1, &array, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_astype(ctx, 0, KJIT_F64, KJIT_F32, 1, &array, &out); });
}

TEST(RuntimeStop, Reductions) {
  std::vector<double> values(kCount, 1.0);
  const kjit_array array = view_of(values);
  double out[2];
  int64_t position;
  for (auto* reduce : {kjit_array_sum, kjit_array_sum_sequential, kjit_array_prod, kjit_array_min, kjit_array_max,
                       kjit_array_python_min, kjit_array_python_max, kjit_array_mean}) {
    expect_stop([&](kjit_context* ctx) { return reduce(ctx, 0, KJIT_F64, 1, &array, out); });
  }
  expect_stop([&](kjit_context* ctx) { return kjit_array_argmin(ctx, 0, KJIT_F64, 1, &array, &position); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_argmax(ctx, 0, KJIT_F64, 1, &array, &position); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_var(ctx, 0, KJIT_F64, 1, &array, 0, out); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_std(ctx, 0, KJIT_F64, 1, &array, 0, out); });
  expect_stop([&](kjit_context* ctx) { return kjit_array_dot(ctx, 0, KJIT_F64, &array, &array, out); });
  expect_stop([&](kjit_context* ctx) { return kjit_math_fsum(ctx, 0, &array, out); });
}

// One array and numbers as the arguments of a function of runtime/array_functions.def.
kjit_status call_array_function(kjit_context* ctx, int32_t function, const std::vector<const kjit_array*>& arrays,
                                const std::vector<int64_t>& numbers, int32_t dtype, int32_t rank, void* out) {
  std::vector<kjit_operand> operands;
  for (const kjit_array* array : arrays) operands.push_back({array, 1, KJIT_F64});
  for (const int64_t& number : numbers) operands.push_back({&number, 0, KJIT_I64});
  return kjit_array_call(ctx, 0, function, operands.data(), static_cast<int32_t>(operands.size()), dtype, rank, out);
}

TEST(RuntimeStop, ArrayFunctions) {
  std::vector<double> values(kCount);
  for (size_t i = 0; i < values.size(); i++) values[i] = static_cast<double>(i * 2654435761 % 1000003);
  const std::vector<double> before = values;
  const kjit_array array = view_of(values);
  kjit_array out;
  const auto stops = [&](int32_t function, const std::vector<const kjit_array*>& arrays, const std::vector<int64_t>& numbers,
                         int32_t dtype, int32_t rank = 1) {
    expect_stop([&](kjit_context* ctx) { return call_array_function(ctx, function, arrays, numbers, dtype, rank, &out); });
  };
  stops(KJIT_ARRAY_Sort, {&array}, {0}, KJIT_F64);
  stops(KJIT_ARRAY_SortInPlace, {&array}, {0}, KJIT_F64, -1);
  EXPECT_EQ(values, before);
  stops(KJIT_ARRAY_Argsort, {&array}, {0}, KJIT_I64);
  stops(KJIT_ARRAY_SearchSorted, {&array, &array}, {0}, KJIT_I64);
  stops(KJIT_ARRAY_Unique, {&array}, {}, KJIT_F64);
  stops(KJIT_ARRAY_Cumulate, {&array}, {0, 0}, KJIT_F64);
  stops(KJIT_ARRAY_NonzeroAxis, {&array}, {0}, KJIT_I64);
  stops(KJIT_ARRAY_Argwhere, {&array}, {}, KJIT_I64, 2);
  stops(KJIT_ARRAY_Interp, {&array, &array, &array}, {}, KJIT_F64);
}

// Few of them, each long: looks are counted by elements, not by rows.
TEST(RuntimeStop, LongRows) {
  std::vector<double> values(kCount, 1.0), one_row(kCount / 4, 1.0);
  const kjit_array columns = view_of(values.data(), 8, {kCount / 4, 4});
  const kjit_array rows = {values.data(), nullptr, {4, kCount / 4, 8, 32}}, row = view_of(one_row);
  kjit_array out;
  expect_unfinished([&](kjit_context* ctx, std::vector<double>& copied) {
    const kjit_array to = view_of(copied.data(), 8, {4, kCount / 4});
    return kjit_array_assign(ctx, 0, KJIT_F64, 2, &to, 2, &rows);
  });

  std::vector<int64_t> chosen = {0, 1, 0, 1, 0, 1, 0, 1};
  const kjit_array two_rows = view_of(values.data(), 8, {2, kCount / 2}), indices = view_of(chosen);
  const int64_t axis = 0, in_order = 0;
  const std::vector<kjit_operand> gathered = {
      {&two_rows, 2, KJIT_F64}, {&axis, 0, KJIT_I64}, {&indices, 1, KJIT_I64}, {&axis, 0, KJIT_I64}};
  expect_stop(
      [&](kjit_context* ctx) { return kjit_array_call(ctx, 0, KJIT_ARRAY_Gather, gathered.data(), 4, KJIT_F64, 2, &out); });

  const auto product_stops = [&](kjit_operand left, kjit_operand right) {
    const std::vector<kjit_operand> product = {left, right, {&in_order, 0, KJIT_I64}};
    expect_stop(
        [&](kjit_context* ctx) { return kjit_array_call(ctx, 0, KJIT_ARRAY_MatMul, product.data(), 3, KJIT_F64, 1, &out); });
  };
  product_stops({&rows, 2, KJIT_F64}, {&row, 1, KJIT_F64});
  product_stops({&row, 1, KJIT_F64}, {&columns, 2, KJIT_F64});
}

TEST(RuntimeStop, Texts) {
  const std::string long_text(static_cast<size_t>(4 * kPieceBytes), 'a');
  const kjit_str text = text_of(long_text), letter = text_of("a");
  kjit_str out;
  expect_stop([&](kjit_context* ctx) { return kjit_str_upper(ctx, 0, &text, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_str_lower(ctx, 0, &text, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_str_concat(ctx, 0, &text, &text, &out); });
  expect_stop([&](kjit_context* ctx) { return kjit_str_repeat(ctx, 0, &letter, 4 * kPieceBytes, &out); });
}

// Without a status of their own: what they give is wrong once the call is to stop, and the poll that follows them fails.
TEST(RuntimeStop, Questions) {
  std::vector<double> zeros(kCount + 1, 0.0), ones(kCount + 1, 1.0);
  zeros[kCount] = 1.0, ones[kCount] = 0.0;
  const kjit_array with_one = view_of(zeros), with_zero = view_of(ones);
  const std::string long_text = std::string(static_cast<size_t>(4 * kPieceBytes), 'a') + "b";
  const std::string numbered(static_cast<size_t>(4 * kPieceBytes), '7'), half = numbered + "-";
  const std::string long_reversed(long_text.rbegin(), long_text.rend());
  const kjit_str text = text_of(long_text), digits = text_of(half), last = text_of("b"), reversed = text_of(long_reversed);
  Context context;
  const auto answers = [&] {
    return std::vector<int64_t>{kjit_array_any(context, KJIT_F64, 1, &with_one),
                                kjit_array_all(context, KJIT_F64, 1, &with_zero),
                                kjit_str_contains(context, &text, &last),
                                kjit_str_find(context, &text, &last, 0, INT64_MAX),
                                kjit_str_rfind(context, &reversed, &last, 0, INT64_MAX),
                                kjit_str_count(context, &text, &last, 0, INT64_MAX),
                                kjit_str_isalpha(context, &text),
                                kjit_str_isdigit(context, &digits)};
  };
  EXPECT_EQ(answers(), (std::vector<int64_t>{1, 0, 1, 4 * kPieceBytes, 0, 1, 1, 0}));
  context.interrupt() = KJIT_INTERRUPT;
  EXPECT_EQ(answers(), (std::vector<int64_t>{0, 1, 0, -1, -1, 0, 0, 0}));
}

// What is searched for may lie across pieces, and be as long as one.
TEST(RuntimeStop, PiecesHideNothing) {
  Context context;
  std::string haystack(static_cast<size_t>(3 * kPieceBytes), 'a');
  const std::string needle = std::string(static_cast<size_t>(kPieceBytes), 'a') + "bc";
  haystack += "bcd";
  const kjit_str text = text_of(haystack), part = text_of(needle), none = text_of("ac"), all = text_of(haystack);
  EXPECT_EQ(kjit_str_find(context, &text, &part, 0, INT64_MAX), 2 * kPieceBytes);
  EXPECT_EQ(kjit_str_find(context, &text, &none, 0, INT64_MAX), -1);
  EXPECT_EQ(kjit_str_find(context, &text, &all, 0, INT64_MAX), 0);
  for (int64_t at : {kPieceBytes - 2, kPieceBytes - 1, kPieceBytes}) {
    std::string with = std::string(static_cast<size_t>(2 * kPieceBytes), 'x');
    with.replace(static_cast<size_t>(at), 3, "abc");
    const kjit_str searched = text_of(with), abc = text_of("abc");
    EXPECT_EQ(kjit_str_find(context, &searched, &abc, 0, INT64_MAX), at);
    EXPECT_EQ(kjit_str_rfind(context, &searched, &abc, 0, INT64_MAX), at);
  }
}

// Pieces do not show in what is computed.
TEST(RuntimeStop, PiecesChangeNoResult) {
  Context context;
  const double third = 1.0 / 3;
  std::vector<double> values(kCount + 5);
  kjit_array array = view_of(values);
  ASSERT_EQ(kjit_array_fill(context, 0, KJIT_F64, 1, &array, &third), KJIT_OK);
  for (double value : values) ASSERT_EQ(value, third);
  kjit_str out;
  const kjit_str pair = text_of("xyz");
  ASSERT_EQ(kjit_str_repeat(context, 0, &pair, kPieceBytes, &out), KJIT_OK);
  const std::string repeated = Context::take(out);
  ASSERT_EQ(repeated.size(), static_cast<size_t>(3 * kPieceBytes));
  for (size_t i = 0; i < repeated.size(); i++) ASSERT_EQ(repeated[i], "xyz"[i % 3]);
  kjit_array counted;
  ASSERT_EQ(kjit_arange_i64(context, 0, 5, kCount, 1, &counted), KJIT_OK);
  const std::vector<int64_t> numbers = take_vector<int64_t>(counted);
  for (size_t i = 0; i < numbers.size(); i++) ASSERT_EQ(numbers[i], static_cast<int64_t>(i) + 5);
}

}  // namespace
