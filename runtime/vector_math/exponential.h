#pragma once
// exp, exp2, expm1, sinh, cosh, tanh: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial for exp(r), and 2^n by way of the bits.

#include "runtime/vector_math/lanes.h"
#include "runtime/vector_math/tables.h"

namespace kjit::vector_math {
namespace {

KJIT_LANES V at_most(V x, double limit) { return select(x > limit, splat<V>(limit), x); }
KJIT_LANES V at_least(V x, double limit) { return select(x < limit, splat<V>(limit), x); }

// exp(r + low) * 2^n
KJIT_LANES V exp_of_rest(V r, V low, V n) { return scale<V>(1.0 + (r + fma<V>(r * r, polynomial<V>(r, kExp), low)), n); }

// exp(x) * 2^shift, shift 0 or -1. n ln 2's first part is subtracted without rounding: the difference has no bits below 2^-54.
KJIT_LANES V exp_scaled(V x, double shift) {
  x = at_most<V>(at_least<V>(x, -747.0), 712.0);
  const V n = nearest_integer<V>(x * kLog2E);
  const V r = fma<V>(n, -kLn2Hi, x);
  return exp_of_rest<V>(fma<V>(n, -kLn2Lo, r), V{}, n + shift);
}

KJIT_LANES V exp(V x) { return exp_scaled<V>(x, 0.0); }

KJIT_LANES V exp2(V x) {
  x = at_most<V>(at_least<V>(x, -1080.0), 1030.0);
  const V n = nearest_integer<V>(x);
  const V fraction = x - n;
  const V r = fraction * kLn2Hi;
  return exp_of_rest<V>(r, fma<V>(fraction, kLn2Hi, -r) + fraction * kLn2Lo, n);
}

// (exp(x) - 1) / 2 as two numbers: 2^n (exp(r) - 1) + (2^n - 1), all halved as 2^1024 is no double; the two large terms are added
// exactly.
KJIT_LANES Pair<V> half_expm1(V x) {
  const V limited = at_most<V>(at_least<V>(x, -100.0), 712.0);
  const V n = nearest_integer<V>(limited * kLog2E);
  const V first = fma<V>(n, -kLn2Hi, limited);
  const V r = fma<V>(n, -kLn2Lo, first);
  const V low = fma<V>(n, -kLn2Lo, first - r);
  const V rest = fma<V>(r * r, polynomial<V>(r, kExp), low);
  const V power = power_of_two<V>(at_most<V>(n - 1.0, 1023.0));
  const Pair<V> sum = exact_sum<V>(power - 0.5, power * r);
  return ordered_sum<V>(sum.hi, sum.lo + power * rest);
}

KJIT_LANES V expm1(V x) {
  const Pair<V> half = half_expm1<V>(x);
  const V result = 2.0 * (half.hi + half.lo);
  const V overflow = select(x > 709.782712893384, splat<V>(__builtin_inf()), result);
  return select(abs<V>(x) < 0x1p-54, x, overflow);
}

// t + t / (2 t + 1) with t = (exp(a) - 1) / 2.
KJIT_LANES V sinh(V x) {
  const V a = abs<V>(x);
  const Pair<V> t = half_expm1<V>(at_most<V>(a, 24.0));
  Pair<V> below = exact_sum<V>(t.hi + t.hi, splat<V>(1.0));
  below.lo = below.lo + 2.0 * t.lo;
  const Pair<V> q = quotient<V>(t, below), sum = exact_sum<V>(t.hi, q.hi);
  const V result = select(a < 22.0, sum.hi + (sum.lo + (t.lo + q.lo)), exp_scaled<V>(a, -1.0));
  return with_sign<V>(select(a < 0x1p-28, a, result), x);
}

KJIT_LANES V cosh(V x) {
  const V half = exp_scaled<V>(abs<V>(x), -1.0);
  return half + 0.25 / half;
}

// With t = (exp(2 a) - 1) / 2: t / (t + 1), and 1 - 1 / (t + 1) where that is nearer to 1.
KJIT_LANES V tanh(V x) {
  const V a = at_most<V>(abs<V>(x), 24.0);
  const Pair<V> t = half_expm1<V>(a + a);
  Pair<V> below = exact_sum<V>(t.hi, splat<V>(1.0));
  below.lo = below.lo + t.lo;
  const auto small = a < 0.5;
  const Pair<V> above = {select(small, t.hi, splat<V>(-1.0)), select(small, t.lo, V{})};
  const Pair<V> q = quotient<V>(above, below);
  const V value = q.hi + q.lo, result = select(small, value, 1.0 + value);
  return with_sign<V>(select(a < 0x1p-28, a, result), x);
}

}  // namespace
}  // namespace kjit::vector_math
