#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;
using testing::Test;

// The recorded values are those of NumPy 1.24.

TEST(RuntimeArrays, NewArraysAreContiguousAndAligned) {
  Context context;
  kjit_array array;
  const int64_t shape[] = {2, 3, 4};
  ASSERT_EQ(kjit_array_new(context, 0, KJIT_F32, 3, shape, KJIT_ZEROS, &array), KJIT_OK);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data) % 64, 0u);
  EXPECT_EQ(std::vector<int64_t>(array.dims, array.dims + 6), (std::vector<int64_t>{2, 3, 4, 48, 16, 4}));
  EXPECT_EQ(take_vector<float>(array, 3), std::vector<float>(24, 0.0f));
}

TEST(RuntimeArrays, LargeZeroedArraysAreZero) {
  Context context;
  kjit_array array;
  const int64_t count = 3 << 20;
  ASSERT_EQ(kjit_array_new(context, 0, KJIT_I64, 1, &count, KJIT_ZEROS, &array), KJIT_OK);
  auto* data = static_cast<int64_t*>(array.data);
  EXPECT_EQ(data[0] | data[count / 2] | data[count - 1], 0);
  kjit_release(array.owner);
}

TEST(RuntimeArrays, OnesAreOnesOfTheElementType) {
  Context context;
  kjit_array array;
  const int64_t count = 3;
  kjit_array_new(context, 0, KJIT_C128, 1, &count, KJIT_ONES, &array);
  EXPECT_EQ(take_vector<double>(array).at(0), 1.0);
  kjit_array_new(context, 0, KJIT_BOOL, 1, &count, KJIT_ONES, &array);
  EXPECT_EQ(take_vector<uint8_t>(array), (std::vector<uint8_t>{1, 1, 1}));
}

TEST(RuntimeArrays, FullRepeatsTheValue) {
  Context context;
  kjit_array array;
  const int64_t shape[] = {1, 5};
  const int32_t value = -7;
  kjit_array_full(context, 0, KJIT_I32, 2, shape, &value, &array);
  EXPECT_EQ(take_vector<int32_t>(array, 2), std::vector<int32_t>(5, -7));
}

TEST(RuntimeArrays, NegativeDimensionsAreRefused) {
  Context context;
  kjit_array array;
  const int64_t shape[] = {0, -3};
  EXPECT_EQ(kjit_array_new(context, 0, KJIT_F64, 2, shape, KJIT_EMPTY, &array), KJIT_FAILED);
  EXPECT_EQ(context.take_error("np.empty(s)"), "ValueError: np.empty(s): negative dimensions are not allowed: -3");
}

TEST(RuntimeArrays, SizesBeyondTheAddressSpaceAreRefused) {
  Context context;
  kjit_array array;
  const int64_t large[] = {1ll << 60};
  EXPECT_EQ(kjit_array_new(context, 0, KJIT_F64, 1, large, KJIT_EMPTY, &array), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "MemoryError: cannot allocate 9223372036854775807 bytes");
  const int64_t wraps[] = {1ll << 32, 1ll << 32};
  EXPECT_EQ(kjit_array_new(context, 0, KJIT_U8, 2, wraps, KJIT_EMPTY, &array), KJIT_FAILED);
  EXPECT_EQ(context.take_error().substr(0, 11), "MemoryError");
}

TEST(RuntimeArrays, AnEmptyArrayMayHaveOtherHugeDimensions) {
  Context context;
  kjit_array array;
  const int64_t shape[] = {1ll << 60, 0, 1ll << 60};
  EXPECT_EQ(kjit_array_new(context, 0, KJIT_F64, 3, shape, KJIT_ZEROS, &array), KJIT_OK);
  kjit_release(array.owner);
}

TEST(RuntimeArrays, FloatRangesHaveNumPysLengthAndBits) {
  struct Row {
    double start, stop, step;
    std::vector<double> values;
  };
  const Row rows[] = {
      {0.0, 1.0, 0.1, {0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9}},
      {0.0, 1.0, 0.3, {0.0, 0.3, 0.6, 0.8999999999999999}},
      {5.0, 1.0, -1.5, {5.0, 3.5, 2.0}},
      {1.0, 1.3, 0.1, {1.0, 1.1, 1.2000000000000002, 1.3000000000000003}},
      {0.0, 0.0, 1.0, {}},
      {1.0, 0.0, 1.0, {}},
      {0.5, 3.0, 1.0, {0.5, 1.5, 2.5}}};
  Context context;
  for (const Row& row : rows) {
    kjit_array array;
    ASSERT_EQ(kjit_arange_f64(context, 0, row.start, row.stop, row.step, &array), KJIT_OK);
    EXPECT_EQ(take_vector<double>(array), row.values);
  }
}

