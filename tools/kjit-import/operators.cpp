// Operators, with C's arithmetic: results that do not fit are wrapped where the interval of the operands does not rule it out.

#include <fmt/format.h>

#include <algorithm>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

constexpr Scalar kU64{Rep::U64, 64, false};

std::string_view symbol(BinaryOperatorKind op) { return BinaryOperator::getOpcodeStr(op).data(); }

}  // namespace

Prec precedence(BinaryOperatorKind op) {
  switch (op) {
    case BO_Add:
    case BO_Sub: return Prec::Sum;
    case BO_Mul:
    case BO_Div:
    case BO_Rem: return Prec::Product;
    case BO_Shl:
    case BO_Shr: return Prec::Shift;
    case BO_And: return Prec::BitAnd;
    case BO_Xor: return Prec::BitXor;
    case BO_Or: return Prec::BitOr;
    default: return Prec::Compare;
  }
}

namespace {

Range bits_range(BinaryOperatorKind op, const Range& a, const Range& b, const Scalar& scalar) {
  if (op == BO_And && (a.is_nonnegative() || b.is_nonnegative())) {
    return {0, a.is_nonnegative() && b.is_nonnegative() ? std::min(a.hi, b.hi) : a.is_nonnegative() ? a.hi : b.hi};
  }
  if (op == BO_Shr && a.is_nonnegative()) return {0, a.hi};
  return scalar.range();
}

// Beside a float in arithmetic an int is converted by itself, to the same double. (A comparison is exact in Python, so it keeps
// the call.)
Value without_float_call(const Value& value, const Value& other) {
  return value.before && other.rep == Rep::F64 && !other.before ? *value.before : value;
}

}  // namespace

Value FunctionTranslator::wrapped(Value value, const Scalar& scalar) {
  if (value.rep != Rep::Int) return value;
  if (scalar.range().contains(value.range)) return value;
  if (scalar.bits == 64) {  // it wraps by itself
    value.range = signed_range(64);
    return value;
  }
  if (!scalar.is_signed) {
    const std::int64_t mask = (std::int64_t{1} << scalar.bits) - 1;
    Value text = atom(fmt::format("{:#x}", mask), Rep::Int, {mask, mask});
    return infix(value, "&", text, Prec::BitAnd, Rep::Int, scalar.range());
  }
  const Helper helper = scalar.bits == 32 ? Helper::WrapI32 : scalar.bits == 16 ? Helper::WrapI16 : Helper::WrapI8;
  return kjit::import::call(unit_.use(helper), value, Rep::Int, scalar.range());
}

namespace {

Value float_call(const Value& value) {
  Value result = call("float", value, Rep::F64);
  if (value.rep == Rep::Int || value.rep == Rep::U64) result.before = std::make_shared<const Value>(value);
  return result;
}

}  // namespace

Value FunctionTranslator::converted(Value value, const Scalar& to) {
  switch (to.rep) {
    case Rep::Bool: return as_bool(value);
    case Rep::Int:
      if (value.rep == Rep::Bool) return kjit::import::call("int", value, Rep::Int, {0, 1});
      if (value.rep == Rep::U64 && value.is_literal && value.range.hi < (static_cast<__int128>(1) << 63)) {
        return converted(integer(static_cast<std::int64_t>(value.range.lo)), to);
      }
      if (value.rep == Rep::U64 && !to.is_signed) {
        const std::int64_t mask = (std::int64_t{1} << to.bits) - 1;
        const Value low = infix(value, "&", atom(fmt::format("{:#x}", mask), Rep::U64), Prec::BitAnd, Rep::U64);
        return kjit::import::call("i64", low, Rep::Int, to.range());
      }
      if (value.rep == Rep::U64)
        value = kjit::import::call("i64", value, Rep::Int, signed_range(64));  // int() of a u64 stays one
      if (value.rep == Rep::F64 || value.rep == Rep::F32) return kjit::import::call("int", value, Rep::Int, to.range());
      if (in_subscript_ && to.is_signed && to.bits >= 32) return value;
      return wrapped(std::move(value), to);
    case Rep::U64:
      if (value.rep == Rep::U64) return value;
      if (value.rep == Rep::Int && value.is_literal) return unsigned_integer(static_cast<std::uint64_t>(value.range.lo));
      if (value.rep == Rep::Bool) value = kjit::import::call("int", value, Rep::Int, {0, 1});
      return kjit::import::call("u64", value, Rep::U64);
    case Rep::F64:
      if (value.rep == Rep::F64) return value;
      if (value.rep == Rep::Int && value.is_literal && value.text.find_first_not_of("-0123456789") == std::string::npos) {
        return {value.text + ".0", value.prec, Rep::F64, {}, true};
      }
      return float_call(value);
    case Rep::F32: return value.rep == Rep::F32 ? value : kjit::import::call("f32", value, Rep::F32);
    case Rep::None: break;
  }
  return value;
}

