// inline_builtin(): each case is the definition in the comment of its row in library/builtins.def.

#include "interpret/inline_builtins.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kjit::interpreter {

namespace {

using typed::CompareOp;

bool is_float(const Value& value) { return std::holds_alternative<double>(value.data); }
bool is_nan(const Value& value) { return is_float(value) && std::isnan(value.real()); }

// The magnitude of a complex number, rounded to its part.
double modulus(Kind kind, const Complex& value) {
  if (kind == Kind::C64) {
    return std::hypot(static_cast<float>(value.real()), static_cast<float>(value.imag()));
  }
  return std::hypot(value.real(), value.imag());
}

Value absolute(Kind kind, const Value& value, Rules rules, Trap& trap) {
  if (const auto* complex = std::get_if<Complex>(&value.data)) {
    return {modulus(kind, *complex)};
  }
  return is_float(value) ? Value{std::fabs(value.real())} : absolute_integer(kind, value, rules, trap);
}

// Python's min and max: a later argument wins only if it compares so, which a NaN never does.
Value python_extreme(CompareOp wins, const std::vector<Value>& args) {
  Value best = args[0];
  for (const Value& candidate : args) {
    best = apply_compare(wins, candidate, best) ? candidate : best;
  }
  return best;
}

Value sign(Kind kind, const Value& value) {
  if (!is_float(value)) {
    const __int128 number = exact_integer(value);
    return narrow(kind, number > 0 ? 1 : number < 0 ? -1 : 0, nullptr);
  }
  const double number = value.real();
  return {std::isnan(number) ? number : number > 0 ? 1.0 : number < 0 ? -1.0 : 0.0};
}

std::uint64_t magnitude(const Value& value) {
  const __int128 number = exact_integer(value);
  return static_cast<std::uint64_t>(number < 0 ? -number : number);
}

Value square_root(Kind kind, double value, bool checked, Trap& trap) {
  if (checked && value < 0) {
    trap = {KJIT_TRAP_MathDomain, {float_bits(value), 0, 0}};
  }
  return {kind == Kind::F32 ? static_cast<double>(std::sqrt(static_cast<float>(value))) : std::sqrt(value)};
}

std::uint64_t bits_of(Kind kind, const Value& value) {
  if (kind == Kind::F64) return std::bit_cast<std::uint64_t>(value.real());
  if (kind == Kind::F32) return std::bit_cast<std::uint32_t>(static_cast<float>(value.real()));
  return static_cast<std::uint64_t>(exact_integer(value));
}

Value from_bits(Kind kind, std::uint64_t bits) {
  if (kind == Kind::F64) return {std::bit_cast<double>(bits)};
  if (kind == Kind::F32) return {static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))};
  return narrow(kind, static_cast<__int128>(bits), nullptr);
}

bool any_part(const Value& value, bool (*test)(double)) {
  const auto* complex = std::get_if<Complex>(&value.data);
  return complex ? test(complex->real()) || test(complex->imag()) : test(value.real());
}

bool same_buffer(const Array& a, const Array& b) {
  return a.data() == b.data() && std::equal(a.descriptor()->dims, a.descriptor()->dims + a.rank(), b.descriptor()->dims);
}

}  // namespace

Value numpy_extreme(CompareOp wins, const Value& first, const Value& second) {
  if (is_nan(first)) {
    return first;
  }
  return apply_compare(wins, first, second) ? first : second;
}

Value inline_builtin(const typed::BuiltinCall& call, Kind result, const std::vector<Value>& args, Rules rules, Trap& trap) {
  const Kind kind = call.args[0]->type.kind();
  const Value& x = args[0];
  switch (call.builtin) {
    case Builtin::Abs: return absolute(kind, x, rules, trap);
    case Builtin::Min: return python_extreme(CompareOp::Lt, args);
    case Builtin::Max: return python_extreme(CompareOp::Gt, args);
    case Builtin::Minimum: return numpy_extreme(CompareOp::Lt, x, args[1]);
    case Builtin::Maximum: return numpy_extreme(CompareOp::Gt, x, args[1]);
    case Builtin::Sign: return sign(kind, x);
    case Builtin::Floor: return {std::floor(x.real())};
    case Builtin::Ceil: return {std::ceil(x.real())};
    case Builtin::Trunc: return {std::trunc(x.real())};
    case Builtin::Rint: return {std::nearbyint(x.real())};
    case Builtin::Fabs: return {std::fabs(x.real())};
    case Builtin::Copysign: return {std::copysign(x.real(), args[1].real())};
    case Builtin::IsNan: return {any_part(x, [](double part) { return std::isnan(part); })};
    case Builtin::IsInf: return {any_part(x, [](double part) { return std::isinf(part); })};
    case Builtin::IsFinite: return {!any_part(x, [](double part) { return !std::isfinite(part); })};
    case Builtin::Sqrt: return square_root(kind, x.real(), call.checked, trap);
    case Builtin::BitCount: return {static_cast<std::int64_t>(std::popcount(magnitude(x)))};
    case Builtin::BitLength: return {static_cast<std::int64_t>(std::bit_width(magnitude(x)))};
    case Builtin::ViewBits: return from_bits(result, bits_of(kind, x));
    case Builtin::Real: return {x.as<Complex>().real()};
    case Builtin::Imag: return {x.as<Complex>().imag()};
    case Builtin::Conjugate: return {std::conj(x.as<Complex>())};
    case Builtin::MakeComplex: return {Complex(x.real(), args[1].real())};
    case Builtin::SameBuffer: return {same_buffer(x.array(), args[1].array())};
    default: KJIT_UNREACHABLE("not an inline builtin");
  }
}

}  // namespace kjit::interpreter
