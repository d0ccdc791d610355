// Integers: binary_integer() and the unary operators. Every operation is done exactly in a wider type and then reduced to the
// width, which is what wrapping means and what tells an overflow.

#include <bit>
#include <cmath>
#include <limits>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

namespace {

using typed::BinaryOp;
using Wide = __int128;
using WideUnsigned = unsigned __int128;

bool is_unsigned_kind(Kind kind) { return kind >= Kind::U8; }

// The low `bits` of a value, as a number of the kind: what is left of the exact result after wrapping.
Value from_low_bits(Kind kind, std::uint64_t low) {
  const int unused = 64 - bit_width(kind);
  if (is_unsigned_kind(kind)) {
    return {(low << unused) >> unused};
  }
  return {static_cast<std::int64_t>(low << unused) >> unused};
}

std::int64_t as_word(const Value& value) { return static_cast<std::int64_t>(exact_integer(value)); }

// Delivers a result of the exact value `low` mod 2**64, of which `lost` says whether it is out of the range of the kind.
Value deliver(Kind kind, std::uint64_t low, bool lost, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  if (lost && rules.checked) {
    trap = {KJIT_TRAP_IntegerOverflow, {as_word(lhs), as_word(rhs), bit_width(kind)}};
  }
  return from_low_bits(kind, low);
}

Value deliver(Kind kind, Wide exact, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  bool lost = false;
  const Value value = narrow(kind, exact, &lost);
  return deliver(kind, static_cast<std::uint64_t>(as_word(value)), lost, lhs, rhs, rules, trap);
}

// A product of two 64-bit factors, wrapped. The magnitudes of both are at most 2**64 - 1, so their product fits 128 bits without
// a sign.
Value multiply(Kind kind, const Value& lhs, const Value& rhs, bool& lost) {
  const Wide a = exact_integer(lhs);
  const Wide b = exact_integer(rhs);
  const bool negative = (a < 0) != (b < 0);
  const auto magnitude = static_cast<WideUnsigned>(a < 0 ? -a : a) * static_cast<WideUnsigned>(b < 0 ? -b : b);
  const auto low = static_cast<std::uint64_t>(negative ? -magnitude : magnitude);
  const Value value = from_low_bits(kind, low);
  const Wide kept = exact_integer(value);
  const auto kept_magnitude = static_cast<WideUnsigned>(kept < 0 ? -kept : kept);
  lost = lost || kept_magnitude != magnitude || (kept < 0) != (negative && magnitude != 0);
  return value;
}

// By squaring. A square is formed only if it will be a factor of the result, so a lost square means a lost result.
Value power(Kind kind, const Value& base, std::uint64_t exponent, bool& lost) {
  Value result = from_low_bits(kind, 1);
  Value square = base;
  while (true) {
    if (exponent & 1) {
      result = multiply(kind, result, square, lost);
    }
    exponent >>= 1;
    if (exponent == 0) {
      return result;
    }
    square = multiply(kind, square, square, lost);
  }
}

Value checked_power(Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  if (exact_integer(rhs) < 0) {
    trap = {KJIT_TRAP_NegativeIntegerExponent, {as_word(lhs), as_word(rhs), 0}};
    return {};
  }
  bool lost = false;
  const Value value = power(kind, lhs, static_cast<std::uint64_t>(exact_integer(rhs)), lost);
  return deliver(kind, static_cast<std::uint64_t>(as_word(value)), lost, lhs, rhs, rules, trap);
}

// Rounds towards minus infinity; the remainder has the divisor's sign.
Wide floor_quotient(Wide a, Wide b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }
Wide floor_remainder(Wide a, Wide b) { return a - floor_quotient(a, b) * b; }

Value divide(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  const Wide a = exact_integer(lhs);
  const Wide b = exact_integer(rhs);
  if (b == 0) {
    trap = {KJIT_TRAP_IntDivisionByZero, {as_word(lhs), 0, 0}};
    return {};
  }
  return deliver(kind, op == BinaryOp::FloorDiv ? floor_quotient(a, b) : floor_remainder(a, b), lhs, rhs, rules, trap);
}

// a / b with the one rounding of IEEE: the quotient of a scaled up to 128 bits has at least 64 of them, which leaves more than
// the 53 of a double and one that stands for everything below (sticky).
double exact_quotient(std::uint64_t a, std::uint64_t b) {
  if (a == 0) {
    return 0.0;
  }
  const int shift = 64 + std::countl_zero(a);
  const WideUnsigned scaled = static_cast<WideUnsigned>(a) << shift;
  const WideUnsigned quotient = (scaled / b) | (scaled % b != 0 ? 1 : 0);
  return std::ldexp(static_cast<double>(quotient), -shift);
}

std::uint64_t magnitude(Wide value) { return static_cast<std::uint64_t>(value < 0 ? -value : value); }

Value true_divide(const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  const Wide a = exact_integer(lhs);
  const Wide b = exact_integer(rhs);
  if (b == 0 && !rules.quiet) {
    trap = {KJIT_TRAP_IntDivisionByZero, {as_word(lhs), 0, 0}};
    return {};
  }
  if (b == 0) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {a == 0 ? nan : std::copysign(std::numeric_limits<double>::infinity(), static_cast<double>(a))};
  }
  const double quotient = exact_quotient(magnitude(a), magnitude(b));
  return {(a < 0) != (b < 0) ? -quotient : quotient};  // 0 / -3 is -0.0
}

