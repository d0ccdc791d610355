#pragma once
// In which order of memory NumPy keeps the result of an expression of arrays.

#include <cstdint>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

// The loop's operations as the layouts see them, in postfix: k >= 0 is the layout of the k-th array among the operands, -n that
// of what an operation makes of the n layouts before it. runtime/memory_order.h carries it out.
std::vector<std::int16_t> memory_order(const ArrayLoop& loop);

}  // namespace kjit::typed
