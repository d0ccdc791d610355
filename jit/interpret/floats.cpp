// Floats: binary_float(). Each operation rounds once to the kind; F32 is computed in float throughout, as compiled code does.

#include <bit>
#include <cmath>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

namespace {

using typed::BinaryOp;

// CPython's float_divmod (Objects/floatobject.c), for a divisor that is not zero: the remainder takes the divisor's sign, the
// quotient is the integer nearest to (a - remainder) / b.
template <typename T>
struct DivMod {
  T quotient, remainder;
};

template <typename T>
DivMod<T> divide_floor(T a, T b) {
  T remainder = std::fmod(a, b);
  T quotient = (a - remainder) / b;
  if (remainder == 0) {
    remainder = std::copysign(T(0), b);
  } else if ((b < 0) != (remainder < 0)) {
    remainder += b;
    quotient -= T(1);
  }
  if (quotient == 0) {
    return {std::copysign(T(0), a / b), remainder};
  }
  const T whole = std::floor(quotient);
  return {quotient - whole > T(0.5) ? whole + T(1) : whole, remainder};
}

// The errors of CPython's float_pow; libm's pow agrees with it on every value that is not an error.
template <typename T>
T power(T a, T b, Trap& trap) {
  const std::int64_t bits_a = float_bits(a);
  const std::int64_t bits_b = float_bits(b);
  const bool finite = std::isfinite(a) && std::isfinite(b);
  if (a == 0 && b < 0 && std::isfinite(b)) {
    trap = {KJIT_TRAP_ZeroToNegativePower, {bits_a, bits_b, 0}};
  } else if (a < 0 && finite && b != std::floor(b)) {
    trap = {KJIT_TRAP_NegativeBasePower, {bits_a, bits_b, 0}};
  }
  const T result = std::pow(a, b);
  if (!trap && finite && std::isinf(result)) {
    trap = {KJIT_TRAP_PowerOverflow, {bits_a, bits_b, 0}};
  }
  return result;
}

template <typename T>
T divide(BinaryOp op, T a, T b, Rules rules, Trap& trap) {
  if (b == 0 && !rules.quiet) {
    trap = {op == BinaryOp::Mod ? KJIT_TRAP_FloatModuloByZero : KJIT_TRAP_FloatDivisionByZero, {}};
    return T(0);
  }
  if (op == BinaryOp::TrueDiv) {
    return a / b;
  }
  if (b == 0) {  // NumPy's answers
    return op == BinaryOp::Mod ? std::fmod(a, b) : a / b;
  }
  const DivMod<T> both = divide_floor(a, b);
  return op == BinaryOp::Mod ? both.remainder : both.quotient;
}

template <typename T>
T compute(BinaryOp op, T a, T b, Rules rules, Trap& trap) {
  switch (op) {
    case BinaryOp::Add: return a + b;
    case BinaryOp::Sub: return a - b;
    case BinaryOp::Mul: return a * b;
    case BinaryOp::TrueDiv:
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod: return divide(op, a, b, rules, trap);
    case BinaryOp::Pow: return rules.quiet ? std::pow(a, b) : power(a, b, trap);
    default: KJIT_UNREACHABLE("not an operator of floats");
  }
}

}  // namespace

std::int64_t float_bits(double value) { return std::bit_cast<std::int64_t>(value); }

Value binary_float(BinaryOp op, Kind kind, double lhs, double rhs, Rules rules, Trap& trap) {
  if (kind == Kind::F32) {
    return {static_cast<double>(compute(op, static_cast<float>(lhs), static_cast<float>(rhs), rules, trap))};
  }
  return {compute(op, lhs, rhs, rules, trap)};
}

}  // namespace kjit::interpreter