Value shift(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  const Wide a = exact_integer(lhs);
  const Wide count = exact_integer(rhs);
  if (count < 0) {
    trap = {KJIT_TRAP_NegativeShift, {as_word(rhs), 0, 0}};
    return {};
  }
  const bool all_out = count >= bit_width(kind);
  if (op == BinaryOp::Shr) {
    return narrow(kind, all_out ? (a < 0 ? -1 : 0) : a >> static_cast<int>(count), nullptr);
  }
  if (all_out) {
    return deliver(kind, 0, a != 0, lhs, rhs, rules, trap);
  }
  // |a| <= 2**64 and count <= 63: the product is below 2**127.
  return deliver(kind, a * (static_cast<Wide>(1) << static_cast<int>(count)), lhs, rhs, rules, trap);
}

Value product(Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  bool lost = false;
  const Value value = multiply(kind, lhs, rhs, lost);
  return deliver(kind, static_cast<std::uint64_t>(as_word(value)), lost, lhs, rhs, rules, trap);
}

}  // namespace

__int128 exact_integer(const Value& value) {
  const auto* negative_too = std::get_if<std::int64_t>(&value.data);
  return negative_too ? static_cast<Wide>(*negative_too) : static_cast<Wide>(value.as<std::uint64_t>());
}

Value narrow(Kind kind, __int128 exact, bool* changed) {
  const Value value = from_low_bits(kind, static_cast<std::uint64_t>(exact));
  if (changed) {
    *changed = exact_integer(value) != exact;
  }
  return value;
}

Value negate_integer(Kind kind, const Value& operand, Rules rules, Trap& trap) {
  return deliver(kind, -exact_integer(operand), from_low_bits(kind, 0), operand, rules, trap);
}

Value invert_integer(Kind kind, const Value& operand) { return narrow(kind, ~exact_integer(operand), nullptr); }

Value absolute_integer(Kind kind, const Value& operand, Rules rules, Trap& trap) {
  const Wide value = exact_integer(operand);
  return deliver(kind, value < 0 ? -value : value, operand, from_low_bits(kind, 0), rules, trap);
}

Value binary_integer(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  const Wide a = exact_integer(lhs);
  const Wide b = exact_integer(rhs);
  switch (op) {
    case BinaryOp::Add: return deliver(kind, a + b, lhs, rhs, rules, trap);
    case BinaryOp::Sub: return deliver(kind, a - b, lhs, rhs, rules, trap);
    case BinaryOp::Mul: return product(kind, lhs, rhs, rules, trap);
    case BinaryOp::TrueDiv: return true_divide(lhs, rhs, rules, trap);
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod: return divide(op, kind, lhs, rhs, rules, trap);
    case BinaryOp::Pow: return checked_power(kind, lhs, rhs, rules, trap);
    case BinaryOp::Shl:
    case BinaryOp::Shr: return shift(op, kind, lhs, rhs, rules, trap);
    case BinaryOp::BitAnd: return narrow(kind, a & b, nullptr);
    case BinaryOp::BitOr: return narrow(kind, a | b, nullptr);
    case BinaryOp::BitXor: return narrow(kind, a ^ b, nullptr);
  }
  KJIT_UNREACHABLE("no such operator");
}

}  // namespace kjit::interpreter
