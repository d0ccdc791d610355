// Float arithmetic as Python has it: floor division, power, rounding, conversion to integers. Entry: one function per operation.

#include <stdlib.h>
#include <string.h>

#include <cmath>
#include <string>

#include "runtime/float_text.h"
#include "runtime/guard.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

int64_t bits_of(double value) {
  int64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// a % b with the sign of b, also for zero.
template <typename T>
T modulo(T a, T b) {
  T rest = std::fmod(a, b);
  if (rest == 0) return std::copysign(T{0}, b);
  return (rest < 0) != (b < 0) ? rest + b : rest;
}

// a // b: the quotient of what is left without the remainder, brought to the nearest integer.
template <typename T>
T floor_divide(T a, T b) {
  T rest = std::fmod(a, b);
  T quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(T{0}, a / b);
  T floor = std::floor(quotient);
  return quotient - floor > T{0.5} ? floor + 1 : floor;
}

// The limits of a type as doubles: least <= x < end.
struct IntRange {
  double least, end;
  int64_t bits;
};

IntRange range_of(int32_t dtype) {
  switch (dtype) {
    case KJIT_BOOL: return {0, 2, 1};
    case KJIT_I8: return {-0x1p7, 0x1p7, 8};
    case KJIT_I16: return {-0x1p15, 0x1p15, 16};
    case KJIT_I32: return {-0x1p31, 0x1p31, 32};
    case KJIT_U8: return {0, 0x1p8, 8};
    case KJIT_U16: return {0, 0x1p16, 16};
    case KJIT_U32: return {0, 0x1p32, 32};
    case KJIT_U64: return {0, 0x1p64, 64};
    default: return {-0x1p63, 0x1p63, 64};
  }
}

// Digits after the point beyond which a double has nothing to round, and before which everything rounds to 0.
constexpr int64_t kMostDigits = 323;
constexpr int64_t kLeastDigits = -308;

// By way of decimal text, which is correctly rounded in both directions.
double round_by_text(double value, int64_t digits) {
  if (digits >= 0) return strtod(fixed_text(value, static_cast<int>(digits)).c_str(), nullptr);
  // Rounds to a multiple of 10**-digits: all the digits of the number, which is an integer or can be taken for one, then half to
  // even.
  std::string text = fixed_text(std::fabs(value), 1074);  // the exact value
  auto cut = static_cast<int64_t>(text.find('.')) + digits;
  if (cut < 0) return std::copysign(0.0, value);
  std::string kept = "0" + text.substr(0, static_cast<size_t>(cut));
  std::string dropped = text.substr(static_cast<size_t>(cut));
  dropped.erase(dropped.find('.'), 1);
  bool above_half = dropped[0] > '5' || (dropped[0] == '5' && dropped.find_first_not_of('0', 1) != dropped.npos);
  bool half = dropped[0] == '5' && !above_half;
  if (above_half || (half && (kept.back() - '0') % 2 != 0)) {
    size_t at = kept.size() - 1;
    for (; kept[at] == '9'; at--) kept[at] = '0';
    kept[at]++;
  }
  return std::copysign(strtod((kept + "e" + std::to_string(-digits)).c_str(), nullptr), value);
}

}  // namespace

extern "C" {

double kjit_f64_floordiv(double a, double b) { return floor_divide(a, b); }
double kjit_f64_mod(double a, double b) { return modulo(a, b); }
float kjit_f32_floordiv(float a, float b) { return floor_divide(a, b); }
float kjit_f32_mod(float a, float b) { return modulo(a, b); }

kjit_status kjit_f64_pow(kjit_context* ctx, uint32_t site, double a, double b, double* out) {
  bool finite = std::isfinite(a) && std::isfinite(b);  // with an infinity or a NaN nothing is an error
  if (a == 0 && b < 0 && finite) return kjit_trap(ctx, KJIT_TRAP_ZeroToNegativePower, site, 0, 0, 0);
  if (a < 0 && finite && b != std::floor(b)) return kjit_trap(ctx, KJIT_TRAP_NegativeBasePower, site, bits_of(a), bits_of(b), 0);
  double result = std::pow(a, b);
  if (finite && std::isinf(result)) return kjit_trap(ctx, KJIT_TRAP_PowerOverflow, site, bits_of(a), bits_of(b), 0);
  *out = result;
  return KJIT_OK;
}

kjit_status kjit_round(kjit_context* ctx, uint32_t site, double value, int64_t* out) {
  return kjit_f64_to_int(ctx, site, std::nearbyint(value), KJIT_I64, out);
}

kjit_status kjit_round_digits(kjit_context* ctx, uint32_t site, double value, int64_t digits, double* out) {
  if (!std::isfinite(value) || value == 0 || digits > kMostDigits) return *out = value, KJIT_OK;
  if (digits < kLeastDigits) return *out = std::copysign(0.0, value), KJIT_OK;
  return guarded(ctx, site, [&] {
    double result = round_by_text(value, digits);
    if (std::isinf(result)) return raise_text(ctx, KJIT_OverflowError, site, "rounded value too large to represent");
    *out = result;
    return kjit_status{KJIT_OK};
  });
}

double kjit_np_round(double value, int64_t digits) {
  if (digits == 0) return std::rint(value);
  double scale = std::pow(10.0, static_cast<double>(digits < 0 ? -digits : digits));
  return digits > 0 ? std::rint(value * scale) / scale : std::rint(value / scale) * scale;
}

kjit_status kjit_f64_to_int(kjit_context* ctx, uint32_t site, double value, int32_t dtype, int64_t* out) {
  if (std::isnan(value)) return kjit_trap(ctx, KJIT_TRAP_FloatNanToInt, site, 0, 0, 0);
  if (std::isinf(value)) return kjit_trap(ctx, KJIT_TRAP_FloatInfToInt, site, 0, 0, 0);
  IntRange range = range_of(dtype);
  double whole = std::trunc(value);
  if (whole < range.least || whole >= range.end) {
    return kjit_trap(ctx, KJIT_TRAP_FloatTooLargeForInt, site, bits_of(value), range.bits, 0);
  }
  *out = dtype == KJIT_U64 ? static_cast<int64_t>(static_cast<uint64_t>(whole)) : static_cast<int64_t>(whole);
  return KJIT_OK;
}

}  // extern "C"
