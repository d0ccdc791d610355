// Integer arithmetic as Python has it, on 64 bits. Entry: one function per operation.

#include <math.h>

#include <bit>

#include "runtime/guard.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

// The number of iterations of range(start, stop, step): it may need all 64 bits.
uint64_t trip_count(int64_t start, int64_t stop, int64_t step) {
  if (step > 0 ? start >= stop : start <= stop) return 0;
  uint64_t distance = static_cast<uint64_t>(stop) - static_cast<uint64_t>(start);
  if (step < 0) distance = -distance;
  return (distance - 1) / (step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step)) + 1;
}

uint64_t magnitude_of(int64_t n) { return n < 0 ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n); }

// a / b correctly rounded: a quotient of at least 55 bits and a sticky bit for the remainder, rounded once by the conversion.
double divide(uint64_t a, uint64_t b) {
  constexpr uint64_t exact = 1ull << 53;
  if (a <= exact && b <= exact) return static_cast<double>(a) / static_cast<double>(b);
  if (a == 0) return 0.0;
  int shift = std::countl_zero(a) + 64 - std::countl_zero(b);  // the dividend then fills 128 bits less those of b
  unsigned __int128 dividend = static_cast<unsigned __int128>(a) << shift;
  unsigned __int128 quotient = dividend / b;
  bool sticky = dividend % b != 0;
  // At most 128 bits: bring them down to 64 without losing what was there.
  int excess = 0;
  for (; quotient >> 62 != 0; excess++) {
    sticky |= (quotient & 1) != 0;
    quotient >>= 1;
  }
  return ldexp(static_cast<double>(static_cast<uint64_t>(quotient) | static_cast<uint64_t>(sticky)), excess - shift);
}

template <typename T>
T power(T base, T exponent) {
  uint64_t result = 1;
  for (auto square = static_cast<uint64_t>(base); exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= square;
    square *= square;
  }
  return static_cast<T>(result);
}

// False when the power does not fit.
template <typename T>
bool power_fits(T base, T exponent, T& result) {
  result = 1;
  bool overflow = false;  // of the square: matters only when it is used
  for (;; exponent >>= 1) {
    if (exponent & 1) {
      if (overflow || __builtin_mul_overflow(result, base, &result)) return false;
    }
    if (exponent <= 1) return true;
    overflow |= __builtin_mul_overflow(base, base, &base);
  }
}

uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t m) {
  return static_cast<uint64_t>(static_cast<unsigned __int128>(a) * b % m);
}

uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t m) {
  uint64_t result = 1 % m;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = multiply_mod(result, base, m);
    base = multiply_mod(base, base, m);
  }
  return result;
}

// The inverse of a modulo m by Euclid's algorithm; 0 when there is none (m > 1).
uint64_t inverse_mod(uint64_t a, uint64_t m) {
  __int128 r0 = m, r1 = a, t0 = 0, t1 = 1;
  while (r1 != 0) {
    __int128 q = r0 / r1;
    __int128 r2 = r0 - q * r1, t2 = t0 - q * t1;
    r0 = r1, r1 = r2, t0 = t1, t1 = t2;
  }
  if (r0 != 1) return 0;
  return static_cast<uint64_t>(t0 < 0 ? t0 + m : t0);
}

