#pragma once
// The invariants of the typed tree, checked. A tree that violates one is a bug of the type checker (or of a pass over the tree):
// verify() throws InternalError with the function, the site and the invariant.
//
// Program     has a function; every site names a function of the program.
// Function    parameters are locals; no type contains Unknown; arrays have an element type and a rank of 0..32.
// Everywhere  a statement or expression has a site (not 0) that belongs to its function; no operand that is not optional is null;
// ids of locals,
//             globals and functions are in range; loops and accesses have ids of their own (typed_tree.h).
// Constant    the alternative follows from the type, and the value is one that the type can hold.
// Locals      what is assigned has exactly the local's type, and a read has it too; a checked read is of a named local with
// needs_set_flag.
//             Let assigns a hidden local.
// Operators   operands and results have the types that typed_tree.h states: one type on both sides of Binary; TrueDiv of integers
// gives F64;
//             Compare gives Bool, and for complex knows Eq and Ne only; Convert is one of the listed conversions.
// Calls       arguments match the callee's parameters one by one, and the type is the callee's result; builtins have the number
// and kind of
//             arguments that their row states (Inline and Libm rows), and only Libm rows and Sqrt are checked.
// Tuples      element types match; a dynamic subscript has elements of one type.
// Arrays      as many I64 indices as the rank; in_bounds is empty or as long; values have the dtype; new arrays are C-contiguous;
// a view
//             has its array's dtype and a rank without the indexed axes.
// Text        pieces are scalars, Str, Tuple, Array or None; messages are Str.
// Statements  conditions are Bool; Break and Continue are inside a loop; loop variables and bounds are I64; Return has the
// function's result type (or
//             nothing, if that is None); Raise names an exception.

#include "typing/tree/typed_tree.h"

namespace kjit {

void verify(const typed::Program& program);

}  // namespace kjit
