#pragma once
// asin, acos, atan, atan2.

#include "runtime/vector_math/lanes.h"
#include "runtime/vector_math/tables.h"

namespace kjit::vector_math {
namespace {

// asin(r + low) - r
KJIT_LANES V asin_rest(V r, V low) {
  const V z = r * r;
  return fma<V>(r * z, polynomial<V>(z, kAsin), low);
}

// Above 1/2: asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2)).
template <typename V>
struct ArcSine {
  V r, rest;  // asin(r) = r + rest, of a or of the root
  decltype(V{} > V{}) large;
};
KJIT_LANES ArcSine<V> arc_sine(V a) {
  const auto large = a > 0.5;
  const V t = 0.5 * (1.0 - a), root = sqrt<V>(t);
  const V lost = fma<V>(-root, root, t) / (root + root + 0x1p-1000);  // of the root's rounding
  const V r = select(large, root, a);
  return {r, asin_rest<V>(r, select(large, lost, V{})), large};
}

KJIT_LANES V asin(V x) {
  const ArcSine<V> s = arc_sine<V>(abs<V>(x));
  const Pair<V> sum = ordered_sum<V>(splat<V>(kHalfPiHi), -2.0 * s.r);
  const V far = sum.hi + (sum.lo + (kHalfPiLo - 2.0 * s.rest));
  return with_sign<V>(select(s.large, far, s.r + s.rest), x);
}

KJIT_LANES V acos(V x) {
  const ArcSine<V> s = arc_sine<V>(abs<V>(x));
  const auto negative = x < 0.0;
  const V r = with_sign<V>(s.r, x), rest = select(negative, -s.rest, s.rest);
  const Pair<V> middle = ordered_sum<V>(splat<V>(kHalfPiHi), -r);
  const V near = middle.hi + (middle.lo + (kHalfPiLo - rest));
  const Pair<V> left = ordered_sum<V>(splat<V>(kPiHi), -2.0 * s.r);
  const V far = select(negative, left.hi + (left.lo + (kPiLo - 2.0 * s.rest)), 2.0 * (s.r + s.rest));
  return select(s.large, far, near);
}

// atan(numerator / denominator) for two positive numbers that are neither huge nor tiny: the angle less 0, pi/4 or pi/2 is the
// arc tangent of a quotient of at most tan(pi/8).
KJIT_LANES Pair<V> arc_tangent(V numerator, V denominator) {
  const auto steep = numerator > denominator * kTanThreeEighthsPi;
  const auto middle = numerator > denominator * kTanEighthPi;
  const Pair<V> difference = exact_sum<V>(numerator, -denominator), sum = exact_sum<V>(numerator, denominator);
  const V up = select(steep, -denominator, select(middle, difference.hi, numerator));
  const V up_low = select(steep, V{}, select(middle, difference.lo, V{}));
  const V down = select(steep, numerator, select(middle, sum.hi, denominator));
  const V down_low = select(steep, V{}, select(middle, sum.lo, V{}));
  const V r = up / down;
  const V lost = (fma<V>(-r, down, up) + (up_low - r * down_low)) / down;  // up / down = r + lost
  const V z = r * r;
  const V rest = fma<V>(r * z, polynomial<V>(z, kAtan), fma<V>(-z, lost, lost));
  const V base = select(steep, splat<V>(kHalfPiHi), select(middle, splat<V>(kQuarterPiHi), V{}));
  const V base_low = select(steep, splat<V>(kHalfPiLo), select(middle, splat<V>(kQuarterPiLo), V{}));
  const Pair<V> angle = exact_sum<V>(base, r);
  return {angle.hi, angle.lo + (base_low + rest)};
}

KJIT_LANES V atan(V x) {
  const V a = abs<V>(x);
  const Pair<V> angle = arc_tangent<V>(select(a > 0x1p60, splat<V>(0x1p60), a), splat<V>(1.0));
  const V value = select(a < 0x1p-28, a, angle.hi + angle.lo);
  return select(x == x, with_sign<V>(value, x), x + x);
}

// Beyond a quotient of 2^60 the angle is an axis, or y / x where that is tiny; the two are scaled to be near 1.
KJIT_LANES V atan2(V y, V x) {
  V a = abs<V>(y), b = abs<V>(x);
  const V infinity = splat<V>(__builtin_inf());
  const auto infinite = both(a == infinity, b == infinity);
  a = select(infinite, splat<V>(1.0), a);
  b = select(infinite, splat<V>(1.0), b);
  const V largest = select(a > b, a, b);
  const V factor = select(largest > 0x1p500, splat<V>(0x1p-550), select(largest < 0x1p-500, splat<V>(0x1p550), splat<V>(1.0)));
  const V up = a * factor, down = b * factor;
  const auto flat = up < down * 0x1p-60;   // y / x, or pi
  const auto steep = down < up * 0x1p-60;  // pi / 2
  const auto plain = both(both(up > 0.0, down > 0.0), both(up < infinity, down < infinity));
  const V one = splat<V>(1.0);
  const Pair<V> angle = arc_tangent<V>(select(plain, select(flat, one, up), one), select(plain, select(steep, one, down), one));
  const V tiny = select(both(a == 0.0, b == 0.0), V{}, a / b);
  const auto backwards = bits<V>(x) < INT64_C(0);
  const V hi = select(flat, tiny, select(steep, splat<V>(kHalfPiHi), angle.hi));
  const V lo = select(flat, V{}, select(steep, splat<V>(kHalfPiLo), angle.lo));
  const auto zero = both(a == 0.0, b == 0.0);
  const V near_hi = select(zero, V{}, hi), near_lo = select(zero, V{}, lo);
  const Pair<V> turned = exact_sum<V>(splat<V>(kPiHi), -near_hi);
  const V value = select(backwards, turned.hi + (turned.lo + (kPiLo - near_lo)), near_hi + near_lo);
  const V sum = x + y;
  return select(sum != sum, select(infinite, with_sign<V>(value, y), sum), with_sign<V>(value, y));
}

}  // namespace
}  // namespace kjit::vector_math
