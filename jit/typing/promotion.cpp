// Promotion and joins; see promotion.h.

#include "typing/promotion.h"

#include <algorithm>

namespace kjit {

namespace {

bool is_signed(Kind kind) { return kind >= Kind::I8 && kind <= Kind::I64; }
bool is_unsigned(Kind kind) { return kind >= Kind::U8 && kind <= Kind::U64; }
bool is_integer(Kind kind) { return is_signed(kind) || is_unsigned(kind); }
bool is_float(Kind kind) { return kind == Kind::F32 || kind == Kind::F64; }
bool is_complex(Kind kind) { return kind == Kind::C64 || kind == Kind::C128; }

Kind signed_of_width(int bits) {
  switch (bits) {
    case 8: return Kind::I8;
    case 16: return Kind::I16;
    case 32: return Kind::I32;
    default: return Kind::I64;
  }
}

std::optional<Kind> promote_integers(Kind a, Kind b) {
  if (is_signed(a) == is_signed(b)) return bit_width(a) >= bit_width(b) ? a : b;
  Kind with_sign = is_signed(a) ? a : b;
  Kind without = is_signed(a) ? b : a;
  if (bit_width(without) == 64) return std::nullopt;
  return signed_of_width(std::max(bit_width(with_sign), 2 * bit_width(without)));
}

// f32 holds 16-bit integers exactly; NumPy takes f64 for wider ones.
Kind float_for(Kind kind) {
  if (is_float(kind)) return kind;
  if (is_complex(kind)) return real_part_kind(kind);
  return kind == Kind::Bool || bit_width(kind) <= 16 ? Kind::F32 : Kind::F64;
}

Kind wider_float(Kind a, Kind b) { return a == Kind::F64 || b == Kind::F64 ? Kind::F64 : Kind::F32; }

}  // namespace

std::optional<Kind> promote(Kind a, Kind b) {
  if (is_complex(a) || is_complex(b)) {
    return wider_float(float_for(a), float_for(b)) == Kind::F64 ? Kind::C128 : Kind::C64;
  }
  if (is_float(a) || is_float(b)) return wider_float(float_for(a), float_for(b));
  if (a == Kind::Bool && b == Kind::Bool) return Kind::I64;
  if (a == Kind::Bool) return b;
  if (b == Kind::Bool) return a;
  return promote_integers(a, b);
}

namespace {

std::optional<Type> join_elements(const Type& a, const Type& b) {
  if (a.elements().size() != b.elements().size()) return std::nullopt;
  std::vector<Type> joined;
  for (std::size_t i = 0; i < a.elements().size(); ++i) {
    std::optional<Type> element = join(a.elements()[i], b.elements()[i]);
    if (!element) return std::nullopt;
    joined.push_back(*element);
  }
  return Type::tuple(std::move(joined));
}

}  // namespace

std::optional<Type> join(const Type& a, const Type& b) {
  if (a.is_unknown()) return b;
  const bool numpy = a.is_numpy_scalar() || b.is_numpy_scalar();
  if (b.is_unknown() || a == b) return numpy && a.is_scalar() ? a.as_numpy() : a;
  if (a.is_number() && b.is_number()) {
    std::optional<Kind> kind = promote(a.kind(), b.kind());
    if (!kind) return std::nullopt;
    return numpy ? Type(*kind).as_numpy() : Type(*kind);
  }
  if (a.is_tuple() && b.is_tuple()) return join_elements(a, b);
  if (a.is_array() && b.is_array() && a.dtype() == b.dtype() && a.rank() == b.rank()) {
    return Type::array(a.dtype(), a.rank(), Layout::Strided);
  }
  return std::nullopt;
}

std::optional<OperatorTypes> operator_types(typed::BinaryOp op, Kind a, Kind b) {
  using enum typed::BinaryOp;
  bool bitwise = op == BitAnd || op == BitOr || op == BitXor;
  if (bitwise && a == Kind::Bool && b == Kind::Bool) return OperatorTypes{Kind::Bool, Kind::Bool};
  std::optional<Kind> common = promote(a, b);
  if (!common) return std::nullopt;
  bool integral = is_integer(*common);
  if ((bitwise || op == Shl || op == Shr) && !integral) return std::nullopt;
  if ((op == FloorDiv || op == Mod) && is_complex(*common)) return std::nullopt;
  if (op == TrueDiv && integral) {
    Kind operand = is_unsigned(*common) ? Kind::U64 : Kind::I64;
    return OperatorTypes{operand, Kind::F64};
  }
  return OperatorTypes{*common, *common};
}

bool storable(Kind from, Kind to) { return is_complex(to) || !is_complex(from); }

bool converts_exactly(Kind integer, Kind floating) {
  int mantissa = floating == Kind::F32 ? 24 : 53;
  return integer == Kind::Bool || bit_width(integer) <= mantissa;
}

const char* spelling(typed::BinaryOp op) {
  constexpr const char* kText[] = {"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"};
  return kText[static_cast<int>(op)];
}

const char* spelling(typed::CompareOp op) {
  constexpr const char* kText[] = {"==", "!=", "<", "<=", ">", ">="};
  return kText[static_cast<int>(op)];
}

std::optional<Type> numeric_join(const Type& a, const Type& b) {
  if (a == b) return a;
  std::optional<Kind> kind = promote(a.kind(), b.kind());
  return kind ? std::optional<Type>(*kind) : std::nullopt;
}

}  // namespace kjit
