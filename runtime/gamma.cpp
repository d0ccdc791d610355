// The gamma function. Entry: gamma, log_gamma.
//
// CPython does not use libm here, and neither do we: both take Lanczos' approximation
//   gamma(x) = S(x) * ((x + g - 1/2) / e) ** (x - 1/2) / e**g
// with Boost's rational function S ("lanczos13m53", N = 13, g = 6.0246...), and the reflection formula for negative arguments.
// The order of the operations decides about the last bits and is that of CPython.

#include "runtime/gamma.h"

#include <cmath>

namespace kjit::runtime {

namespace {

constexpr int kTerms = 13;
constexpr double kG = 6.024680040776729583740234375;
constexpr double kGMinusHalf = 5.524680040776729583740234375;
constexpr double kPi = 3.141592653589793238462643383279502884197;
constexpr double kLogPi = 1.144729885849400174143427351353058711647;

constexpr double kNumerator[kTerms] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};

// x * (x + 1) * ... * (x + 11), multiplied out.
constexpr double kDenominator[kTerms] = {0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
                                         2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};

// For x > 0. From x = 5 on in powers of 1/x, so that nothing overflows.
double lanczos_sum(double x) {
  double numerator = 0, denominator = 0;
  for (int i = 0; i < kTerms; i++) {
    int term = x < 5 ? kTerms - 1 - i : i;
    numerator = (x < 5 ? numerator * x : numerator / x) + kNumerator[term];
    denominator = (x < 5 ? denominator * x : denominator / x) + kDenominator[term];
  }
  return numerator / denominator;
}

// sin(pi * x) without the error of pi * x, for x >= 0.
double sin_pi(double x) {
  double y = std::fmod(x, 2.0);
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0: return std::sin(kPi * y);
    case 1: return std::cos(kPi * (y - 0.5));
    case 2: return std::sin(kPi * (1.0 - y));  // not y - 1: the sign of zero
    case 3: return -std::cos(kPi * (y - 1.5));
    default: return std::sin(kPi * (y - 2.0));
  }
}

double factorial_before(double x) {
  double product = 1;
  for (int i = 2; i < static_cast<int>(x); i++) product *= i;  // exact up to 22!
  return product;
}

// What rounding took from a = magnitude + g - 1/2, relative to it and in the unit that the power needs.
double base_correction(double magnitude, double a) {
  double error = magnitude > kGMinusHalf ? (a - magnitude) - kGMinusHalf : (a - kGMinusHalf) - magnitude;
  return error * kG / a;
}

double scaled_by_power(double value, double base, double magnitude, bool divide) {
  if (magnitude < 140.0) {
    double power = std::pow(base, magnitude - 0.5);
    return divide ? value / power : value * power;
  }
  double root = std::pow(base, magnitude / 2.0 - 0.25);  // the whole power might overflow
  return divide ? value / root / root : value * root * root;
}

}  // namespace

double gamma(double x) {
  if (!std::isfinite(x)) return x == -INFINITY ? NAN : x;
  if (x == 0) return std::copysign(INFINITY, x);
  if (x == std::floor(x)) {
    if (x < 0) return NAN;
    if (x <= 23) return factorial_before(x);
  }
  double magnitude = std::fabs(x);
  if (magnitude < 1e-20) return 1.0 / x;
  if (magnitude > 200.0) return x < 0 ? std::copysign(0.0, -sin_pi(magnitude)) : INFINITY;
  double base = magnitude + kGMinusHalf;
  double correction = base_correction(magnitude, base);
  double value;
  if (x < 0) {
    value = -kPi / sin_pi(magnitude) / magnitude * std::exp(base) / lanczos_sum(magnitude);
    value -= correction * value;
  } else {
    value = lanczos_sum(magnitude) / std::exp(base);
    value += correction * value;
  }
  return scaled_by_power(value, base, magnitude, x < 0);
}

double log_gamma(double x) {
  if (std::isnan(x)) return x;
  if (std::isinf(x)) return INFINITY;
  if (x == std::floor(x) && x <= 2) return x <= 0 ? INFINITY : 0.0;
  double magnitude = std::fabs(x);
  if (magnitude < 1e-20) return -std::log(magnitude);
  double value = std::log(lanczos_sum(magnitude)) - kG;
  value += (magnitude - 0.5) * (std::log(magnitude + kG - 0.5) - 1.0);
  if (x < 0) value = kLogPi - std::log(std::fabs(sin_pi(magnitude))) - std::log(magnitude) - value;
  return value;
}

}  // namespace kjit::runtime
