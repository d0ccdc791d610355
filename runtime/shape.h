#pragma once
// Private to the runtime: the layout of new arrays.

#include <stdint.h>

#include "runtime/runtime.h"

namespace kjit::runtime {

// Traps NegativeDimension.
kjit_status check_shape(kjit_context* ctx, uint32_t site, int32_t rank, const int64_t* shape);
// Bytes of an array, INT64_MAX when there is no such number. An empty array may have any other dimensions.
int64_t total_bytes(int32_t rank, const int64_t* shape, int64_t item);
// The C-contiguous array of this shape in the buffer, whose reference it takes over.
void describe(kjit_buffer* buffer, int32_t rank, const int64_t* shape, int64_t item, kjit_array* out);

}  // namespace kjit::runtime
