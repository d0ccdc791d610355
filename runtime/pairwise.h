#pragma once
// Private to the runtime: NumPy's pairwise summation, which the bits of floating sums depend on.

#include "runtime/element.h"

namespace kjit::runtime {

template <typename T>
constexpr int64_t kPairwiseLanes = is_complex<T> ? 4 : 8;  // accumulators; a complex number is two terms
template <typename T>
constexpr int64_t kPairwiseBlock = 16 * kPairwiseLanes<T>;

// Where a run of more than one block is cut in two.
template <typename T>
int64_t pairwise_half(int64_t n) {
  const int64_t half = n / 2;
  return half - half % kPairwiseLanes<T>;
}

// The sum of n elements, `step` bytes from one to the next: up to 16 rounds of accumulators, longer runs in halves.
template <typename T>
T pairwise(const char* at, int64_t step, int64_t n) {
  constexpr int64_t lanes = kPairwiseLanes<T>;
  if (n < lanes) {
    T sum{};
    for (int64_t i = 0; i < n; i++) sum += load<T>(at + i * step);
    return sum;
  }
  if (n > kPairwiseBlock<T>) {
    const int64_t half = pairwise_half<T>(n);
    const T left = pairwise<T>(at, step, half);
    return left + pairwise<T>(at + half * step, step, n - half);
  }
  T lane[lanes];
  for (int64_t j = 0; j < lanes; j++) lane[j] = load<T>(at + j * step);
  int64_t i = lanes;
  if (step == static_cast<int64_t>(sizeof(T))) {
    for (; i < n - n % lanes; i += lanes) {
      for (int64_t j = 0; j < lanes; j++) lane[j] += load<T>(at + (i + j) * static_cast<int64_t>(sizeof(T)));
    }
  } else {
    for (; i < n - n % lanes; i += lanes) {
      for (int64_t j = 0; j < lanes; j++) lane[j] += load<T>(at + (i + j) * step);
    }
  }
  T sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  if constexpr (lanes == 8) sum += (lane[4] + lane[5]) + (lane[6] + lane[7]);
  for (; i < n; i++) sum += load<T>(at + i * step);
  return sum;
}

}  // namespace kjit::runtime
