#pragma once
// pow: exp(y log |x|) with log and product as pairs of numbers, and the special cases of C's Annex F.

#include "runtime/vector_math/exponential.h"
#include "runtime/vector_math/logarithm.h"

namespace kjit::vector_math {
namespace {

KJIT_LANES Pair<V> product(Pair<V> a, Pair<V> b) {
  const Pair<V> p = exact_product<V>(a.hi, b.hi);
  return ordered_sum<V>(p.hi, p.lo + fma<V>(a.hi, b.lo, a.lo * b.hi));
}

// log(x) of a positive, finite x to about 2^-65 of its value: log(1 + f) = 2 s (1 + z / 3 + z^2 P(z)), s = f / (2 + f), z = s^2.
KJIT_LANES Pair<V> precise_log(V x) {
  const Binary<V> b = binary_of<V>(x);
  const Pair<V> s = quotient<V>({b.fraction, V{}}, exact_sum<V>(splat<V>(2.0), b.fraction));
  const Pair<V> z = product<V>(s, s);
  const Pair<V> third = product<V>(z, {splat<V>(kThirdHi), splat<V>(kThirdLo)});
  const V rest = third.lo + z.hi * z.hi * polynomial<V>(z.hi, kPreciseLog);
  const Pair<V> first = ordered_sum<V>(third.hi, rest), series = ordered_sum<V>(splat<V>(1.0), first.hi);
  const Pair<V> log = product<V>({s.hi + s.hi, s.lo + s.lo}, {series.hi, series.lo + first.lo});
  const Pair<V> power = exact_product<V>(b.exponent, splat<V>(kLn2Hi)), sum = exact_sum<V>(power.hi, log.hi);
  return ordered_sum<V>(sum.hi, sum.lo + (power.lo + fma<V>(b.exponent, kLn2Lo, log.lo)));
}

// exp(p), of which all but the last rounding is far below a unit in the last place: what is a double comes out as it.
KJIT_LANES V exp_of_pair(Pair<V> p) {
  const V x = at_most<V>(at_least<V>(p.hi, -747.0), 712.0);
  const V n = nearest_integer<V>(x * kLog2E);
  const V first = fma<V>(n, -kLn2Hi, x), near = fma<V>(n, -kLn2Lo, first);
  const Pair<V> r = ordered_sum<V>(near, fma<V>(n, -kLn2Lo, first - near) + p.lo);
  const V low = fma<V>(r.lo, r.hi, r.lo);  // what r.lo changes: its product with the derivative
  const Pair<V> sum = exact_sum<V>(r.hi, fma<V>(r.hi * r.hi, polynomial<V>(r.hi, kExp), low));
  const Pair<V> whole = ordered_sum<V>(splat<V>(1.0), sum.hi);
  return scale<V>(whole.hi + (whole.lo + sum.lo), n);
}

KJIT_LANES V pow(V x, V y) {
  const V a = abs<V>(x), infinity = splat<V>(__builtin_inf());
  const auto regular = both(a > 0.0, a < infinity);
  Pair<V> log = precise_log<V>(select(regular, a, splat<V>(1.0)));
  log.hi = select(regular, log.hi, select(a == 0.0, -infinity, infinity));
  const V hi = y * log.hi;
  // Beyond this exp is 0 or infinite, and the low part may be no number.
  const V lo = select(abs<V>(hi) < 1000.0, fma<V>(y, log.hi, -hi) + y * log.lo, V{});
  const V magnitude = exp_of_pair<V>({hi, lo});
  const V half = y * 0.5;
  const auto whole = __builtin_elementwise_trunc(y) == y;
  const auto odd = both(whole, __builtin_elementwise_trunc(half) != half);
  V result = select(odd, with_sign<V>(magnitude, x), magnitude);
  const auto rootless = both(both(x < 0.0, regular), __builtin_elementwise_trunc(y) != y);  // and y is finite
  result = select(rootless, splat<V>(__builtin_nan("")), result);
  result = select(both(a == 1.0, abs<V>(y) == infinity), splat<V>(1.0), result);
  result = select(x != x, x + y, result);
  result = select(y != y, x + y, result);
  result = select(y == 0.0, splat<V>(1.0), result);
  return select(x == 1.0, splat<V>(1.0), result);
}

}  // namespace
}  // namespace kjit::vector_math
