// Chooses the family of an operator by the type of its operands: apply_unary(), apply_binary(), apply_compare().

#include "interpret/arithmetic.h"

#include <cmath>
#include <compare>

namespace kjit::interpreter {

namespace {

using typed::BinaryOp;
using typed::CompareOp;
using typed::UnaryOp;

bool is_integer_kind(Kind kind) { return kind >= Kind::I8 && kind <= Kind::U64; }
bool is_float_kind(Kind kind) { return kind == Kind::F32 || kind == Kind::F64; }

Value negate(Kind kind, const Value& operand, Rules rules, Trap& trap) {
  if (is_integer_kind(kind)) {
    return negate_integer(kind, operand, rules, trap);
  }
  if (is_float_kind(kind)) {
    return {-operand.real()};
  }
  const Complex& value = operand.as<Complex>();
  return {Complex(-value.real(), -value.imag())};
}

bool binary_bool(BinaryOp op, bool lhs, bool rhs) {
  switch (op) {
    case BinaryOp::BitAnd: return lhs && rhs;
    case BinaryOp::BitOr: return lhs || rhs;
    case BinaryOp::BitXor: return lhs != rhs;
    default: KJIT_UNREACHABLE("not an operator of bools");
  }
}

// An integer against a float, exactly: by the integer part of the float, and by its fraction where that is equal.
std::partial_ordering compare_exactly(const Value& integer, double real) {
  if (std::isnan(real)) {
    return std::partial_ordering::unordered;
  }
  if (std::fabs(real) >= 0x1p65) {  // beyond every integer
    return real > 0 ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  const double whole = std::trunc(real);
  const __int128 lhs = exact_integer(integer);
  const auto rhs = static_cast<__int128>(whole);
  if (lhs != rhs) {
    return lhs < rhs ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  return 0.0 <=> real - whole;
}

std::partial_ordering reversed(std::partial_ordering order) { return 0 <=> order; }

bool is_integer(const Value& value) {
  return std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<std::uint64_t>(value.data);
}

std::partial_ordering order_of(const Value& lhs, const Value& rhs) {
  if (is_integer(lhs) && is_integer(rhs)) {
    const __int128 a = exact_integer(lhs);
    const __int128 b = exact_integer(rhs);
    return a < b ? std::partial_ordering::less : a > b ? std::partial_ordering::greater : std::partial_ordering::equivalent;
  }
  if (is_integer(lhs)) {
    return compare_exactly(lhs, rhs.real());
  }
  if (is_integer(rhs)) {
    return reversed(compare_exactly(rhs, lhs.real()));
  }
  if (const auto* text = std::get_if<Text>(&lhs.data)) {
    return **text <=> rhs.text();  // the order of UTF-8 bytes is the order of code points
  }
  if (const auto* flag = std::get_if<bool>(&lhs.data)) {
    return *flag <=> rhs.boolean();
  }
  if (const auto* complex = std::get_if<Complex>(&lhs.data)) {
    return *complex == rhs.as<Complex>() ? std::partial_ordering::equivalent : std::partial_ordering::unordered;
  }
  return lhs.real() <=> rhs.real();
}

}  // namespace

Value constant_value(const typed::Constant& constant) {
  if (const auto* text = std::get_if<std::string>(&constant.value)) {
    return make_text(*text);
  }
  Value value;
  std::visit(
      [&](const auto& alternative) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(alternative)>, std::string>) {
          value.data = alternative;
        }
      },
      constant.value);
  return value;
}

Value apply_unary(UnaryOp op, Kind kind, const Value& operand, Rules rules, Trap& trap) {
  switch (op) {
    case UnaryOp::Negate: return negate(kind, operand, rules, trap);
    case UnaryOp::Invert: return invert_integer(kind, operand);
    case UnaryOp::Not: return {!operand.boolean()};
  }
  KJIT_UNREACHABLE("no such operator");
}

Value apply_binary(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Rules rules, Trap& trap) {
  if (rules.numpy) {
    return numpy_binary(op, kind, lhs, rhs, trap);
  }
  if (is_integer_kind(kind)) {
    return binary_integer(op, kind, lhs, rhs, rules, trap);
  }
  if (is_float_kind(kind)) {
    return binary_float(op, kind, lhs.real(), rhs.real(), rules, trap);
  }
  switch (kind) {
    case Kind::Bool: return {binary_bool(op, lhs.boolean(), rhs.boolean())};
    case Kind::Str: return make_text(lhs.text() + rhs.text());
    case Kind::C64:
    case Kind::C128: return binary_complex(op, kind, lhs.as<Complex>(), rhs.as<Complex>(), trap);
    default: KJIT_UNREACHABLE("not a type with operators");
  }
}

bool apply_compare(CompareOp op, const Value& lhs, const Value& rhs) {
  const std::partial_ordering order = order_of(lhs, rhs);
  switch (op) {
    case CompareOp::Eq: return order == 0;
    case CompareOp::Ne: return order != 0;
    case CompareOp::Lt: return order < 0;
    case CompareOp::Le: return order <= 0;
    case CompareOp::Gt: return order > 0;
    case CompareOp::Ge: return order >= 0;
  }
  KJIT_UNREACHABLE("no such operator");
}

}  // namespace kjit::interpreter
