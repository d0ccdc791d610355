#pragma once
// The tile of tiles.h for vectors of kBytes. Included by one file for each kind of CPU; nothing here has linkage, as two such
// files must not share code.

#include <stdint.h>
#include <string.h>

#include "runtime/matrix/tiles.h"

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

template <typename T, int kBytes, int kRows, int kVectors>
Tiles<T> make_tiles() {
  constexpr auto kItem = static_cast<int64_t>(sizeof(T));
  return {kRows, int64_t{kVectors} * kBytes / kItem, add_tile<T, kBytes, kRows, kVectors>};
}

}  // namespace
}  // namespace kjit::runtime

// Defines TilesOfCpu<T>::name() for all T.
#define KJIT_TILES(name, ...)                    \
  template <>                                    \
  Tiles<double> TilesOfCpu<double>::name() {     \
    return make_tiles<double, __VA_ARGS__>();    \
  }                                              \
  template <>                                    \
  Tiles<float> TilesOfCpu<float>::name() {       \
    return make_tiles<float, __VA_ARGS__>();     \
  }                                              \
  template <>                                    \
  Tiles<uint64_t> TilesOfCpu<uint64_t>::name() { \
    return make_tiles<uint64_t, __VA_ARGS__>();  \
  }                                              \
  template <>                                    \
  Tiles<uint32_t> TilesOfCpu<uint32_t>::name() { \
    return make_tiles<uint32_t, __VA_ARGS__>();  \
  }
