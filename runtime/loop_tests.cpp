// What a parallel loop tests before it starts. Entry: kjit_arrays_overlap, kjit_span_is_below.

#include "runtime/element.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

struct ByteRange {
  uintptr_t begin, end;
};

// From the lowest to the highest byte of an element; empty without elements.
ByteRange byte_range(int32_t dtype, int32_t rank, const kjit_array* array) {
  if (element_count(rank, array) == 0) return {0, 0};
  int64_t lowest = 0, highest = 0;
  for (int32_t axis = 0; axis < rank; axis++) {
    const int64_t distance = (array->dims[axis] - 1) * strides_of(rank, array)[axis];
    (distance < 0 ? lowest : highest) += distance;
  }
  const auto data = reinterpret_cast<uintptr_t>(array->data);
  return {data + static_cast<uintptr_t>(lowest), data + static_cast<uintptr_t>(highest + kjit_dtype_size(dtype))};
}

}  // namespace

extern "C" {

int32_t kjit_arrays_overlap(int32_t dtype_a, int32_t rank_a, const kjit_array* a, int32_t dtype_b, int32_t rank_b,
                            const kjit_array* b) {
  const ByteRange first = byte_range(dtype_a, rank_a, a), second = byte_range(dtype_b, rank_b, b);
  return first.begin < second.end && second.begin < first.end;
}

int32_t kjit_span_is_below(int64_t first, int64_t last, int64_t factor, int64_t slack, int64_t size) {
  // Below 2**128: the factor and the difference have 64 bits each. Neither is negative.
  const __int128 difference = static_cast<__int128>(last) - first;
  const auto distance = static_cast<unsigned __int128>(difference < 0 ? -difference : difference);
  const __int128 room = static_cast<__int128>(size) - slack;
  return room > 0 && static_cast<unsigned __int128>(factor) * distance < static_cast<unsigned __int128>(room);
}

}  // extern "C"
