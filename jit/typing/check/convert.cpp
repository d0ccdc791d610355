// Conversions, with constants converted at once. Entry: TreeBuilder::convert.

#include <cmath>
#include <cstdint>
#include <limits>

#include "typing/check/tree_builder.h"

namespace kjit {

std::optional<std::int64_t> TreeBuilder::int_value(const typed::Expr& expr) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  if (!constant || !expr.type.is_signed()) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&constant->value);
  return value ? std::optional<std::int64_t>(*value) : std::nullopt;
}

std::optional<bool> TreeBuilder::bool_value(const typed::Expr& expr) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  const auto* value = constant ? std::get_if<bool>(&constant->value) : nullptr;
  return value ? std::optional<bool>(*value) : std::nullopt;
}

std::optional<double> TreeBuilder::float_value(const typed::Expr& expr) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  if (!constant || !expr.type.is_float()) return std::nullopt;
  const auto* value = std::get_if<double>(&constant->value);
  return value ? std::optional<double>(*value) : std::nullopt;
}

namespace {

bool fits(std::int64_t value, Kind kind) {
  int bits = bit_width(kind);
  if (kind >= Kind::U8 && kind <= Kind::U64) return value >= 0 && (bits == 64 || value < (std::int64_t{1} << bits));
  return bits == 64 || (value >= -(std::int64_t{1} << (bits - 1)) && value < (std::int64_t{1} << (bits - 1)));
}

}  // namespace

// Only conversions without loss; the others, and their traps, are left to run time. Null: not folded.
typed::ExprPtr TreeBuilder::fold_constant(const typed::Constant& constant, Kind from, Kind to, Span span) {
  Type target = to;
  if (const auto* integer = std::get_if<std::int64_t>(&constant.value); integer && from != Kind::Bool) {
    if (target.is_signed() && fits(*integer, to)) return make(target, span, typed::Constant{*integer});
    if (target.is_unsigned() && fits(*integer, to))
      return make(target, span, typed::Constant{static_cast<std::uint64_t>(*integer)});
    if (to == Kind::F64) return make(target, span, typed::Constant{static_cast<double>(*integer)});
    if (to == Kind::F32) return make(target, span, typed::Constant{static_cast<double>(static_cast<float>(*integer))});
    if (to == Kind::C128) return make(target, span, typed::Constant{std::complex<double>(static_cast<double>(*integer), 0)});
  }
  if (const auto* real = std::get_if<double>(&constant.value)) {
    if (to == Kind::F64) return make(target, span, typed::Constant{*real});
    if (to == Kind::F32) return make(target, span, typed::Constant{static_cast<double>(static_cast<float>(*real))});
    if (to == Kind::C128) return make(target, span, typed::Constant{std::complex<double>(*real, 0)});
  }
  return nullptr;
}

typed::ExprPtr TreeBuilder::convert(ExprPtr value, const Type& type) {
  if (value->type == type || value->type.is_unknown() || type.is_unknown()) return value;
  Span span = value->span;
  if (const auto* constant = std::get_if<typed::Constant>(&value->node);
      constant && value->type.is_scalar() && type.is_number()) {
    if (ExprPtr folded = fold_constant(*constant, value->type.kind(), type.kind(), span)) return folded;
  }
  if (value->type.is_tuple() && type.is_tuple()) {
    if (auto* tuple = std::get_if<typed::MakeTuple>(&value->node)) {
      std::vector<ExprPtr> elements;
      for (std::size_t i = 0; i < tuple->elements.size(); ++i) {
        elements.push_back(convert(std::move(tuple->elements[i]), type.elements()[i]));
      }
      return make(type, span, typed::MakeTuple{std::move(elements)});
    }
  }
  return make(type, span, typed::Convert{std::move(value)});
}

typed::ExprPtr TreeBuilder::convert_number(ExprPtr value, Kind kind, std::string_view what) {
  if (value->type.is_unknown()) return value;
  Span span = value->span;
  bool lossy = value->type.is_complex() && !Type(kind).is_complex();
  if (!value->type.is_scalar() || lossy) {
    Diagnostic& diag = report<DiagId::E0506>(span, to_string(value->type), std::string(what));
    if (lossy) diag.suggest("take .real, .imag or abs(...)");
    return invalid(span);
  }
  return convert(std::move(value), kind);
}

namespace {

// What is 2**63 or more is out of range wherever it is used, and must not become a negative index, which counts from the end.
typed::ExprPtr at_most_largest_index(TreeBuilder& c, typed::ExprPtr value, Span span) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::vector<typed::ExprPtr> args;
  args.push_back(std::move(value));
  args.push_back(c.make(Kind::U64, span, typed::Constant{kLargest}));
  return c.builtin_call(Builtin::Minimum, Kind::U64, span, std::move(args));
}

}  // namespace

typed::ExprPtr TreeBuilder::as_index(ExprPtr value, Span span) {
  if (value->type.is_unknown()) return value;
  if (!value->type.is_integer() && !value->type.is(Kind::Bool)) {
    Diagnostic& diag = report<DiagId::E0703>(span, to_string(value->type));
    if (value->type.is_float()) diag.suggest("use // instead of /, or int(...)");
    return invalid(span);
  }
  if (value->type.is(Kind::U64)) value = at_most_largest_index(*this, std::move(value), span);
  return convert(std::move(value), Kind::I64);
}

// A copy of the array with elements of another type, or of the same.
typed::ExprPtr TreeBuilder::astype(ExprPtr array, kjit::Kind dtype, Span span) {
  Type type = Type::array(dtype, array->type.rank(), Layout::C);
  bool same = array->type.dtype() == dtype;
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  return builtin_call(same ? Builtin::ArrayCopy : Builtin::Astype, type, span, std::move(args));
}

}  // namespace kjit
