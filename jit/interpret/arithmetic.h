#pragma once
// Operators on values: the definitions of Binary, Unary, Compare and Convert in typing/tree/typed_tree.h, without evaluation.
//
// A function that can fail sets `trap` and returns an empty value; the caller records it. integers.cpp, floats.cpp and
// complex.cpp hold the rules of one family each, arithmetic.cpp chooses between them.

#include <cstdint>

#include "interpret/value.h"
#include "typing/tree/typed_tree.h"

namespace kjit::interpreter {

// What a trap of runtime/traps.def would report.
struct Trap {
  std::int32_t code = -1;  // kjit_trap_code; -1: no error
  std::int64_t values[3] = {0, 0, 0};

  explicit operator bool() const { return code >= 0; }
};

// How arithmetic treats results that are not numbers of the type.
struct Rules {
  bool checked = false;  // integer overflow and narrowing conversions trap instead of wrapping
  bool numpy = false;    // the body of an array loop: nothing traps (typed::ArrayLoop)
  bool quiet = false;    // float division by zero and float powers never trap (error_model numpy)
};

Value constant_value(const typed::Constant& constant);
Value apply_unary(typed::UnaryOp op, Kind kind, const Value& operand, Rules rules, Trap& trap);
Value apply_binary(typed::BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap);
bool apply_compare(typed::CompareOp op, const Value& lhs, const Value& rhs);
Value convert(const Type& from, const Type& to, const Value& value, Rules rules, Trap& trap);

// In the body of an array loop.
Value numpy_binary(typed::BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Trap& trap);
Value numpy_float_to_integer(Kind to, double value);

// Families. `kind` is the type of both operands.
Value negate_integer(Kind kind, const Value& operand, Rules rules, Trap& trap);
Value invert_integer(Kind kind, const Value& operand);
Value absolute_integer(Kind kind, const Value& operand, Rules rules, Trap& trap);
Value binary_integer(typed::BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap);
Value binary_float(typed::BinaryOp op, Kind kind, double lhs, double rhs, Rules rules, Trap& trap);
Value binary_complex(typed::BinaryOp op, Kind kind, const Complex& lhs, const Complex& rhs, Trap& trap);

// The integer reduced modulo 2**width to the range of the kind. `changed` tells whether that lost anything; it may be null.
Value narrow(Kind kind, __int128 exact, bool* changed);
// The number of an integer value.
__int128 exact_integer(const Value& value);

// The bits of a double, as traps report floats.
std::int64_t float_bits(double value);

}  // namespace kjit::interpreter
