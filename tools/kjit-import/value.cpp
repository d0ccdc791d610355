#include "value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kjit::import {

namespace {

// Intervals beyond this say nothing any more.
constexpr __int128 kWide = static_cast<__int128>(1) << 120;

Range clamped(__int128 lo, __int128 hi) { return {std::max(lo, -kWide), std::min(hi, kWide)}; }

bool is_large(const Range& range) {
  constexpr __int128 limit = static_cast<__int128>(1) << 60;
  return range.lo < -limit || range.hi > limit;
}

// Shortest text that reads back as the same double, always with a point or exponent.
std::string float_text(double value) {
  if (std::isnan(value)) return "np.nan";
  if (std::isinf(value)) return value < 0 ? "-np.inf" : "np.inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Range signed_range(int bits) {
  const __int128 half = static_cast<__int128>(1) << (bits - 1);
  return {-half, half - 1};
}

Range unsigned_range(int bits) { return {0, (static_cast<__int128>(1) << bits) - 1}; }

Range operator+(const Range& a, const Range& b) { return clamped(a.lo + b.lo, a.hi + b.hi); }
Range operator-(const Range& a, const Range& b) { return clamped(a.lo - b.hi, a.hi - b.lo); }

Range operator*(const Range& a, const Range& b) {
  if (is_large(a) || is_large(b)) return {-kWide, kWide};
  const auto [lo, hi] = std::minmax({a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi});
  return clamped(lo, hi);
}

Range join(const Range& a, const Range& b) { return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)}; }

Value atom(std::string text, Rep rep, Range range) { return {std::move(text), Prec::Atom, rep, range, false}; }

Value integer(std::int64_t value) {
  return {fmt::format("{}", value), value < 0 ? Prec::Unary : Prec::Atom, Rep::Int, {value, value}, true};
}

Value unsigned_integer(std::uint64_t value) {
  const std::string text = value > 0xFFFFFFFFU ? fmt::format("{:#x}", value) : fmt::format("{}", value);
  const Range range{value, value};
  Value plain{text, Prec::Atom, Rep::U64, range, true};
  Value result{value >> 63 ? text : fmt::format("u64({})", text), Prec::Atom, Rep::U64, range, true};
  result.before = std::make_shared<const Value>(std::move(plain));
  return result;
}

const Value& beside(const Value& value, const Value& other) {
  const bool adapts = value.rep == Rep::U64 && value.is_literal && value.before && other.rep == Rep::U64 && !other.is_literal;
  return adapts ? *value.before : value;
}

Value float_constant(double value, Rep rep) {
  if (rep == Rep::F64) {
    const Prec prec = std::signbit(value) ? Prec::Unary : Prec::Atom;
    return {float_text(value), prec, Rep::F64, {}, true};
  }
  const auto narrow = static_cast<float>(value);
  std::string text = fmt::format("{}", narrow);
  if (text.find_first_of(".einf") == std::string::npos) text += ".0";
  const bool is_short = std::isfinite(narrow) && static_cast<float>(std::stod(text)) == narrow;  // decimal -> double -> float
  return atom(fmt::format("f32({})", is_short ? text : float_text(narrow)), Rep::F32);
}

std::string operand(const Value& value, Prec prec, bool right) {
  const bool needs = value.prec < prec || (right && value.prec == prec);
  return needs ? "(" + value.text + ")" : value.text;
}

Value infix(const Value& lhs, std::string_view op, const Value& rhs, Prec prec, Rep rep, Range range) {
  // Comparisons chain in Python, so neither side may be one.
  const bool chains = prec == Prec::Compare;
  return {fmt::format("{} {} {}", operand(lhs, prec, chains), op, operand(rhs, prec, true)), prec, rep, range, false};
}

Value call(std::string_view function, const Value& argument, Rep rep, Range range) {
  return {fmt::format("{}({})", function, argument.text), Prec::Atom, rep, range, false};
}

}  // namespace kjit::import