TEST(RuntimeArrays, RangesThatNumPyRefusesAreRefused) {
  Context context;
  kjit_array array;
  kjit_arange_f64(context, 0, 0, NAN, 1, &array);
  EXPECT_EQ(context.take_error(), "ValueError: arange: cannot compute length");
  kjit_arange_f64(context, 0, 0, INFINITY, 1, &array);
  EXPECT_EQ(context.take_error().substr(0, 11), "MemoryError");
  kjit_arange_f64(context, 0, 0, 1, 0, &array);
  EXPECT_EQ(context.take_error().substr(0, 17), "ZeroDivisionError");
  kjit_arange_i64(context, 0, 0, 1, 0, &array);
  EXPECT_EQ(context.take_error().substr(0, 17), "ZeroDivisionError");
}

TEST(RuntimeArrays, IntegerRangesAreExactAtTheEdges) {
  Context context;
  kjit_array array;
  kjit_arange_i64(context, 0, 10, -1, -4, &array);
  EXPECT_EQ(take_vector<int64_t>(array), (std::vector<int64_t>{10, 6, 2}));
  kjit_arange_i64(context, 0, INT64_MIN, INT64_MAX, INT64_MAX, &array);
  EXPECT_EQ(take_vector<int64_t>(array), (std::vector<int64_t>{INT64_MIN, -1, INT64_MAX - 1}));
  kjit_arange_i64(context, 0, 5, 5, -1, &array);
  EXPECT_EQ(take_vector<int64_t>(array), std::vector<int64_t>{});
}

TEST(RuntimeArrays, LinspaceHasNumPysBits) {
  struct Row {
    double start, stop;
    int64_t count;
    int32_t endpoint;
    std::vector<double> values;
  };
  const Row rows[] = {
      {0.0, 1.0, 7, 1, {0.0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.6666666666666666, 0.8333333333333333, 1.0}},
      {2.0, -3.0, 4, 0, {2.0, 0.75, -0.5, -1.75}},
      {1.0, 1.0, 3, 1, {1.0, 1.0, 1.0}},
      {0.0, 1.0, 1, 1, {0.0}},
      {0.0, 1.0, 0, 1, {}},
      {0.1, 0.7, 5, 1, {0.1, 0.25, 0.4, 0.5499999999999999, 0.7}}};
  Context context;
  for (const Row& row : rows) {
    kjit_array array;
    ASSERT_EQ(kjit_linspace(context, 0, row.start, row.stop, row.count, row.endpoint, &array), KJIT_OK);
    EXPECT_EQ(take_vector<double>(array), row.values);
  }
}

TEST(RuntimeArrays, EyeFollowsItsDiagonal) {
  Context context;
  kjit_array array;
  kjit_eye(context, 0, KJIT_I8, 2, 3, 1, &array);
  EXPECT_EQ(take_vector<int8_t>(array, 2), (std::vector<int8_t>{0, 1, 0, 0, 0, 1}));
  kjit_eye(context, 0, KJIT_I8, 2, 2, -1, &array);
  EXPECT_EQ(take_vector<int8_t>(array, 2), (std::vector<int8_t>{0, 0, 1, 0}));
  kjit_eye(context, 0, KJIT_I8, 2, 2, 5, &array);
  EXPECT_EQ(take_vector<int8_t>(array, 2), (std::vector<int8_t>{0, 0, 0, 0}));
}

TEST(RuntimeArrays, CopiesAreContiguous) {
  Context context;
  std::vector<int64_t> values = {1, 2, 3, 4, 5, 6};
  kjit_array transposed = {values.data(), nullptr, {3, 2, 8, 24}};
  kjit_array copy;
  kjit_array_copy(context, 0, KJIT_I64, 2, &transposed, &copy);
  EXPECT_TRUE(kjit_array_is_contiguous(KJIT_I64, 2, &copy));
  EXPECT_FALSE(kjit_array_is_contiguous(KJIT_I64, 2, &transposed));
  EXPECT_EQ(take_vector<int64_t>(copy, 2), (std::vector<int64_t>{1, 4, 2, 5, 3, 6}));
}

template <typename To, typename From>
std::vector<To> converted(std::vector<From> values) {
  Context context;
  kjit_array array = view_of(values), result;
  EXPECT_EQ(kjit_array_astype(context, 0, dtype_of<From>(), dtype_of<To>(), 1, &array, &result), KJIT_OK);
  return take_vector<To>(result);
}

TEST(RuntimeArrays, ConversionsAreNumPys) {
  EXPECT_EQ((converted<int8_t, int64_t>({127, 128, -129})), (std::vector<int8_t>{127, -128, 127}));
  EXPECT_EQ((converted<int64_t, double>({-1.9, 2.9, 1e300, NAN})), (std::vector<int64_t>{-1, 2, INT64_MIN, INT64_MIN}));
  EXPECT_EQ((converted<uint64_t, double>({0x1p63, 3.5})), (std::vector<uint64_t>{1ull << 63, 3}));
  EXPECT_EQ((converted<float, double>({0.1})), (std::vector<float>{0.1f}));
  EXPECT_EQ((converted<double, kjit_complex>({{1.5, 2.0}})), (std::vector<double>{1.5}));
}

