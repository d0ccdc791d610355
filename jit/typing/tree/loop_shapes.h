#pragma once
// The order in which the operands of an array loop are broadcast: ArrayLoop::shapes. (a * b) + c has the steps 0 1 -2 2 -2: where
// c does not fit, NumPy tells its shape and that of a * b.

#include <cstdint>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

using ShapeSteps = std::vector<std::int32_t>;

// Also where the loop has none.
ShapeSteps shape_steps(const ArrayLoop& loop);

// Leaves them out where they say no more than the operands.
void set_shape_steps(ArrayLoop& loop, ShapeSteps steps);

// With other numbers for the operands.
void append_steps(ShapeSteps& steps, const ShapeSteps& more, const std::vector<std::uint32_t>& numbers);

// Do the steps name arrays of the loop, and leave one shape?
bool are_shape_steps(const ShapeSteps& steps, const ArrayLoop& loop);

}  // namespace kjit::typed
