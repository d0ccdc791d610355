#pragma once
// Private to the runtime. Blocks of elements among which no new least or greatest one is are passed over with vectors, so that
// the loops that find it, each with its own rule for NaN, for 0.0 and -0.0 and for positions, look at few elements.

#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <complex>

#include "runtime/element.h"

namespace kjit::runtime {

inline constexpr int64_t kExtremumBlock = 1024;  // elements; a multiple of what is loaded at once

template <bool kGreatest, typename V>
auto is_beyond(V a, V b) {  // of numbers or vectors
  if constexpr (kGreatest)
    return a > b;
  else
    return a < b;
}

// Could an element of the block, which lies densely, take the place of `best`? It is beyond it, or a NaN, or a zero as `best` is.
template <bool kGreatest, typename T>
bool may_replace(const char* block, T best) {
  using Vector = T __attribute__((vector_size(16)));  // which any CPU has
  constexpr int kVectors = 4;                         // at once: none waits for the one before
  constexpr auto kBytes = kVectors * static_cast<int64_t>(sizeof(Vector)), kItem = static_cast<int64_t>(sizeof(T));
  static_assert(kExtremumBlock * kItem % kBytes == 0);
  Vector extremes[kVectors];
  memcpy(extremes, block, sizeof extremes);
  auto nan = extremes[0] != extremes[0];
  for (int64_t offset = 0; offset < kExtremumBlock * kItem; offset += kBytes) {
    Vector x[kVectors];
    memcpy(x, block + offset, sizeof x);
    for (int v = 0; v < kVectors; v++) {
      extremes[v] = is_beyond<kGreatest>(extremes[v], x[v]) ? extremes[v] : x[v];
      nan |= x[v] != x[v];
    }
  }
  T lanes[kBytes / kItem];
  memcpy(lanes, extremes, sizeof extremes);
  const bool zeros_differ = is_floating<T> && best == 0;
  bool may = false;
  for (const T lane : lanes) may |= is_beyond<kGreatest>(lane, best) || (zeros_differ && lane == 0);
  for (size_t j = 0; j < sizeof nan / sizeof nan[0]; j++) may |= nan[j] != 0;
  return may;
}

// Booleans have bytes; complex numbers are looked at one by one.
template <bool kGreatest>
bool may_replace(const char* block, Bool best) {
  return may_replace<kGreatest, uint8_t>(block, best.value);
}
template <bool kGreatest, typename R>
bool may_replace(const char*, std::complex<R>) {
  return true;
}

// f(begin, end) for the parts of a row, in order, in which something may take the place of best(), what f has found so far.
template <bool kGreatest, typename T, typename Best, typename F>
void for_each_candidate(const char* at, int64_t step, int64_t count, Best best, F f) {
  for (int64_t begin = 0; begin < count; begin += kExtremumBlock) {
    const int64_t end = std::min(begin + kExtremumBlock, count);
    const bool is_whole = step == static_cast<int64_t>(sizeof(T)) && end - begin == kExtremumBlock;
    if (!is_whole || may_replace<kGreatest>(at + begin * step, best())) f(begin, end);
  }
}

}  // namespace kjit::runtime
