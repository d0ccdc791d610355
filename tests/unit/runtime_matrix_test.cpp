#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "runtime/matrix/multiply.h"
#include "runtime/matrix/tiles.h"
#include "runtime_testing.h"

namespace {

using namespace kjit::runtime;
using kjit::runtime_testing::Context;

template <typename T>
std::vector<T> numbers(std::int64_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<T> result(static_cast<std::size_t>(count));
  for (T& x : result) {
    if constexpr (std::is_floating_point_v<T>)
      x = static_cast<T>(std::ldexp(static_cast<double>(random()) - 0x1p63, -63 + static_cast<int>(random() % 8)));
    else
      x = static_cast<T>(random());
  }
  return result;
}

template <typename T>
MatrixView view(const std::vector<T>& data, std::int64_t rows, std::int64_t columns, bool transposed) {
  constexpr auto kItem = static_cast<std::int64_t>(sizeof(T));
  const auto* bytes = reinterpret_cast<const char*>(data.data());
  return transposed ? MatrixView{bytes, rows, columns, kItem, rows * kItem}
                    : MatrixView{bytes, rows, columns, columns * kItem, kItem};
}

template <typename T>
T at(const MatrixView& m, std::int64_t i, std::int64_t j) {
  return *reinterpret_cast<const T*>(m.data + i * m.down + j * m.across);
}

// The definition: each element one sum from first to last.
template <typename T>
std::vector<T> product(const MatrixView& a, const MatrixView& b) {
  std::vector<T> result(static_cast<std::size_t>(a.rows * b.columns));
  for (std::int64_t i = 0; i < a.rows; ++i) {
    for (std::int64_t j = 0; j < b.columns; ++j) {
      T sum{};
      for (std::int64_t k = 0; k < a.columns; ++k) {
        const T term = at<T>(a, i, k) * at<T>(b, k, j);
        sum += term;
      }
      result[static_cast<std::size_t>(i * b.columns + j)] = sum;
    }
  }
  return result;
}

template <typename T>
void expect_products(Context& context, const MatrixView& a, const MatrixView& b) {
  const std::vector<T> expected = product<T>(a, b);
  for (const bool parallel : {false, true}) {
    std::vector<T> result(expected.size(), T{7});
    ASSERT_EQ(multiply<T>(context, 0, a, b, result.data(), parallel), KJIT_OK);
    const bool equal = expected.empty() || std::memcmp(result.data(), expected.data(), expected.size() * sizeof(T)) == 0;
    ASSERT_TRUE(equal) << a.rows << " x " << a.columns << " @ " << a.columns << " x " << b.columns;
  }
}

template <typename T>
void expect_all_shapes() {
  Context context;
  for (const std::int64_t m : {0, 1, 2, 7, 9, 48, 50, 97}) {
    for (const std::int64_t k : {0, 1, 5, 256, 300}) {
      const std::vector<T> left = numbers<T>(m * k, 1);
      for (const std::int64_t n : {0, 1, 2, 23, 49, 100, 965}) {
        const std::vector<T> right = numbers<T>(k * n, 2);
        for (const int transposed : {0, 1, 2, 3})
          expect_products<T>(context, view(left, m, k, transposed & 1), view(right, k, n, transposed & 2));
      }
    }
  }
}

TEST(RuntimeMatrix, EachElementIsOneSumFromFirstToLast) {
  expect_all_shapes<double>();
  expect_all_shapes<float>();
}

TEST(RuntimeMatrix, IntegersWrapAround) {
  expect_all_shapes<std::uint64_t>();
  expect_all_shapes<std::uint32_t>();
}

TEST(RuntimeMatrix, OperandsMayLieAtAnyAddress) {
  Context context;
  const std::vector<double> values = numbers<double>(60 * 60, 3);
  std::vector<char> odd(values.size() * sizeof(double) + 1);
  std::memcpy(odd.data() + 1, values.data(), values.size() * sizeof(double));
  const MatrixView aligned = view(values, 60, 60, false);
  MatrixView moved = aligned;
  moved.data = odd.data() + 1;
  std::vector<double> result(60 * 60), expected = product<double>(aligned, aligned);
  ASSERT_EQ(multiply<double>(context, 0, moved, moved, result.data(), false), KJIT_OK);
  EXPECT_EQ(result, expected);
}

template <typename T>
void expect_tile(const Tiles<T>& tiles) {
  constexpr std::int64_t kDepth = 37;
  EXPECT_LE(tiles.rows, kMostTileRows);
  EXPECT_LE(tiles.columns, kMostTileColumns);
  const std::vector<T> a = numbers<T>(kDepth * tiles.rows, 4), b = numbers<T>(kDepth * tiles.columns, 5);
  const std::int64_t stride = tiles.columns + 3;
  std::vector<T> out = numbers<T>(stride * tiles.rows, 6), expected = out;
  for (std::int64_t r = 0; r < tiles.rows; ++r) {
    for (std::int64_t c = 0; c < tiles.columns; ++c) {
      for (std::int64_t k = 0; k < kDepth; ++k) {
        const T term = a[static_cast<std::size_t>(k * tiles.rows + r)] * b[static_cast<std::size_t>(k * tiles.columns + c)];
        expected[static_cast<std::size_t>(r * stride + c)] += term;
      }
    }
  }
  tiles.add(a.data(), b.data(), kDepth, out.data(), stride);
  EXPECT_EQ(std::memcmp(out.data(), expected.data(), out.size() * sizeof(T)), 0);
}

template <typename T>
void expect_tiles() {
  expect_tile<T>(TilesOfCpu<T>::baseline());
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) expect_tile<T>(TilesOfCpu<T>::avx2());
  if (__builtin_cpu_supports("avx512f")) expect_tile<T>(TilesOfCpu<T>::avx512());
#endif
}

TEST(RuntimeMatrix, TilesOfAllCpusHaveTheSameBits) {
  expect_tiles<double>();
  expect_tiles<float>();
  expect_tiles<std::uint64_t>();
  expect_tiles<std::uint32_t>();
}

TEST(RuntimeMatrix, StopsWhenItIsTold) {
  Context context;
  const std::vector<double> values = numbers<double>(500 * 500, 7);
  const MatrixView matrix = view(values, 500, 500, false);
  std::vector<double> result(500 * 500);
  context.interrupt() = KJIT_CANCEL;
  EXPECT_EQ(multiply<double>(context, 0, matrix, matrix, result.data(), false), KJIT_FAILED);
  EXPECT_EQ(multiply<double>(context, 0, matrix, MatrixView{matrix.data, 500, 1, 8, 8}, result.data(), true), KJIT_FAILED);
}

}  // namespace
