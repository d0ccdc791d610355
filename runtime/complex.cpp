// Complex arithmetic with CPython's algorithms. Entry: one function per operation.

#include <cmath>

#include "runtime/runtime.h"

namespace {

kjit_complex product(kjit_complex a, kjit_complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }

// Smith's method: scales by the larger part of the divisor, which is not 0.
kjit_complex quotient(kjit_complex a, kjit_complex b) {
  double re = std::fabs(b.re), im = std::fabs(b.im);
  if (re >= im) {
    double ratio = b.im / b.re, scale = b.re + b.im * ratio;
    return {(a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale};
  }
  if (im >= re) {
    double ratio = b.re / b.im, scale = b.re * ratio + b.im;
    return {(a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale};
  }
  return {NAN, NAN};
}

bool is_zero(kjit_complex z) { return z.re == 0 && z.im == 0; }

kjit_complex integer_power(kjit_complex base, int64_t exponent) {
  kjit_complex result{1, 0};
  for (auto bits = static_cast<uint64_t>(exponent); bits; bits >>= 1) {
    if (bits & 1) result = product(result, base);
    base = product(base, base);
  }
  return result;
}

// `defined` is false where the direction of the result is: CPython then reports a division by zero.
kjit_complex polar_power(kjit_complex a, kjit_complex b, bool& defined) {
  double modulus = std::hypot(a.re, a.im), angle = std::atan2(a.im, a.re);
  double length = std::pow(modulus, b.re), phase = angle * b.re;
  if (b.im != 0) {
    length /= std::exp(angle * b.im);
    phase += b.im * std::log(modulus);
  }
  defined = !std::isinf(phase);
  return {length * std::cos(phase), length * std::sin(phase)};
}

kjit_status zero_to_negative(kjit_context* ctx, uint32_t site) {
  return kjit_trap(ctx, KJIT_TRAP_ZeroToNegativePower, site, 0, 0, 0);
}

}  // namespace

extern "C" {

void kjit_complex_mul(const kjit_complex* a, const kjit_complex* b, kjit_complex* out) { *out = product(*a, *b); }

kjit_status kjit_complex_div(kjit_context* ctx, uint32_t site, const kjit_complex* a, const kjit_complex* b, kjit_complex* out) {
  if (is_zero(*b)) return kjit_trap(ctx, KJIT_TRAP_ComplexDivisionByZero, site, 0, 0, 0);
  *out = quotient(*a, *b);
  return KJIT_OK;
}

kjit_status kjit_complex_pow(kjit_context* ctx, uint32_t site, const kjit_complex* a, const kjit_complex* b, kjit_complex* out) {
  constexpr double largest = 100;  // whole exponents up to here are multiplied out
  kjit_complex result{1, 0};
  if (b->im == 0 && b->re == std::floor(b->re) && std::fabs(b->re) <= largest) {
    auto exponent = static_cast<int64_t>(b->re);
    result = integer_power(*a, exponent < 0 ? -exponent : exponent);
    if (exponent < 0 && is_zero(result)) return zero_to_negative(ctx, site);
    if (exponent <= 0) result = quotient({1, 0}, result);
  } else if (is_zero(*a)) {
    if (b->im != 0 || b->re < 0) return zero_to_negative(ctx, site);
    result = {0, 0};
  } else {
    bool defined;
    result = polar_power(*a, *b, defined);
    if (!defined) return zero_to_negative(ctx, site);
  }
  if (std::isinf(result.re) || std::isinf(result.im)) {
    int64_t values[2];
    __builtin_memcpy(&values[0], &a->re, sizeof(double));
    __builtin_memcpy(&values[1], &b->re, sizeof(double));
    return kjit_trap(ctx, KJIT_TRAP_PowerOverflow, site, values[0], values[1], 0);
  }
  *out = result;
  return KJIT_OK;
}

kjit_status kjit_complex_abs(kjit_context* ctx, uint32_t site, const kjit_complex* a, double* out) {
  double modulus = std::hypot(a->re, a->im);
  if (std::isinf(modulus) && std::isfinite(a->re) && std::isfinite(a->im)) {
    int64_t bits;
    __builtin_memcpy(&bits, &a->re, sizeof bits);
    return kjit_trap(ctx, KJIT_TRAP_MathRange, site, bits, 0, 0);
  }
  *out = modulus;
  return KJIT_OK;
}

}  // extern "C"
