#pragma once
// NumPy 2's promotion, for operators on arrays: which element types meet in which.
//
// A Python number is weak: it takes the type of the array beside it as far as its own kind (int, float, complex) allows. NumPy's
// scalars (np.float64(x), elements of arrays, results of np functions) count with their type; a bool always does. tests/unit
// compares the tables with a golden one that NumPy wrote.

#include <optional>

#include "typing/promotion.h"
#include "typing/type.h"

namespace kjit {

// An operand: an element type, and whether it is a Python number.
struct NpOperand {
  Kind kind;
  bool weak = false;
};

// What the type of an expression says of it: arrays by their element type.
NpOperand np_operand(const Type& type);

// The type that both are converted to. Defined for all pairs; two weak operands meet as Python numbers do.
Kind np_common(NpOperand a, NpOperand b);

// Operand and result types of an operator. nullopt: NumPy raises TypeError.
std::optional<OperatorTypes> np_operator_types(typed::BinaryOp op, NpOperand a, NpOperand b);

// May the result of an in-place operator, of type `from`, be stored into elements of type `to`? NumPy's casting="same_kind".
bool np_same_kind(Kind from, Kind to);

// The type in which a function of floats computes: narrow integers and bools give F32, where NumPy has float16 for some.
Kind np_float_for(Kind kind);

}  // namespace kjit
