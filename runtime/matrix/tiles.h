#pragma once
// Private to the runtime. The inner loops of matrix products, made for several kinds of CPU.
//
// A tile is `rows` x `columns` elements of the product, held in registers while the operands' panels run past:
//
//   out[r][c] += a[k * rows + r] * b[k * columns + c]     for k = 0 .. depth - 1, in this order, a product and a sum each rounded
//
// Each element is one sum from first to last, without fused multiply-adds, so all CPUs give the same bits. The panels are the
// packed operands (multiply.cpp); `stride` counts elements of `out` from row to row.

#include <stdint.h>

namespace kjit::runtime {

template <typename T>
struct Tiles {
  int64_t rows, columns;
  void (*add)(const T* a, const T* b, int64_t depth, T* out, int64_t stride);
};

template <typename T>
struct TilesOfCpu {
  static Tiles<T> baseline();
  static Tiles<T> avx2();    // only where the CPU has it
  static Tiles<T> avx512();  // likewise
};

inline constexpr int64_t kMostTileRows = 8;
inline constexpr int64_t kMostTileColumns = 48;  // 3 vectors of 16 floats

}  // namespace kjit::runtime
