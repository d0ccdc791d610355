#pragma once
// log, log2, log10, log1p, asinh, acosh, atanh: x = 2^k (1 + f) with 1 + f between the roots of 1/2 and 2, and with s = f / (2 +
// f) log(1 + f) = f - f^2/2 + s (f^2/2 + s^2 P(s^2)).

#include "runtime/vector_math/lanes.h"
#include "runtime/vector_math/tables.h"

namespace kjit::vector_math {
namespace {

template <typename V>
struct Binary {
  V exponent, fraction;  // x = 2^exponent (1 + fraction)
};

// Of a positive, finite x.
KJIT_LANES Binary<V> binary_of(V x) {
  const auto subnormal = x < 0x1p-1022;
  const V normal = select(subnormal, x * 0x1p54, x);
  constexpr int64_t kRootOfHalf = INT64_C(0x3fe6a09e667f3bcd);
  // The biased exponent of the power of two nearest to x, from 1 to 2047, and then the number of it: in the low bits of 2^52.
  const Bits<V> above = bits<V>(normal) - kRootOfHalf + (INT64_C(1023) << 52);
  const Bits<V> raised = above & INT64_C(0x7ff0000000000000);
  const Bits<V> field = (raised >> 52) & INT64_C(0x7ff);
  const V exponent = number<V>(field | INT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
  const V mantissa = number<V>(bits<V>(normal) - (raised - (INT64_C(1023) << 52)));
  return {exponent - select(subnormal, splat<V>(54.0), V{}), mantissa - 1.0};
}

// log(1 + f) = f - half + rest, half = f^2 / 2
template <typename V>
struct LogParts {
  V half, rest;
};
KJIT_LANES LogParts<V> log_parts(V f) {
  const V s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  return {half, s * fma<V>(z, polynomial<V>(z, kLog), half)};
}

// log's value at 0, below 0, at infinity and NaN.
KJIT_LANES V log_edges(V x, V result) {
  result = select(x == 0.0, splat<V>(-__builtin_inf()), result);
  result = select(x < 0.0, splat<V>(__builtin_nan("")), result);
  return select(x < __builtin_inf(), result, x + x);
}

KJIT_LANES V log(V x) {
  const Binary<V> b = binary_of<V>(x);
  const LogParts<V> p = log_parts<V>(b.fraction);
  const V small = fma<V>(b.exponent, kLn2Lo, p.rest) - p.half;
  const V result = fma<V>(b.exponent, kLn2Hi, b.fraction + small);
  return log_edges<V>(x, result);
}

// log(1 + f) as two numbers.
KJIT_LANES Pair<V> log_pair(V f) {
  const LogParts<V> p = log_parts<V>(f);
  const V hi = f - p.half;
  return {hi, ((f - hi) - p.half) + p.rest};
}

KJIT_LANES V log2(V x) {
  const Binary<V> b = binary_of<V>(x);
  const Pair<V> l = log_pair<V>(b.fraction);
  const Pair<V> scaled = exact_product<V>(l.hi, splat<V>(kInvLn2Hi));
  const V low = scaled.lo + fma<V>(l.lo, kInvLn2Hi, l.hi * kInvLn2Lo);
  const Pair<V> sum = exact_sum<V>(b.exponent, scaled.hi);
  return log_edges<V>(x, sum.hi + (sum.lo + low));
}

KJIT_LANES V log10(V x) {
  const Binary<V> b = binary_of<V>(x);
  const Pair<V> l = log_pair<V>(b.fraction);
  const Pair<V> scaled = exact_product<V>(l.hi, splat<V>(kInvLn10Hi));
  const V low = scaled.lo + fma<V>(l.lo, kInvLn10Hi, fma<V>(l.hi, kInvLn10Lo, b.exponent * kLog10Of2Lo));
  const Pair<V> sum = exact_sum<V>(b.exponent * kLog10Of2Hi, scaled.hi);
  return log_edges<V>(x, sum.hi + (sum.lo + low));
}

// log(1 + x + low), |low| far below x. u = 1 + x rounds; the error goes through the derivative 1 / u.
KJIT_LANES V log1p_pair(V x, V low) {
  const Pair<V> u = exact_sum<V>(splat<V>(1.0), x);
  const Binary<V> b = binary_of<V>(u.hi);
  const auto near_one = b.exponent == 0.0;  // x itself is the fraction, without rounding
  const V f = select(near_one, x, b.fraction);
  const V lost = select(near_one, low, u.lo + low) / u.hi;
  const LogParts<V> p = log_parts<V>(f);
  const V small = fma<V>(b.exponent, kLn2Lo, p.rest + lost) - p.half;
  return fma<V>(b.exponent, kLn2Hi, f + small);
}

KJIT_LANES V log1p(V x) {
  V result = log1p_pair<V>(x, V{});
  result = select(x == -1.0, splat<V>(-__builtin_inf()), result);
  result = select(x < -1.0, splat<V>(__builtin_nan("")), result);
  result = select(x < __builtin_inf(), result, x + x);
  return select(abs<V>(x) < 0x1p-54, x, result);
}

// sign(x) log1p(a + a^2 / (1 + sqrt(1 + a^2))), a = |x|
KJIT_LANES V asinh(V x) {
  const V a = abs<V>(x);
  const auto large = a > 0x1p28;
  const V b = select(large, splat<V>(1.0), a);
  const V root = sqrt<V>(fma<V>(b, b, splat<V>(1.0)));
  const V part = b * b / (1.0 + root);
  const Pair<V> sum = exact_sum<V>(b, part);
  const V small = log1p_pair<V>(sum.hi, sum.lo);
  const V far = log<V>(a) + kLn2Hi;
  const V result = select(a < 0x1p-28, a, select(large, far, small));
  return with_sign<V>(result, x);
}

// log1p(t + sqrt(2 t + t^2)), t = x - 1
KJIT_LANES V acosh(V x) {
  const auto large = x > 0x1p28;
  const V t = select(large, splat<V>(1.0), x - 1.0);
  const Pair<V> sum = exact_sum<V>(t, sqrt<V>(fma<V>(t, t, t + t)));
  const V result = select(large, log<V>(x) + kLn2Hi, log1p_pair<V>(sum.hi, sum.lo));
  return select(x < 1.0, splat<V>(__builtin_nan("")), result);
}

// sign(x) log1p(2 a / (1 - a)) / 2, a = |x|
KJIT_LANES V atanh(V x) {
  const V a = abs<V>(x);
  const V below = 1.0 - a, error = (1.0 - below) - a;  // 1 - a = below + error
  const V quotient = (a + a) / below;
  const V rest = (fma<V>(-quotient, below, a + a) - quotient * error) / below;
  V result = 0.5 * log1p_pair<V>(quotient, rest);
  result = select(a == 1.0, splat<V>(__builtin_inf()), result);
  result = select(a > 1.0, splat<V>(__builtin_nan("")), result);
  return with_sign<V>(select(a < 0x1p-28, a, result), x);
}

}  // namespace
}  // namespace kjit::vector_math