Value FunctionTranslator::unary(const UnaryOperator& op) {
  if (op.isIncrementDecrementOp()) return side_effect_value(op);
  if (op.getOpcode() == UO_Deref) return load(pointer(op.getSubExpr()), op.getExprLoc());
  if (op.getOpcode() == UO_LNot) {
    const Value value = condition(op.getSubExpr());
    return {"not " + operand(value, Prec::Not), Prec::Not, Rep::Bool, {}, false};
  }
  const auto scalar = scalar_of(op.getType(), context_);
  if (!scalar || (op.getOpcode() != UO_Minus && op.getOpcode() != UO_Plus && op.getOpcode() != UO_Not)) {
    refuse(op.getExprLoc(), fmt::format("the operator '{}' here", UnaryOperator::getOpcodeStr(op.getOpcode()).str()));
  }
  const Value value = converted(expression(op.getSubExpr()), *scalar);
  if (op.getOpcode() == UO_Plus) return value;
  if (op.getOpcode() == UO_Not && scalar->rep == Rep::Int && !scalar->is_signed) {
    return infix(value, "^", atom(fmt::format("{:#x}", static_cast<std::int64_t>(scalar->range().hi)), Rep::Int), Prec::BitXor,
                 Rep::Int, scalar->range());
  }
  const Range range = op.getOpcode() == UO_Minus ? Range{-value.range.hi, -value.range.lo} : scalar->range();
  const char* sign = op.getOpcode() == UO_Minus ? "-" : "~";
  Value result{sign + operand(value, Prec::Unary, true), Prec::Unary, scalar->rep, range,
               value.is_literal && scalar->rep != Rep::U64 && op.getOpcode() == UO_Minus};
  return in_subscript_ || scalar->rep != Rep::Int ? result : wrapped(std::move(result), *scalar);
}

Value FunctionTranslator::binary(const BinaryOperator& op) {
  if (op.isAssignmentOp()) return side_effect_value(op);
  if (op.isLogicalOp()) return logical(op);
  if (op.getOpcode() == BO_Comma) {
    expression_statement(*op.getLHS());
    return expression(op.getRHS());
  }
  const bool pointers = op.getLHS()->getType()->isPointerType() && op.getRHS()->getType()->isPointerType();
  if (pointers) {
    const Place lhs = pointer(op.getLHS()), rhs = pointer(op.getRHS());
    if (lhs.window || rhs.window || lhs.base != rhs.base || lhs.indices.size() != rhs.indices.size())
      refuse(op.getExprLoc(), "pointers into different arrays compared");
    if (op.isComparisonOp()) return compare(op.getOpcode(), lhs.indices.back(), rhs.indices.back());
    return infix(lhs.indices.back(), "-", rhs.indices.back(), Prec::Sum, Rep::Int);
  }
  const bool adds = op.isAdditiveOp() || op.getOpcode() == BO_Mul || op.getOpcode() == BO_Shl || op.getOpcode() == BO_And;
  const Setting mode(in_subscript_, in_subscript_ && adds);
  const Value lhs = expression(op.getLHS()), rhs = expression(op.getRHS());
  if (op.isComparisonOp()) return compare(op.getOpcode(), lhs, rhs);
  return arithmetic(op.getOpcode(), lhs, rhs, op.getType(), op.getOperatorLoc());
}

Value FunctionTranslator::compare(BinaryOperatorKind op, const Value& lhs, const Value& rhs) {
  // In C a comparison is an int; two of them compare as they are, one against an int does not.
  const auto plain = [](const Value& value, const Value& other) {
    return value.rep == Rep::Bool && other.rep != Rep::Bool ? kjit::import::call("int", value, Rep::Int, {0, 1}) : value;
  };
  const Value left = plain(lhs, rhs), right = plain(rhs, lhs);
  return infix(beside(left, right), symbol(op), beside(right, left), Prec::Compare, Rep::Bool);
}