uint64_t gcd(uint64_t a, uint64_t b) {
  while (b) {
    uint64_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

template <typename A>
int32_t order(A a, A b) {
  return a < b ? -1 : a > b;
}

kjit_status too_large(kjit_context* ctx, uint32_t site, int64_t a, int64_t b) {
  return kjit_trap(ctx, KJIT_TRAP_IntegerOverflow, site, a, b, 64);
}

kjit_status negative_argument(kjit_context* ctx, uint32_t site, int64_t value) {
  return kjit_trap(ctx, KJIT_TRAP_IntMathDomain, site, value, 0, 0);
}

// n! up to 20!.
constexpr int64_t factorial(int64_t n) { return n <= 1 ? 1 : n * factorial(n - 1); }

}  // namespace

extern "C" {

int64_t kjit_range_length(int64_t start, int64_t stop, int64_t step) {
  uint64_t count = trip_count(start, stop, step);
  return count > INT64_MAX ? INT64_MAX : static_cast<int64_t>(count);
}

int64_t kjit_range_last(int64_t start, int64_t stop, int64_t step) {
  return kjit_range_item(start, static_cast<int64_t>(trip_count(start, stop, step) - 1), step);
}

int64_t kjit_range_item(int64_t start, int64_t position, int64_t step) {
  return static_cast<int64_t>(static_cast<uint64_t>(start) + static_cast<uint64_t>(position) * static_cast<uint64_t>(step));
}

double kjit_i64_truediv(int64_t a, int64_t b) {
  double quotient = divide(magnitude_of(a), magnitude_of(b));
  return (a < 0) != (b < 0) ? -quotient : quotient;
}
double kjit_u64_truediv(uint64_t a, uint64_t b) { return divide(a, b); }

int64_t kjit_i64_pow(int64_t base, int64_t exponent) { return power(base, exponent); }
uint64_t kjit_u64_pow(uint64_t base, uint64_t exponent) { return power(base, exponent); }

kjit_status kjit_i64_pow_exact(kjit_context* ctx, uint32_t site, int64_t base, int64_t exponent, int64_t* out) {
  if (exponent < 0) return kjit_trap(ctx, KJIT_TRAP_NegativeIntegerExponent, site, base, exponent, 0);
  int64_t result;
  if (!power_fits(base, exponent, result)) return too_large(ctx, site, base, exponent);
  *out = result;
  return KJIT_OK;
}

kjit_status kjit_u64_pow_exact(kjit_context* ctx, uint32_t site, uint64_t base, uint64_t exponent, uint64_t* out) {
  uint64_t result;
  if (!power_fits(base, exponent, result))
    return too_large(ctx, site, static_cast<int64_t>(base), static_cast<int64_t>(exponent));
  *out = result;
  return KJIT_OK;
}

kjit_status kjit_i64_powmod(kjit_context* ctx, uint32_t site, int64_t base, int64_t exponent, int64_t modulus, int64_t* out) {
  if (modulus == 0) return kjit_trap(ctx, KJIT_TRAP_PowModZero, site, 0, 0, 0);
  uint64_t m = magnitude_of(modulus);
  uint64_t residue = magnitude_of(base) % m;
  if (base < 0 && residue) residue = m - residue;
  if (exponent < 0 && m > 1) {
    residue = inverse_mod(residue, m);
    if (residue == 0) return kjit_trap(ctx, KJIT_TRAP_NotInvertible, site, base, modulus, 0);
  }
  uint64_t result = power_mod(residue, magnitude_of(exponent), m);
  // A result has the sign of the modulus.
  *out = static_cast<int64_t>(modulus < 0 && result ? result - m : result);
  return KJIT_OK;
}

int64_t kjit_gcd(int64_t a, int64_t b) { return static_cast<int64_t>(gcd(magnitude_of(a), magnitude_of(b))); }

int64_t kjit_lcm(int64_t a, int64_t b) {
  if (a == 0 || b == 0) return 0;
  uint64_t x = magnitude_of(a), y = magnitude_of(b);
  return static_cast<int64_t>(x / gcd(x, y) * y);
}

kjit_status kjit_isqrt(kjit_context* ctx, uint32_t site, int64_t n, int64_t* out) {
  if (n < 0) return negative_argument(ctx, site, n);
  auto root = static_cast<uint64_t>(sqrt(static_cast<double>(n)));  // off by one at most
  auto value = static_cast<uint64_t>(n);
  while (root * root > value) root--;
  while ((root + 1) * (root + 1) <= value) root++;
  *out = static_cast<int64_t>(root);
  return KJIT_OK;
}

kjit_status kjit_factorial(kjit_context* ctx, uint32_t site, int64_t n, int64_t* out) {
  if (n < 0) return negative_argument(ctx, site, n);
  if (n > 20) return kjit_trap(ctx, KJIT_TRAP_FactorialOverflow, site, n, 0, 0);
  *out = factorial(n);
  return KJIT_OK;
}

kjit_status kjit_comb(kjit_context* ctx, uint32_t site, int64_t n, int64_t k, int64_t* out) {
  if (n < 0 || k < 0) return negative_argument(ctx, site, n < 0 ? n : k);
  if (k > n) return *out = 0, KJIT_OK;
  uint64_t factors = static_cast<uint64_t>(k > n - k ? n - k : k);
  unsigned __int128 result = 1;
  for (uint64_t i = 1; i <= factors; i++) {
    result = result * (static_cast<uint64_t>(n) - factors + i) / i;  // always whole; result < 2**63 before
    if (result > INT64_MAX) return too_large(ctx, site, n, k);
  }
  *out = static_cast<int64_t>(result);
  return KJIT_OK;
}

kjit_status kjit_perm(kjit_context* ctx, uint32_t site, int64_t n, int64_t k, int64_t* out) {
  if (n < 0 || k < 0) return negative_argument(ctx, site, n < 0 ? n : k);
  if (k > n) return *out = 0, KJIT_OK;
  int64_t result = 1;
  for (int64_t i = 0; i < k; i++) {
    if (__builtin_mul_overflow(result, n - i, &result)) return too_large(ctx, site, n, k);
  }
  *out = result;
  return KJIT_OK;
}

int64_t kjit_bit_length(int64_t n) { return std::bit_width(magnitude_of(n)); }
int64_t kjit_bit_count(int64_t n) { return std::popcount(magnitude_of(n)); }

kjit_status kjit_i64_round(kjit_context* ctx, uint32_t site, int64_t value, int64_t digits, int64_t* out) {
  if (digits >= 0) return *out = value, KJIT_OK;
  if (digits < -19) return *out = 0, KJIT_OK;  // 10**20 is more than twice any value
  __int128 unit = 1;
  for (int64_t i = 0; i > digits; i--) unit *= 10;
  __int128 rest = ((value % unit) + unit) % unit;
  __int128 floor = value - rest;
  bool up = 2 * rest > unit || (2 * rest == unit && floor / unit % 2 != 0);
  __int128 result = up ? floor + unit : floor;
  if (result > INT64_MAX || result < INT64_MIN) return kjit_trap(ctx, KJIT_TRAP_IntegerOverflow, site, value, digits, 64);
  *out = static_cast<int64_t>(result);
  return KJIT_OK;
}

int32_t kjit_compare_i64_f64(int64_t a, double b) {
  if (isnan(b)) return 2;
  if (b >= 0x1p63) return -1;
  if (b < -0x1p63) return 1;
  auto whole = static_cast<int64_t>(b);  // towards zero; where b has a fraction, whole is exact and so is the difference
  if (a != whole) return order(a, whole);
  return order(0.0, b - static_cast<double>(whole));
}

int32_t kjit_compare_u64_f64(uint64_t a, double b) {
  if (isnan(b)) return 2;
  if (b >= 0x1p64) return -1;
  if (b < 0) return 1;
  auto whole = static_cast<uint64_t>(b);
  if (a != whole) return order(a, whole);
  return order(0.0, b - static_cast<double>(whole));
}

int32_t kjit_compare_i64_u64(int64_t a, uint64_t b) { return a < 0 ? -1 : order(static_cast<uint64_t>(a), b); }

}  // extern "C"
