// The operators of array loops, which never trap: numpy_binary(), numpy_convert(). typed::ArrayLoop in typing/typed_tree.h states
// their meaning.

#include <cmath>
#include <limits>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

namespace {

using typed::BinaryOp;

Value numpy_integer(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs) {
  const __int128 a = exact_integer(lhs);
  const __int128 b = exact_integer(rhs);
  Trap never;
  switch (op) {
    case BinaryOp::TrueDiv: return {static_cast<double>(a) / static_cast<double>(b)};
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod:
      if (b == 0) {
        return narrow(kind, 0, nullptr);
      }
      break;
    case BinaryOp::Pow:
      if (b < 0) {
        return narrow(kind, 0, nullptr);
      }
      break;
    case BinaryOp::Shl:
      if (b < 0 || b >= bit_width(kind)) {
        return narrow(kind, 0, nullptr);
      }
      break;
    case BinaryOp::Shr:
      if (b < 0 || b >= bit_width(kind)) {
        return narrow(kind, a < 0 ? -1 : 0, nullptr);
      }
      break;
    default: break;
  }
  return binary_integer(op, kind, lhs, rhs, {}, never);
}

// npy_divmod: as Python's, but by zero the quotient is a / b and the remainder NaN.
template <typename T>
T numpy_real(BinaryOp op, T a, T b, Kind kind) {
  if (op == BinaryOp::Pow) {
    return std::pow(a, b);
  }
  if (b == 0 && op == BinaryOp::FloorDiv) {
    return a / b;
  }
  if (b == 0 && op == BinaryOp::Mod) {
    return std::fmod(a, b);
  }
  Trap never;
  return static_cast<T>(binary_float(op, kind, static_cast<double>(a), static_cast<double>(b), {.quiet = true}, never).real());
}

// Smith's method, as NumPy's loop has it.
template <typename T>
Complex divide(std::complex<T> a, std::complex<T> b) {
  const T re = std::fabs(b.real()), im = std::fabs(b.imag());
  if (re >= im) {
    if (re == 0 && im == 0) {
      return Complex(a.real() / re, a.imag() / re);
    }
    const T ratio = b.imag() / b.real();
    const T scale = T(1) / (b.real() + b.imag() * ratio);
    return Complex((a.real() + a.imag() * ratio) * scale, (a.imag() - a.real() * ratio) * scale);
  }
  const T ratio = b.real() / b.imag();
  const T scale = T(1) / (b.imag() + b.real() * ratio);
  return Complex((a.real() * ratio + a.imag()) * scale, (a.imag() * ratio - a.real()) * scale);
}

template <typename T>
Complex numpy_complex(BinaryOp op, std::complex<T> a, std::complex<T> b, Kind kind, Trap& trap) {
  switch (op) {
    case BinaryOp::Mul: return Complex(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
    case BinaryOp::TrueDiv: return divide(a, b);
    default: return binary_complex(op, kind, Complex(a), Complex(b), trap).as<Complex>();
  }
}

}  // namespace

Value numpy_binary(BinaryOp op, Kind kind, const Value& lhs, const Value& rhs, Trap& trap) {
  switch (kind) {
    case Kind::F32:
      return {static_cast<double>(numpy_real(op, static_cast<float>(lhs.real()), static_cast<float>(rhs.real()), kind))};
    case Kind::F64: return {numpy_real(op, lhs.real(), rhs.real(), kind)};
    case Kind::C64:
      return {numpy_complex(op, std::complex<float>(lhs.as<Complex>()), std::complex<float>(rhs.as<Complex>()), kind, trap)};
    case Kind::C128: return {numpy_complex(op, lhs.as<Complex>(), rhs.as<Complex>(), kind, trap)};
    case Kind::Bool: return apply_binary(op, kind, lhs, rhs, {}, trap);
    default: return numpy_integer(op, kind, lhs, rhs);
  }
}

Value numpy_float_to_integer(Kind to, double value) {
  const bool wide = bit_width(to) == 64 || to == Kind::U32;
  const double limit = wide ? 0x1p63 : 0x1p31;
  if (to == Kind::U64 && value >= 0x1p63 && value < 0x1p64) {
    return {static_cast<std::uint64_t>(value)};
  }
  std::int64_t whole = wide ? INT64_MIN : INT32_MIN;
  if (value < limit && (wide ? value >= -limit : value > -limit - 1)) {
    whole = static_cast<std::int64_t>(value);
  }
  return narrow(to, whole, nullptr);
}

}  // namespace kjit::interpreter
