#pragma once
// Private to the runtime: how NumPy 2.4 cuts sums over several axes, which the bits of floating sums depend on.
//
// Elements that are not one walk through memory it gathers in a buffer, in order, and sums one buffer after the other pairwise.

#include <stdint.h>

#include <algorithm>

#include "runtime/array_call.h"
#include "runtime/element.h"
#include "runtime/pairwise.h"
#include "runtime/pieces.h"

namespace kjit::runtime {

inline constexpr int64_t kGatheredElements = 8192;  // of NumPy's buffer

// As many inner axes as fit the buffer as a whole, those as often as they fit, but not beyond the end of the axis around them.
struct Gathering {
  int64_t rows;   // at once
  int64_t block;  // rows of the axis around: a new gathering begins behind each
};

// Rows of `inner` elements along `outer` axes of these sizes, from the slowest to the fastest.
inline Gathering gathering_of(const int64_t* sizes, int32_t outer, int64_t inner) {
  int64_t core = 1;  // rows
  int32_t axis = outer - 1;
  for (; axis >= 0 && core * sizes[axis] <= kGatheredElements / inner; axis--) core *= sizes[axis];
  const int64_t times = std::max<int64_t>(kGatheredElements / inner / core, 1);
  return {times * core, axis >= 0 ? core * sizes[axis] : core};
}

// total + the elements of `count` axes from `in` on, with strides in bytes. Leaves off when the call is to stop.
template <typename T>
T add_gathered(const kjit_context* ctx, T total, const char* in, const int64_t* sizes, const int64_t* strides, int32_t count) {
  const int32_t outer = count - 1;
  const int64_t inner = sizes[outer], step = strides[outer];
  const Gathering gathering = gathering_of(sizes, outer, inner);
  T buffer[kGatheredElements];
  int64_t filled = 0, in_block = 0, index[KJIT_MAX_RANK] = {};
  do {
    const char* row = in;
    for (int32_t i = 0; i < outer; i++) row += index[i] * strides[i];
    if (inner > kGatheredElements) {
      total += pairwise<T>(row, step, inner);
    } else {
      for (int64_t i = 0; i < inner; i++) buffer[filled++] = load<T>(row + i * step);
      in_block++;
      if (in_block < gathering.block && in_block % gathering.rows != 0) continue;
      total += pairwise<T>(reinterpret_cast<const char*>(buffer), sizeof(T), filled);
      filled = 0;
      if (in_block == gathering.block) in_block = 0;
    }
    if (must_stop(ctx)) return total;
  } while (next_index(outer, sizes, index));
  return total;
}

}  // namespace kjit::runtime
