// Python's math module on floats. Entry: kjit_math_NAME and kjit_checked_NAME for the rows of math.def.

#include "runtime/runtime.h"

#include <float.h>
#include <limits.h>
#include <string.h>

#include <algorithm>
#include <cmath>

#include "runtime/gamma.h"

namespace {

constexpr double kPi = 3.141592653589793;

int64_t bits_of(double value) {
  int64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

enum class Rule { Domain, Range, Pole, Power, None };

kjit_status domain_error(kjit_context* ctx, uint32_t site, double at) {
  return kjit_trap(ctx, KJIT_TRAP_MathDomain, site, bits_of(at), 0, 0);
}
kjit_status range_error(kjit_context* ctx, uint32_t site, double at) {
  return kjit_trap(ctx, KJIT_TRAP_MathRange, site, bits_of(at), 0, 0);
}

bool infinity_is_range(Rule rule, double x) {
  if (rule == Rule::Pole) return x != std::floor(x) || x > 0;
  return rule == Rule::Range || (rule == Rule::Power && x != 0);
}

// Judges a result by the rule of its row; `x` is the first argument.
kjit_status judge(kjit_context* ctx, uint32_t site, Rule rule, bool has_nan, bool finite, double x, double result, double* out) {
  if (rule != Rule::None) {
    if (std::isnan(result) && !has_nan) return domain_error(ctx, site, x);
    if (std::isinf(result) && finite) return infinity_is_range(rule, x) ? range_error(ctx, site, x) : domain_error(ctx, site, x);
  }
  *out = result;
  return KJIT_OK;
}

// Twice the precision of a double: value = hi + lo.
struct Sum {
  double hi = 0, lo = 0;
  void add(double x) {
    double sum = hi + x;
    double part = sum - hi;
    lo += (hi - (sum - part)) + (x - part);
    hi = sum;
  }
  void add_square(double x, double sign) {
    double square = x * x;
    add(sign * square);
    lo += sign * std::fma(x, x, -square);
  }
};

// sqrt(sum of squares) for values scaled to about 1: the root of the leading part, then one Newton step against the exact sum.
double norm_of_scaled(const double* values, int64_t count, int exponent) {
  Sum sum;
  for (int64_t i = 0; i < count; i++) sum.add_square(std::ldexp(values[i], -exponent), 1);
  double root = std::sqrt(sum.hi + sum.lo);
  sum.add_square(root, -1);
  return root + (sum.hi + sum.lo) / (2 * root);
}

int clamped(int64_t exponent) {
  return static_cast<int>(std::clamp<int64_t>(exponent, -5000, 5000));
}  // beyond, all is 0 or infinite

}  // namespace

extern "C" {

#define KJIT_LIBM(name) \
  double kjit_math_##name(double x) { return std::name(x); }
KJIT_LIBM(acos)
KJIT_LIBM(acosh)
KJIT_LIBM(asin)
KJIT_LIBM(asinh)
KJIT_LIBM(atan)
KJIT_LIBM(atanh)
KJIT_LIBM(cbrt)
KJIT_LIBM(cos)
KJIT_LIBM(cosh)
KJIT_LIBM(erf)
KJIT_LIBM(erfc)
KJIT_LIBM(exp)
KJIT_LIBM(exp2)
KJIT_LIBM(expm1)
KJIT_LIBM(fabs)
KJIT_LIBM(log)
KJIT_LIBM(log10)
KJIT_LIBM(log1p)
KJIT_LIBM(log2)
KJIT_LIBM(sin)
KJIT_LIBM(sinh)
KJIT_LIBM(sqrt)
KJIT_LIBM(tan)
KJIT_LIBM(tanh)
KJIT_LIBM(floor)
KJIT_LIBM(ceil)
KJIT_LIBM(trunc)
KJIT_LIBM(rint)
#undef KJIT_LIBM

double kjit_math_gamma(double x) { return kjit::runtime::gamma(x); }
double kjit_math_lgamma(double x) { return kjit::runtime::log_gamma(x); }
double kjit_math_degrees(double x) { return x * (180.0 / kPi); }
double kjit_math_radians(double x) { return x * (kPi / 180.0); }

double kjit_math_ulp(double x) {
  if (!std::isfinite(x)) return std::fabs(x);
  double magnitude = std::fabs(x);
  return magnitude == DBL_MAX ? magnitude - std::nextafter(magnitude, 0.0) : std::nextafter(magnitude, INFINITY) - magnitude;
}

double kjit_math_atan2(double x, double y) { return std::atan2(x, y); }
double kjit_math_copysign(double x, double y) { return std::copysign(x, y); }
double kjit_math_fmod(double x, double y) { return std::fmod(x, y); }
double kjit_math_nextafter(double x, double y) { return std::nextafter(x, y); }
double kjit_math_pow(double x, double y) { return std::pow(x, y); }
double kjit_math_remainder(double x, double y) { return std::remainder(x, y); }

double kjit_math_hypot(double x, double y) {
  double values[2] = {x, y};
  return kjit_math_hypot_n(values, 2);
}

double kjit_math_hypot_n(const double* values, int64_t count) {
  double largest = 0;
  bool has_nan = false;
  for (int64_t i = 0; i < count; i++) {
    has_nan |= std::isnan(values[i]);
    largest = std::max(largest, std::fabs(values[i]));
  }
  if (std::isinf(largest)) return largest;
  if (has_nan) return NAN;
  if (largest == 0 || count == 1) return largest;
  int exponent;
  std::frexp(largest, &exponent);
  return std::ldexp(norm_of_scaled(values, count, exponent), exponent);
}

#define KJIT_MATH1(name, rule)                                                                         \
  kjit_status kjit_checked_##name(kjit_context* ctx, uint32_t site, double x, double* out) {           \
    return judge(ctx, site, Rule::rule, std::isnan(x), std::isfinite(x), x, kjit_math_##name(x), out); \
  }
#define KJIT_MATH2(name, rule)                                                                         \
  kjit_status kjit_checked_##name(kjit_context* ctx, uint32_t site, double x, double y, double* out) { \
    bool has_nan = std::isnan(x) || std::isnan(y), finite = std::isfinite(x) && std::isfinite(y);      \
    return judge(ctx, site, Rule::rule, has_nan, finite, x, kjit_math_##name(x, y), out);              \
  }
#include "runtime/math.def"

kjit_status kjit_checked_log_base(kjit_context* ctx, uint32_t site, double x, double base, double* out) {
  double numerator, denominator;
  if (kjit_checked_log(ctx, site, x, &numerator) != KJIT_OK || kjit_checked_log(ctx, site, base, &denominator) != KJIT_OK)
    return KJIT_FAILED;
  if (denominator == 0) return kjit_trap(ctx, KJIT_TRAP_FloatDivisionByZero, site, 0, 0, 0);
  *out = numerator / denominator;
  return KJIT_OK;
}

double kjit_math_ldexp(double x, int64_t exponent) { return std::ldexp(x, clamped(exponent)); }

kjit_status kjit_checked_ldexp(kjit_context* ctx, uint32_t site, double x, int64_t exponent, double* out) {
  return judge(ctx, site, Rule::Range, std::isnan(x), std::isfinite(x), x, kjit_math_ldexp(x, exponent), out);
}

double kjit_math_frexp(double x, int64_t* exponent) {
  int power = 0;
  double mantissa = std::isfinite(x) ? std::frexp(x, &power) : x;
  *exponent = power;
  return mantissa;
}

double kjit_math_modf(double x, double* integer) { return std::modf(x, integer); }

int32_t kjit_math_isclose(double a, double b, double rel_tol, double abs_tol) {
  if (a == b) return 1;
  if (std::isinf(a) || std::isinf(b)) return 0;
  double difference = std::fabs(b - a);
  return difference <= std::fabs(rel_tol * b) || difference <= std::fabs(rel_tol * a) || difference <= abs_tol;
}

}  // extern "C"
