// Python's cmath module. Entry: kjit_cmath_NAME.
//
// For finite arguments the formulas are CPython's, which go back to W. Kahan, "Branch cuts for complex elementary functions"
// (1987): the order of the operations decides about the last bits. Infinities and NaN follow the tables of C99's Annex G, for
// which libm is asked. An error is ValueError where C99 raises 'invalid' or divides by zero, OverflowError where a finite
// argument gives infinity.

#include <complex.h>
#include <float.h>

#include <cmath>

#include "runtime/runtime.h"

namespace {

using Z = kjit_complex;

constexpr double kLn2 = 0.6931471805599453094;
constexpr double kLn10 = 2.302585092994045684;
constexpr double kE = 2.7182818284590452354;
constexpr double kLarge = DBL_MAX / 4;
const double kSqrtLarge = std::sqrt(kLarge);
const double kLogLarge = std::log(kLarge);
const double kSqrtLeast = std::sqrt(DBL_MIN);
// Brings subnormal numbers into the normal range. Odd, as sqrt_value doubles its argument: 53 + 1 halved is what kScaleDown
// undoes.
constexpr int kScaleUp = 53;
constexpr int kScaleDown = -27;

enum class Outcome { Ok, Domain, Range };

struct Result {
  Z value;
  Outcome outcome = Outcome::Ok;
};

bool is_finite(Z z) { return std::isfinite(z.re) && std::isfinite(z.im); }
bool is_large(Z z) { return std::fabs(z.re) > kLarge || std::fabs(z.im) > kLarge; }
Result checked(Z value) { return {value, std::isinf(value.re) || std::isinf(value.im) ? Outcome::Range : Outcome::Ok}; }
Result domain_if(bool error, Z value) { return {value, error ? Outcome::Domain : Outcome::Ok}; }

// log of half the modulus, plus what makes it the logarithm of twice the modulus: for values where the modulus overflows.
double log_twice_modulus(Z z) { return std::log(std::hypot(z.re / 2.0, z.im / 2.0)) + kLn2 * 2.0; }

template <typename F>
Z by_libm(F f, Z z) {
  double _Complex argument;
  __real__ argument = z.re;
  __imag__ argument = z.im;
  double _Complex value = f(argument);
  return {__real__ value, __imag__ value};
}
#define KJIT_BY_LIBM(name, z) by_libm([](double _Complex w) { return __builtin_##name(w); }, z)

// Where C99 leaves a sign or a NaN open, libm's choice is replaced by CPython's.
Z choose(bool open, Z chosen, Z otherwise) { return open ? chosen : otherwise; }

Z sqrt_value(Z z) {
  if (!is_finite(z)) return KJIT_BY_LIBM(csqrt, z);
  if (z.re == 0 && z.im == 0) return {0.0, z.im};
  double re = std::fabs(z.re), im = std::fabs(z.im), s;
  if (re < DBL_MIN && im < DBL_MIN) {
    re = std::ldexp(re, kScaleUp);
    s = std::ldexp(std::sqrt(re + std::hypot(re, std::ldexp(im, kScaleUp))), kScaleDown);
  } else {
    re /= 8.0;
    s = 2.0 * std::sqrt(re + std::hypot(re, im / 8.0));
  }
  double d = im / (2.0 * s);
  return z.re >= 0 ? Z{s, std::copysign(d, z.im)} : Z{d, std::copysign(s, z.im)};
}

Result f_sqrt(Z z) { return {sqrt_value(z)}; }

double log_modulus(Z z) {
  double re = std::fabs(z.re), im = std::fabs(z.im);
  if (is_large(z)) return std::log(std::hypot(re / 2.0, im / 2.0)) + kLn2;
  if (re < DBL_MIN && im < DBL_MIN)
    return std::log(std::hypot(std::ldexp(re, kScaleUp), std::ldexp(im, kScaleUp))) - kScaleUp * kLn2;
  double modulus = std::hypot(re, im);
  if (modulus < 0.71 || modulus > 1.73) return std::log(modulus);
  double larger = std::fmax(re, im), smaller = std::fmin(re, im);
  return std::log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2.0;
}

Result f_log(Z z) {
  if (!is_finite(z)) return {KJIT_BY_LIBM(clog, z)};
  if (z.re == 0 && z.im == 0) return {{-INFINITY, std::atan2(z.im, z.re)}, Outcome::Domain};
  return {{log_modulus(z), std::atan2(z.im, z.re)}};
}

Result f_log10(Z z) {
  Result r = f_log(z);
  r.value.re /= kLn10;
  r.value.im /= kLn10;
  return r;
}

Result f_exp(Z z) {
  if (!is_finite(z)) {
    bool error = std::isinf(z.im) && (std::isfinite(z.re) || z.re == INFINITY);
    return domain_if(error, choose(z.re == -INFINITY && std::isinf(z.im), {0.0, 0.0}, KJIT_BY_LIBM(cexp, z)));
  }
  if (z.re > kLogLarge) {
    double scale = std::exp(z.re - 1.0);
    return checked({scale * std::cos(z.im) * kE, scale * std::sin(z.im) * kE});
  }
  double scale = std::exp(z.re);
  return checked({scale * std::cos(z.im), scale * std::sin(z.im)});
}

Result f_cosh(Z z) {
  if (!is_finite(z)) {
    return domain_if(std::isinf(z.im) && !std::isnan(z.re),
                     choose(std::isnan(z.re) && z.im == 0, {NAN, 0.0}, KJIT_BY_LIBM(ccosh, z)));
  }
  if (std::fabs(z.re) > kLogLarge) {
    double less = z.re - std::copysign(1.0, z.re);
    return checked({std::cos(z.im) * std::cosh(less) * kE, std::sin(z.im) * std::sinh(less) * kE});
  }
  return checked({std::cos(z.im) * std::cosh(z.re), std::sin(z.im) * std::sinh(z.re)});
}

Result f_sinh(Z z) {
  if (!is_finite(z)) {
    return domain_if(std::isinf(z.im) && !std::isnan(z.re),
                     choose(z.re == 0 && std::isnan(z.im), {0.0, NAN}, KJIT_BY_LIBM(csinh, z)));
  }
  if (std::fabs(z.re) > kLogLarge) {
    double less = z.re - std::copysign(1.0, z.re);
    return checked({std::cos(z.im) * std::sinh(less) * kE, std::sin(z.im) * std::cosh(less) * kE});
  }
  return checked({std::cos(z.im) * std::sinh(z.re), std::sin(z.im) * std::cosh(z.re)});
}

Result f_tanh(Z z) {
  if (!is_finite(z)) {
    Z value = choose(z.re == 0 && std::isnan(z.im), {NAN, NAN}, KJIT_BY_LIBM(ctanh, z));
    if (std::isinf(z.re) && std::isinf(z.im)) value.im = 0.0;
    return domain_if(std::isinf(z.im) && std::isfinite(z.re), value);
  }
  if (std::fabs(z.re) > kLogLarge) {
    return {{std::copysign(1.0, z.re), 4.0 * std::sin(z.im) * std::cos(z.im) * std::exp(-2.0 * std::fabs(z.re))}};
  }
  double th = std::tanh(z.re), ta = std::tan(z.im), sech = 1.0 / std::cosh(z.re);
  double both = th * ta, scale = 1.0 + both * both;
  return {{th * (1.0 + ta * ta) / scale, ((ta / scale) * sech) * sech}};
}

Result f_acos(Z z) {
  if (!is_finite(z)) return {choose(std::isinf(z.re) && std::isnan(z.im), {NAN, INFINITY}, KJIT_BY_LIBM(cacos, z))};
  if (is_large(z)) {
    double size = log_twice_modulus(z);
    return {{std::atan2(std::fabs(z.im), z.re), z.re < 0 ? -std::copysign(size, z.im) : std::copysign(size, -z.im)}};
  }
  Z minus = sqrt_value({1.0 - z.re, -z.im}), plus = sqrt_value({1.0 + z.re, z.im});
  return {{2.0 * std::atan2(minus.re, plus.re), std::asinh(plus.re * minus.im - plus.im * minus.re)}};
}

Result f_acosh(Z z) {
  if (!is_finite(z)) return {choose(z.re == 0 && std::isnan(z.im), {NAN, NAN}, KJIT_BY_LIBM(cacosh, z))};
  if (is_large(z)) return {{log_twice_modulus(z), std::atan2(z.im, z.re)}};
  Z minus = sqrt_value({z.re - 1.0, z.im}), plus = sqrt_value({z.re + 1.0, z.im});
  return {{std::asinh(minus.re * plus.re + minus.im * plus.im), 2.0 * std::atan2(minus.im, plus.re)}};
}

Result f_asinh(Z z) {
  if (!is_finite(z)) return {choose(std::isnan(z.re) && std::isinf(z.im), {INFINITY, NAN}, KJIT_BY_LIBM(casinh, z))};
  if (is_large(z)) {
    double size = log_twice_modulus(z);
    return {{z.im >= 0 ? std::copysign(size, z.re) : -std::copysign(size, -z.re), std::atan2(z.im, std::fabs(z.re))}};
  }
  Z a = sqrt_value({1.0 + z.im, -z.re}), b = sqrt_value({1.0 - z.im, z.re});
  return {{std::asinh(a.re * b.im - b.re * a.im), std::atan2(z.im, a.re * b.re - a.im * b.im)}};
}

Result f_atanh(Z z) {
  if (!is_finite(z)) {
    return {choose(std::isnan(z.re) && std::isinf(z.im), {0.0, std::copysign(M_PI / 2.0, z.im)}, KJIT_BY_LIBM(catanh, z))};
  }
  if (std::signbit(z.re)) {  // odd: only the right half plane is computed
    Result r = f_atanh({-z.re, -z.im});
    r.value = {-r.value.re, -r.value.im};
    return r;
  }
  double im = std::fabs(z.im);
  if (z.re > kSqrtLarge || im > kSqrtLarge) {
    double half = std::hypot(z.re / 2.0, z.im / 2.0);  // its square might overflow
    return {{z.re / 4.0 / half / half, -std::copysign(M_PI / 2.0, -z.im)}};
  }
  if (z.re == 1.0 && im < kSqrtLeast) {
    if (im == 0) return {{INFINITY, z.im}, Outcome::Domain};
    return {{-std::log(std::sqrt(im) / std::sqrt(std::hypot(im, 2.0))), std::copysign(std::atan2(2.0, -im) / 2, z.im)}};
  }
  double distance = (1 - z.re) * (1 - z.re) + im * im;
  return {{std::log1p(4.0 * z.re / distance) / 4.0, -std::atan2(-2.0 * z.im, (1 - z.re) * (1 + z.re) - im * im) / 2.0}};
}

// The circular functions are the hyperbolic ones of i * z, turned back.
Result turned(Result (*hyperbolic)(Z), Z z) {
  Result r = hyperbolic({-z.im, z.re});
  r.value = {r.value.im, -r.value.re};
  return r;
}

Result f_cos(Z z) { return f_cosh({-z.im, z.re}); }
Result f_sin(Z z) { return turned(f_sinh, z); }
Result f_tan(Z z) { return turned(f_tanh, z); }
Result f_asin(Z z) { return turned(f_asinh, z); }
Result f_atan(Z z) { return turned(f_atanh, z); }

kjit_status finish(kjit_context* ctx, uint32_t site, Z z, Result result, Z* out) {
  int64_t bits;
  __builtin_memcpy(&bits, &z.re, sizeof bits);
  if (result.outcome == Outcome::Domain) return kjit_trap(ctx, KJIT_TRAP_MathDomain, site, bits, 0, 0);
  if (result.outcome == Outcome::Range) return kjit_trap(ctx, KJIT_TRAP_MathRange, site, bits, 0, 0);
  *out = result.value;
  return KJIT_OK;
}

// modulus * (cos phase + i sin phase) where one of the two is not finite.
Z rect_special(double modulus, double phase) {
  if (std::isinf(modulus) && std::isfinite(phase) && phase != 0) {
    double sign = modulus > 0 ? 1 : -1;
    return {sign * std::copysign(INFINITY, std::cos(phase)), sign * std::copysign(INFINITY, std::sin(phase))};
  }
  if (phase == 0) return {modulus, std::isnan(modulus) ? 0.0 : std::copysign(1.0, modulus) * phase};
  if (modulus == 0) return {0.0, 0.0};
  return {std::isinf(modulus) ? INFINITY : NAN, NAN};
}

}  // namespace

