#pragma once
// The tile of tiles.h for vectors of kBytes. Included by one file for each kind of CPU; nothing here has linkage, as two such
// files must not share code.

#include <stdint.h>
#include <string.h>

namespace kjit::runtime {
namespace {

template <typename T, int kBytes, int kRows, int kVectors>
void add_tile(const T* a, const T* b, int64_t depth, T* out, int64_t stride) {
  using V = T __attribute__((vector_size(kBytes)));
  constexpr int kLanes = kBytes / static_cast<int>(sizeof(T));
  V sums[kRows][kVectors];
#pragma unroll
  for (int r = 0; r < kRows; ++r) memcpy(sums[r], out + r * stride, sizeof sums[r]);
  for (int64_t k = 0; k < depth; ++k, a += kRows, b += kVectors * kLanes) {
    V right[kVectors];
    memcpy(right, b, sizeof right);
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
#pragma unroll
      for (int v = 0; v < kVectors; ++v) sums[r][v] += right[v] * a[r];
    }
  }
#pragma unroll
  for (int r = 0; r < kRows; ++r) memcpy(out + r * stride, sums[r], sizeof sums[r]);
}

}  // namespace
}  // namespace kjit::runtime

// Defines TilesOfCpu<T>::name() with vectors of `bytes`.
#define KJIT_TILES(name, T, bytes, rows_, vectors)                                                           \
  template <>                                                                                                \
  Tiles<T> TilesOfCpu<T>::name() {                                                                           \
    return {rows_, vectors * (bytes) / static_cast<int64_t>(sizeof(T)), add_tile<T, bytes, rows_, vectors>}; \
  }
#define KJIT_TILES_OF_ALL_TYPES(name, bytes, rows, vectors) \
  KJIT_TILES(name, double, bytes, rows, vectors)            \
  KJIT_TILES(name, float, bytes, rows, vectors)             \
  KJIT_TILES(name, uint64_t, bytes, rows, vectors)          \
  KJIT_TILES(name, uint32_t, bytes, rows, vectors)
