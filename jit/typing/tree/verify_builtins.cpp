// builtin_fits(): what the comments of builtins.def say about arguments and results of the rows that no runtime function
// declares.

#include <algorithm>

#include "typing/tree/verifier.h"

namespace kjit::typed {

namespace {

bool all_have_type(const BuiltinCall& call, const Type& type) {
  return std::all_of(call.args.begin(), call.args.end(), [&](const ExprPtr& arg) { return arg->type == type; });
}

bool libm_fits(const BuiltinCall& call, const Type& result) {
  return !call.args.empty() && call.args.size() <= 2 && result.is_float() && all_have_type(call, result);
}

bool is_real(const Type& type) { return type.is_integer() || type.is_float(); }

bool abs_fits(const Type& operand, const Type& result) {
  return operand.is_complex() ? result.is(real_part_kind(operand.kind())) : is_real(operand) && result == operand;
}

// Rows with one operand, by the operand's type.
bool unary_fits(Builtin builtin, const Type& x, const Type& result) {
  switch (builtin) {
    case Builtin::Abs: return abs_fits(x, result);
    case Builtin::Sign: return is_real(x) && result == x;
    case Builtin::IsNan:
    case Builtin::IsInf:
    case Builtin::IsFinite: return x.is_float() && result.is(Kind::Bool);
    case Builtin::BitCount:
    case Builtin::BitLength: return x.is_integer() && result.is(Kind::I64);
    case Builtin::Real:
    case Builtin::Imag: return x.is_complex() && result.is(real_part_kind(x.kind()));
    case Builtin::Conjugate: return x.is_complex() && result == x;
    default: return x.is_float() && result == x;  // Floor, Ceil, Trunc, Rint, Fabs, Sqrt
  }
}

// Array, rank many indices, value.
bool atomic_fits(const BuiltinCall& call, const Type& result) {
  if (call.args.empty() || !call.args[0]->type.is_array()) return false;
  const Type& array = call.args[0]->type;
  const auto rank = static_cast<std::size_t>(array.rank());
  const auto is_index = [](const ExprPtr& arg) { return arg->type.is(Kind::I64); };
  return is_real(result) && result == Type(array.dtype()) && call.args.size() == rank + 2 && call.args.back()->type == result &&
         std::all_of(call.args.begin() + 1, call.args.end() - 1, is_index);
}

bool inline_fits(const BuiltinCall& call, const Type& result) {
  const bool two = call.args.size() == 2;
  switch (call.builtin) {
    case Builtin::Min:
    case Builtin::Max: return !call.args.empty() && (is_real(result) || result.is(Kind::Bool)) && all_have_type(call, result);
    case Builtin::Minimum:
    case Builtin::Maximum: return two && (is_real(result) || result.is(Kind::Bool)) && all_have_type(call, result);
    case Builtin::Copysign: return two && result.is_float() && all_have_type(call, result);
    case Builtin::MakeComplex: return two && result.is(Kind::C128) && all_have_type(call, Kind::F64);
    case Builtin::SameBuffer:
      return two && result.is(Kind::Bool) && call.args[0]->type.is_array() && call.args[0]->type == call.args[1]->type;
    case Builtin::AtomicAdd:
    case Builtin::AtomicMin:
    case Builtin::AtomicMax: return atomic_fits(call, result);
    default: return call.args.size() == 1 && unary_fits(call.builtin, call.args[0]->type, result);
  }
}

}  // namespace

bool builtin_fits(const BuiltinCall& call, const Type& result) {
  const BuiltinRow& row = builtin_row(call.builtin);
  const bool libm = row.convention == Convention::Libm || row.convention == Convention::LibmOverflow;
  if (call.checked && !libm && call.builtin != Builtin::Sqrt) {
    return false;
  }
  if (libm) {
    return libm_fits(call, result);
  }
  const bool by_hand = row.convention == Convention::Inline && row.symbol.empty();
  return !by_hand || inline_fits(call, result);
}

}  // namespace kjit::typed
