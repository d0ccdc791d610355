#pragma once
// The promotion table: which type two operands meet in, and which type a variable has that is assigned twice.
//
// Mixed widths follow NumPy's result_type for dtypes (docs/language.md has the table). Two combinations have no common type on
// purpose: i64 with u64 (NumPy silently takes float64), and bool with numbers when a *variable* would have to be both.

#include <optional>

#include "syntax/ast.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

// The common kind of two scalar kinds in arithmetic; bool takes the other's kind, two bools meet in I64. nullopt: signed with
// U64.
std::optional<Kind> promote(Kind a, Kind b);

// The type of a variable, a result or a conditional expression that is `a` on one path and `b` on another. Unknown joins with
// everything. nullopt: they have no common type.
std::optional<Type> join(const Type& a, const Type& b);

// The types of an arithmetic operator on scalar kinds: both operands are converted to `operand`, the result has type `result`.
// nullopt: signed with U64, or an operator that these kinds do not have (shift of floats, floor division of complex).
struct OperatorTypes {
  Kind operand;
  Kind result;
};
std::optional<OperatorTypes> operator_types(typed::BinaryOp op, Kind a, Kind b);

// True if a value of kind `from` may be stored into an array element of kind `to` (complex into real may not).
bool storable(Kind from, Kind to);

// The largest integer width that `kind` holds without rounding: used for exact comparison.
bool converts_exactly(Kind integer, Kind floating);

const char* spelling(typed::BinaryOp op);
const char* spelling(typed::CompareOp op);

// The type in which values of two scalar types meet; none if there is no such type.
std::optional<Type> numeric_join(const Type& a, const Type& b);

}  // namespace kjit
