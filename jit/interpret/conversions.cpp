// convert(): the table of struct Convert in typing/tree/typed_tree.h.

#include <cmath>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

namespace {

bool truth(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    return *flag;
  }
  if (const auto* real = std::get_if<double>(&value.data)) {
    return *real != 0;
  }
  if (const auto* complex = std::get_if<Complex>(&value.data)) {
    return complex->real() != 0 || complex->imag() != 0;
  }
  if (const auto* text = std::get_if<Text>(&value.data)) {
    return !(*text)->empty();
  }
  return exact_integer(value) != 0;
}

Value integer_to_integer(Kind to, const Value& value, Rules rules, Trap& trap) {
  bool changed = false;
  const Value result = narrow(to, exact_integer(value), &changed);
  if (changed && rules.checked) {
    trap = {KJIT_TRAP_IntOutOfRange, {static_cast<std::int64_t>(exact_integer(value)), bit_width(to), 0}};
  }
  return result;
}

// The smallest value of the kind, and the first one above its range; both are exact as doubles.
double least(Kind kind) { return Type(kind).is_signed() ? -std::ldexp(1.0, bit_width(kind) - 1) : 0.0; }
double limit(Kind kind) { return std::ldexp(1.0, bit_width(kind) - (Type(kind).is_signed() ? 1 : 0)); }

Value float_to_integer(Kind to, double value, Trap& trap) {
  if (std::isnan(value)) {
    trap = {KJIT_TRAP_FloatNanToInt, {}};
    return {};
  }
  if (std::isinf(value)) {
    trap = {KJIT_TRAP_FloatInfToInt, {}};
    return {};
  }
  const double whole = std::trunc(value);
  if (whole < least(to) || whole >= limit(to)) {
    trap = {KJIT_TRAP_FloatTooLargeForInt, {float_bits(value), bit_width(to), 0}};
    return {};
  }
  return narrow(to, static_cast<__int128>(whole), nullptr);
}

Value to_integer(Kind to, const Value& value, Rules rules, Trap& trap) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    return narrow(to, *flag ? 1 : 0, nullptr);
  }
  if (const auto* real = std::get_if<double>(&value.data)) {
    if (rules.numpy) {
      return numpy_float_to_integer(to, *real);
    }
    return float_to_integer(to, *real, trap);
  }
  return integer_to_integer(to, value, rules, trap);
}

// Straight to the target: an integer that is rounded to double first and to float then may be rounded twice.
template <typename T>
double integer_as(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  return static_cast<double>(number ? static_cast<T>(*number) : static_cast<T>(value.as<std::uint64_t>()));
}

double to_float(Kind to, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    return *flag ? 1.0 : 0.0;
  }
  if (const auto* real = std::get_if<double>(&value.data)) {
    return round_to(to, *real);
  }
  const bool single = to == Kind::F32 || to == Kind::C64;
  return single ? integer_as<float>(value) : integer_as<double>(value);
}

Value to_complex(Kind to, const Value& value) {
  if (const auto* complex = std::get_if<Complex>(&value.data)) {
    return {Complex(round_to(to, complex->real()), round_to(to, complex->imag()))};
  }
  return {Complex(to_float(to, value), 0.0)};
}

Value convert_tuple(const Type& from, const Type& to, const Value& value, Rules rules, Trap& trap) {
  std::vector<Value> elements;
  for (std::size_t i = 0; i < to.elements().size() && !trap; ++i) {
    elements.push_back(convert(from.elements()[i], to.elements()[i], value.elements()[i], rules, trap));
  }
  return make_tuple(std::move(elements));
}

}  // namespace

Value convert(const Type& from, const Type& to, const Value& value, Rules rules, Trap& trap) {
  if (from == to || to.is_array()) {  // C to Strided: the descriptor has the strides already
    return value;
  }
  if (to.is_tuple() || to.is_function()) {
    return convert_tuple(from, to, value, rules, trap);
  }
  if (to.is(Kind::Bool)) {
    return {truth(value)};
  }
  if (to.is_integer()) {
    return to_integer(to.kind(), value, rules, trap);
  }
  return to.is_float() ? Value{to_float(to.kind(), value)} : to_complex(to.kind(), value);
}

}  // namespace kjit::interpreter
