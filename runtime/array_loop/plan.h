#pragma once
// Private to the runtime: what a loop over the elements of arrays walks through.
//
// A plan lists the axes of the index space from the slowest to the fastest, merged where all operands allow it; the innermost is
// the row.

#include <stdint.h>

#include <vector>

#include "runtime/runtime.h"

namespace kjit::runtime {

// One array of the loop, seen in its index space.
struct Stream {
  char* data;
  int64_t item;                    // bytes of an element
  int64_t strides[KJIT_MAX_RANK];  // bytes; 0 where it is repeated
};

struct Plan {
  kjit_element_kernel kernel;
  const void* scalars;
  uint32_t site;
  int32_t rank = 0;
  int64_t extents[KJIT_MAX_RANK];
  std::vector<Stream> streams;  // the operands, then the result

  int32_t row_axis() const { return rank - 1; }
  int64_t row_length() const { return extents[row_axis()]; }
  int64_t row_count() const;
};

inline const kjit_array* array_of(const kjit_operand& operand) { return static_cast<const kjit_array*>(operand.data); }

// An array of rank `array_rank`, broadcast to an index space of `rank` axes.
Stream stream_of(const kjit_array* array, int32_t array_rank, int32_t dtype, int32_t rank);

// The strides, in bytes, of a result that lies in memory as NumPy's (kLoopKeepOrder); its order follows the operands.
void keep_order(const kjit_operand* operands, int32_t count, int32_t rank, int64_t item, int64_t* strides);

// Elements may be computed in any order: the axis along which memory is nearest becomes the row, axes are merged. At least one
// axis is left.
void arrange(Plan& plan);

}  // namespace kjit::runtime
