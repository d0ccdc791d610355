// The layout of new arrays. Entry: check_shape, total_bytes, describe.

#include "runtime/shape.h"

namespace kjit::runtime {

kjit_status check_shape(kjit_context* ctx, uint32_t site, int32_t rank, const int64_t* shape) {
  for (int32_t axis = 0; axis < rank; axis++) {
    if (shape[axis] < 0) return kjit_trap(ctx, KJIT_TRAP_NegativeDimension, site, shape[axis], 0, 0);
  }
  return KJIT_OK;
}

int64_t total_bytes(int32_t rank, const int64_t* shape, int64_t item) {
  int64_t bytes = item;
  bool overflow = false;
  for (int32_t axis = 0; axis < rank; axis++) {
    if (shape[axis] == 0) return 0;
    overflow |= __builtin_mul_overflow(bytes, shape[axis], &bytes);
  }
  return overflow ? INT64_MAX : bytes;
}

// Strides of an array without elements may wrap: nothing is at them.
void describe(kjit_buffer* buffer, int32_t rank, const int64_t* shape, int64_t item, kjit_array* out) {
  out->data = buffer->memory;
  out->owner = buffer;
  for (int32_t axis = rank - 1; axis >= 0; axis--) {
    out->dims[axis] = shape[axis];
    out->dims[rank + axis] = item;
    item = static_cast<int64_t>(static_cast<uint64_t>(item) * static_cast<uint64_t>(shape[axis] > 0 ? shape[axis] : 1));
  }
}

}  // namespace kjit::runtime
