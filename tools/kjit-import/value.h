#pragma once
// Kernel-language expressions as text with what must be known to combine them: precedence, representation, and the interval of
// integers.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kjit::import {

// Python's precedences, lowest first.
enum class Prec { Conditional, Or, And, Not, Compare, BitOr, BitXor, BitAnd, Shift, Sum, Product, Unary, Power, Atom };

// How a C scalar stands in a kernel.
//   Int: a Python int that holds the C value; types of up to 32 bits are wrapped where C wraps them, 64-bit signed ones wrap by
//   themselves. U64: the kernel type u64.   F32, F64: floats.   Bool: what comparisons give (in C an int of 0 or 1).
enum class Rep { None, Bool, Int, U64, F32, F64 };

// All values that an Int may have; wide enough for the product of two 64-bit numbers.
struct Range {
  __int128 lo = 0, hi = 0;

  bool contains(const Range& other) const { return lo <= other.lo && other.hi <= hi; }
  bool is_nonnegative() const { return lo >= 0; }
};
Range signed_range(int bits);
Range unsigned_range(int bits);
Range operator+(const Range& a, const Range& b);
Range operator-(const Range& a, const Range& b);
Range operator*(const Range& a, const Range& b);
Range join(const Range& a, const Range& b);

struct Value {
  std::string text;
  Prec prec = Prec::Atom;
  Rep rep = Rep::Int;
  Range range;                                    // Int only
  bool is_literal = false;                        // a number as written in the source
  std::shared_ptr<const Value> before = nullptr;  // float(x): x;  u64(5): 5
};

Value atom(std::string text, Rep rep, Range range = signed_range(64));
Value integer(std::int64_t value);
// U64: `u64(5)`, which is just 5 beside another u64.
Value unsigned_integer(std::uint64_t value);
// `value`, or the plain literal if `other` makes it a u64.
const Value& beside(const Value& value, const Value& other);
// F64 or F32: the shortest text that reads back as the same number.
Value float_constant(double value, Rep rep);
// Text of an operand of an operator with this precedence; `right` operands of equal precedence get parentheses.
std::string operand(const Value& value, Prec prec, bool right = false);
// lhs op rhs
Value infix(const Value& lhs, std::string_view op, const Value& rhs, Prec prec, Rep rep, Range range = signed_range(64));
Value call(std::string_view function, const Value& argument, Rep rep, Range range = signed_range(64));

}  // namespace kjit::import
