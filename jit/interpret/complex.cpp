// Complex numbers: binary_complex(), after CPython's Objects/complexobject.c. C64 is computed in float, except for powers.

#include <cmath>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

namespace {

using typed::BinaryOp;

template <typename T>
struct Pair {
  T re, im;
};

template <typename T>
Pair<T> multiply(Pair<T> a, Pair<T> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// Smith's method: dividing by the larger part first keeps the intermediate values in range. False for a divisor of zero.
template <typename T>
bool divide(Pair<T> a, Pair<T> b, Pair<T>& out) {
  const T size_re = std::fabs(b.re);
  const T size_im = std::fabs(b.im);
  if (size_re >= size_im) {
    if (size_re == 0) {
      return false;
    }
    const T ratio = b.im / b.re;
    const T denominator = b.re + b.im * ratio;
    out = {(a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator};
  } else if (size_im >= size_re) {
    const T ratio = b.re / b.im;
    const T denominator = b.re * ratio + b.im;
    out = {(a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator};
  } else {  // a NaN in the divisor
    out = {T(NAN), T(NAN)};
  }
  return true;
}

// ---- powers: in double for both kinds -----------------------------------------------------------------------------------

using Wide = Pair<double>;

Wide power_by_squaring(Wide base, int exponent) {
  Wide result = {1, 0};
  for (int bit = 1; bit <= exponent; bit <<= 1) {
    if (exponent & bit) {
      result = multiply(result, base);
    }
    base = multiply(base, base);
  }
  return result;
}

// False for 0 to a negative or complex power, and where the direction of the result is lost (an infinite phase).
bool power_polar(Wide a, Wide b, Wide& out) {
  if (a.re == 0 && a.im == 0) {
    out = {0, 0};
    return b.im == 0 && b.re >= 0;
  }
  const double modulus = std::hypot(a.re, a.im);
  const double angle = std::atan2(a.im, a.re);
  double length = std::pow(modulus, b.re);
  double phase = angle * b.re;
  if (b.im != 0) {
    length /= std::exp(angle * b.im);
    phase += b.im * std::log(modulus);
  }
  out = {length * std::cos(phase), length * std::sin(phase)};
  return !std::isinf(phase);
}

// Small integer exponents are computed by multiplication, which is faster and more accurate.
bool power(Wide a, Wide b, Wide& out) {
  const bool small_integer = b.im == 0 && b.re == std::floor(b.re) && std::fabs(b.re) <= 100;
  if (!small_integer) {
    return power_polar(a, b, out);
  }
  const int exponent = static_cast<int>(b.re);
  if (exponent > 0) {
    out = power_by_squaring(a, exponent);
    return true;
  }
  return divide(Wide{1, 0}, power_by_squaring(a, -exponent), out);
}

Value checked_power(Kind kind, const Complex& a, const Complex& b, Trap& trap) {
  Wide result = {0, 0};
  if (!power({a.real(), a.imag()}, {b.real(), b.imag()}, result)) {
    trap = {KJIT_TRAP_ZeroToNegativePower, {}};
  } else if (std::isinf(result.re) || std::isinf(result.im)) {
    trap = {KJIT_TRAP_PowerOverflow, {float_bits(a.real()), float_bits(b.real()), 0}};
  }
  return {Complex(round_to(kind, result.re), round_to(kind, result.im))};
}

// ---- the other operators -------------------------------------------------------------------------------------------------

template <typename T>
Pair<T> compute(BinaryOp op, Pair<T> a, Pair<T> b, Trap& trap) {
  Pair<T> quotient = {0, 0};
  switch (op) {
    case BinaryOp::Add: return {a.re + b.re, a.im + b.im};
    case BinaryOp::Sub: return {a.re - b.re, a.im - b.im};
    case BinaryOp::Mul: return multiply(a, b);
    case BinaryOp::TrueDiv:
      if (!divide(a, b, quotient)) {
        trap = {KJIT_TRAP_ComplexDivisionByZero, {}};
      }
      return quotient;
    default: KJIT_UNREACHABLE("not an operator of complex numbers");
  }
}

template <typename T>
Value compute_as(BinaryOp op, const Complex& lhs, const Complex& rhs, Trap& trap) {
  const auto pair = [](const Complex& value) { return Pair<T>{static_cast<T>(value.real()), static_cast<T>(value.imag())}; };
  const Pair<T> result = compute(op, pair(lhs), pair(rhs), trap);
  return {Complex(result.re, result.im)};
}

}  // namespace

Value binary_complex(BinaryOp op, Kind kind, const Complex& lhs, const Complex& rhs, Trap& trap) {
  if (op == BinaryOp::Pow) {
    return checked_power(kind, lhs, rhs, trap);
  }
  return kind == Kind::C64 ? compute_as<float>(op, lhs, rhs, trap) : compute_as<double>(op, lhs, rhs, trap);
}

}  // namespace kjit::interpreter