Value FunctionTranslator::arithmetic(BinaryOperatorKind op, Value lhs, Value rhs, QualType type, SourceLocation where) {
  const auto scalar = scalar_of(type, context_);
  if (!scalar) refuse(where, fmt::format("arithmetic of type '{}'", type.getAsString()));
  if (op == BO_Shl || op == BO_Shr) return shift(op == BO_Shl, converted(std::move(lhs), *scalar), rhs, *scalar);
  lhs = converted(std::move(lhs), *scalar);
  rhs = converted(std::move(rhs), *scalar);
  if (scalar->rep == Rep::F64 || scalar->rep == Rep::F32) return float_arithmetic(op, lhs, rhs, scalar->rep, where);
  return int_arithmetic(op, lhs, rhs, *scalar);
}

Value FunctionTranslator::float_arithmetic(BinaryOperatorKind op, const Value& lhs, const Value& rhs, Rep rep,
                                           SourceLocation where) {
  if (op != BO_Add && op != BO_Sub && op != BO_Mul && op != BO_Div) refuse(where, "this operator on floats");
  const Value left = without_float_call(lhs, rhs), right = left.rep == rep ? without_float_call(rhs, left) : rhs;
  return infix(left, symbol(op), right, precedence(op), rep);
}

Value FunctionTranslator::int_arithmetic(BinaryOperatorKind op, const Value& lhs, const Value& rhs, const Scalar& scalar) {
  if (op == BO_Div || op == BO_Rem) return divide(op == BO_Rem, lhs, rhs, scalar);
  if (scalar.rep == Rep::U64) return infix(beside(lhs, rhs), symbol(op), beside(rhs, lhs), precedence(op), Rep::U64);
  Range range;
  switch (op) {
    case BO_Add: range = lhs.range + rhs.range; break;
    case BO_Sub: range = lhs.range - rhs.range; break;
    case BO_Mul: range = lhs.range * rhs.range; break;
    default: range = bits_range(op, lhs.range, rhs.range, scalar);
  }
  Value result = infix(lhs, symbol(op), rhs, precedence(op), Rep::Int, range);
  if (in_subscript_ && scalar.is_signed) return result;
  return wrapped(std::move(result), scalar);
}

// C truncates. Of numbers that are not negative Python's // and % are the same.
Value FunctionTranslator::divide(bool remainder, const Value& lhs, const Value& rhs, const Scalar& scalar) {
  if (lhs.is_literal && rhs.is_literal && scalar.rep == Rep::U64 && rhs.range.lo != 0) {  // sizeof table / sizeof table[0]
    const auto a = static_cast<std::uint64_t>(lhs.range.lo), b = static_cast<std::uint64_t>(rhs.range.lo);
    return unsigned_integer(remainder ? a % b : a / b);
  }
  const bool same = scalar.rep == Rep::U64 || (lhs.range.is_nonnegative() && rhs.range.is_nonnegative());
  if (same) {
    const Range range = remainder ? Range{0, std::max<__int128>(rhs.range.hi - 1, 0)} : Range{0, lhs.range.hi};
    return infix(beside(lhs, rhs), remainder ? "%" : "//", beside(rhs, lhs), Prec::Product, scalar.rep, range);
  }
  const std::string helper = unit_.use(remainder ? Helper::Rem : Helper::Div);
  Value result{fmt::format("{}({}, {})", helper, lhs.text, rhs.text), Prec::Atom, scalar.rep, scalar.range(), false};
  const bool may_overflow = !remainder && rhs.range.lo <= -1 && rhs.range.hi >= -1;  // INT_MIN / -1
  if (may_overflow && scalar.bits < 64) result.range.hi += 1;
  return wrapped(std::move(result), scalar);
}

Value FunctionTranslator::shift(bool left, const Value& lhs, const Value& rhs, const Scalar& scalar) {
  const Value count = scalar.rep == Rep::U64 ? converted(rhs, kU64) : converted(rhs, Scalar{Rep::Int, 64, true});
  if (!left)
    return infix(lhs, ">>", beside(count, lhs), Prec::Shift, scalar.rep, bits_range(BO_Shr, lhs.range, count.range, scalar));
  const bool known = rhs.is_literal && rhs.rep == Rep::Int && rhs.range.lo >= 0 && rhs.range.lo < 32;
  const Range wide = known ? lhs.range * Range{static_cast<__int128>(1) << rhs.range.lo, static_cast<__int128>(1) << rhs.range.lo}
                           : signed_range(100);
  Value result = infix(lhs, "<<", beside(count, lhs), Prec::Shift, scalar.rep, wide);
  return scalar.rep == Rep::U64 ? result : wrapped(std::move(result), scalar);
}

}  // namespace kjit::import