extern "C" {

#define KJIT_CMATH(name)                                                                                      \
  kjit_status kjit_cmath_##name(kjit_context* ctx, uint32_t site, const kjit_complex* z, kjit_complex* out) { \
    return finish(ctx, site, *z, f_##name(*z), out);                                                          \
  }
#include "runtime/cmath.def"
#undef KJIT_CMATH

kjit_status kjit_cmath_log_base(kjit_context* ctx, uint32_t site, const kjit_complex* z, const kjit_complex* base,
                                kjit_complex* out) {
  Z numerator = f_log(*z).value;  // CPython forgets the error of log(0) here
  Result denominator = f_log(*base);
  if (denominator.outcome != Outcome::Ok || (denominator.value.re == 0 && denominator.value.im == 0)) {
    return finish(ctx, site, *z, {{}, Outcome::Domain}, out);
  }
  return kjit_complex_div(ctx, site, &numerator, &denominator.value, out);
}

double kjit_cmath_phase(const kjit_complex* z) { return std::atan2(z->im, z->re); }

kjit_status kjit_cmath_polar(kjit_context* ctx, uint32_t site, const kjit_complex* z, double* modulus, double* phase) {
  if (kjit_complex_abs(ctx, site, z, modulus) != KJIT_OK) return KJIT_FAILED;
  *phase = kjit_cmath_phase(z);
  return KJIT_OK;
}

kjit_status kjit_cmath_rect(kjit_context* ctx, uint32_t site, double modulus, double phase, kjit_complex* out) {
  Result result;
  if (!std::isfinite(modulus) || !std::isfinite(phase)) {
    result = domain_if(modulus != 0 && !std::isnan(modulus) && std::isinf(phase), rect_special(modulus, phase));
  } else if (phase == 0) {
    result.value = {modulus, modulus * phase};  // keeps the sign of zero
  } else {
    result.value = {modulus * std::cos(phase), modulus * std::sin(phase)};
  }
  return finish(ctx, site, {modulus, phase}, result, out);
}

}  // extern "C"
