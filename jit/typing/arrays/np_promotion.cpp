// NumPy 2's promotion; see np_promotion.h.

#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

bool is_integer(Kind kind) { return Type(kind).is_integer(); }
bool is_inexact(Kind kind) { return Type(kind).is_float() || Type(kind).is_complex(); }

Kind strong_common(Kind a, Kind b) {
  if (a == Kind::Bool && b == Kind::Bool) return Kind::Bool;
  return promote(a, b).value_or(Kind::F64);  // int64 with uint64
}

// 0 bool, 1 unsigned, 2 signed, 3 float, 4 complex.
int rank_of(Kind kind) {
  if (kind == Kind::Bool) return 0;
  if (Type(kind).is_unsigned()) return 1;
  if (is_integer(kind)) return 2;
  return Type(kind).is_float() ? 3 : 4;
}

Kind complex_for(Kind kind) {
  if (Type(kind).is_complex()) return kind;
  return kind == Kind::F32 ? Kind::C64 : Kind::C128;
}

Kind with_weak(Kind strong, Kind weak) {
  if (Type(weak).is_complex()) return complex_for(strong);
  if (Type(weak).is_float()) return is_inexact(strong) ? strong : Kind::F64;
  return strong == Kind::Bool ? Kind::I64 : strong;
}

}  // namespace

NpOperand np_operand(const Type& type) {
  if (type.is_array()) return {type.dtype(), false};
  const bool python = type.is(Kind::I64) || type.is(Kind::F64) || type.is(Kind::C128);
  return {type.kind(), python && !type.is_numpy_scalar()};
}

Kind np_common(NpOperand a, NpOperand b) {
  if (a.weak == b.weak) return strong_common(a.kind, b.kind);
  return a.weak ? with_weak(b.kind, a.kind) : with_weak(a.kind, b.kind);
}

std::optional<OperatorTypes> np_operator_types(typed::BinaryOp op, NpOperand a, NpOperand b) {
  using enum typed::BinaryOp;
  const Kind common = np_common(a, b);
  const bool bitwise = op == BitAnd || op == BitOr || op == BitXor;
  const bool shift = op == Shl || op == Shr;
  if (common == Kind::Bool) {
    if (op == Sub) return std::nullopt;
    if (op == TrueDiv) return OperatorTypes{Kind::I64, Kind::F64};
    const bool logical = bitwise || op == Add || op == Mul;
    return logical ? OperatorTypes{Kind::Bool, Kind::Bool} : OperatorTypes{Kind::I8, Kind::I8};
  }
  if ((bitwise || shift) && is_inexact(common)) return std::nullopt;
  if ((op == FloorDiv || op == Mod) && Type(common).is_complex()) return std::nullopt;
  if (op == TrueDiv && is_integer(common)) {
    return OperatorTypes{Type(common).is_unsigned() ? Kind::U64 : Kind::I64, Kind::F64};
  }
  return OperatorTypes{common, common};
}

bool np_same_kind(Kind from, Kind to) { return rank_of(from) <= rank_of(to); }

Kind np_float_for(Kind kind) {
  if (is_inexact(kind)) return kind;
  return kind == Kind::Bool || bit_width(kind) <= 16 ? Kind::F32 : Kind::F64;
}

}  // namespace kjit
