#pragma once
// Private to the runtime and the interpreter: where NumPy puts the elements of an expression's result.

#include <stdint.h>

#include "runtime/runtime.h"

namespace kjit::runtime {

// Beside kjit_array_loop_flags, for kjit_array_map and kjit_array_map_sum: the result lies in memory as NumPy's does, not in C
// order. Behind the operands there is one more entry: `data` are the steps for kept_strides, `rank` is their number.
constexpr int32_t kLoopKeepOrder = 2;

// The strides, in elements, of a dense array with NumPy's order "K": its axes lie in memory as those of the operands; where these
// disagree, or say nothing, as in C. `steps` (`count` many) are the operations in postfix: k >= 0 is the layout of operand k, -n
// what an operation makes of the last n layouts (typed::memory_order).
void kept_strides(const kjit_operand* operands, int32_t rank, const int16_t* steps, int64_t count, int64_t* strides);

}  // namespace kjit::runtime