TEST(RuntimeArrays, FillTouchesOnlyTheView) {
  std::vector<int32_t> values = {1, 2, 3, 4, 5};
  kjit_array odd = {values.data() + 1, nullptr, {2, 8}};
  const int32_t value = 9;
  Context context;
  kjit_array_fill(context, 0, KJIT_I32, 1, &odd, &value);
  EXPECT_EQ(values, (std::vector<int32_t>{1, 9, 3, 9, 5}));
}

TEST(RuntimeArrays, AssignmentBroadcasts) {
  Context context;
  std::vector<int64_t> target(6), row = {1, 2, 3};
  kjit_array to = {target.data(), nullptr, {2, 3, 24, 8}}, from = view_of(row);
  EXPECT_EQ(kjit_array_assign(context, 0, KJIT_I64, 2, &to, 1, &from), KJIT_OK);
  EXPECT_EQ(target, (std::vector<int64_t>{1, 2, 3, 1, 2, 3}));
}

TEST(RuntimeArrays, AssignmentChecksShapes) {
  Context context;
  std::vector<int64_t> target(6), row = {1, 2};
  kjit_array to = {target.data(), nullptr, {2, 3, 24, 8}}, from = view_of(row);
  EXPECT_EQ(kjit_array_assign(context, 0, KJIT_I64, 2, &to, 1, &from), KJIT_FAILED);
  EXPECT_EQ(context.take_error("a[:] = b"),
            "ValueError: a[:] = b: could not broadcast input array from shape (2,) into shape (2,3)");
}

TEST(RuntimeArrays, AssignmentOfOverlappingViewsReadsFirst) {
  Context context;
  std::vector<int64_t> values = {1, 2, 3, 4, 5};
  kjit_array to = {values.data() + 1, nullptr, {4, 8}}, from = {values.data(), nullptr, {4, 8}};
  EXPECT_EQ(kjit_array_assign(context, 0, KJIT_I64, 1, &to, 1, &from), KJIT_OK);
  EXPECT_EQ(values, (std::vector<int64_t>{1, 1, 2, 3, 4}));
}

TEST(RuntimeArrays, SlicesSelectWhatPythonSelects) {
  struct Row {
    int64_t length;
    int32_t flags;
    int64_t lower, upper, step;
    std::vector<int64_t> positions;
  };
  const Row rows[] = {{7, 0, 0, 0, 0, {0, 1, 2, 3, 4, 5, 6}},
                      {7, 3, 2, 5, 0, {2, 3, 4}},
                      {7, 1, -3, 0, 0, {4, 5, 6}},
                      {7, 2, 0, -100, 0, {}},
                      {7, 5, 100, 0, -1, {6, 5, 4, 3, 2, 1, 0}},
                      {7, 4, 0, 0, -2, {6, 4, 2, 0}},
                      {7, 7, 5, 1, -3, {5, 2}},
                      {0, 4, 0, 0, -1, {}},
                      {7, 7, -100, 100, 3, {0, 3, 6}},
                      {5, 3, 3, 3, 0, {}},
                      {5, 4, 0, 0, 9223372036854775807, {0}},
                      {5, 4, 0, 0, INT64_MIN, {4}}};
  Context context;
  for (const Row& row : rows) {
    kjit_slice slice;
    ASSERT_EQ(kjit_slice_resolve(context, 0, row.flags, row.lower, row.upper, row.step, row.length, &slice), KJIT_OK);
    std::vector<int64_t> positions;
    for (int64_t i = 0; i < slice.count; i++) positions.push_back(slice.start + i * slice.step);
    EXPECT_EQ(positions, row.positions);
  }
}

TEST(RuntimeArrays, AStepOfZeroIsRefused) {
  Context context;
  kjit_slice slice;
  EXPECT_EQ(kjit_slice_resolve(context, 0, KJIT_HAS_STEP, 0, 0, 0, 5, &slice), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: slice step cannot be zero");
}

TEST(RuntimeMemory, BuffersAreCountedAndDestroyedOnce) {
  Context context;
  int64_t before = kjit_live_buffers();
  kjit_buffer* buffer;
  ASSERT_EQ(kjit_buffer_new(context, 0, 100, 0, &buffer), KJIT_OK);
  kjit_retain(buffer);
  kjit_release(buffer);
  EXPECT_EQ(kjit_live_buffers(), before + 1);
  kjit_release(buffer);
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(RuntimeMemory, NullIsNoBuffer) {
  kjit_retain(nullptr);
  kjit_release(nullptr);
}

}  // namespace
