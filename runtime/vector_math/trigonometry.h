#pragma once
// sin, cos, tan: x = n pi/2 + r, |r| <= pi/4. pi/2 is subtracted in three parts (Cody and Waite), the first without rounding;
// numbers above kLargest go one by one through kjit_reduce_huge (Payne and Hanek). Entry: sin, cos, tan.

#include "runtime/vector_math/lanes.h"
#include "runtime/vector_math/tables.h"

// r.hi + r.lo = x - n pi/2 for a finite |x| >= 2^28; returns n modulo 4. The same code on every CPU (huge_arguments.cpp).
extern "C" int64_t kjit_reduce_huge(double x, double* hi, double* lo);

namespace kjit::vector_math {
namespace {

constexpr double kLargest = 0x1p28;

template <typename V>
struct Reduced {
  V hi, lo;
  Bits<V> quadrant;  // in its two lowest bits
};

template <typename V>
[[gnu::noinline, gnu::cold, maybe_unused]] static void reduce_huge_lanes(const V& x, Reduced<V>& r) {
  for (int k = 0; k < Lanes<V>::kCount; k++) {
    const double one = lane<V>(x, k);
    if (!(__builtin_fabs(one) > kLargest) || __builtin_isinf(one)) continue;
    double hi, lo;
    const int64_t quadrant = kjit_reduce_huge(one, &hi, &lo);
    set_lane<V>(r.hi, k, hi);
    set_lane<V>(r.lo, k, lo);
    if constexpr (Lanes<V>::kCount == 1) {
      r.quadrant = quadrant;
    } else {
      r.quadrant[k] = quadrant;
    }
  }
}

KJIT_LANES Reduced<V> reduce(V x) {
  const V shifted = x * kTwoOverPi + kRound;
  const V n = shifted - kRound;
  const V first = fma<V>(n, -kHalfPiHi, x);
  Reduced<V> r;
  const Pair<V> second = exact_product<V>(n, splat<V>(-kHalfPiLo)), rest = exact_sum<V>(first, second.hi);
  r.hi = rest.hi;
  r.lo = fma<V>(n, -kHalfPiTail, rest.lo + second.lo);
  r.quadrant = bits<V>(shifted);
  if (__builtin_expect(any(both(abs<V>(x) > kLargest, abs<V>(x) < __builtin_inf())), 0)) reduce_huge_lanes<V>(x, r);
  return r;
}

// The sine and the cosine of r as two numbers, the second small against the first.
KJIT_LANES Pair<V> sin_of_rest(const Reduced<V>& r) {
  const V z = r.hi * r.hi;
  return {r.hi, fma<V>(r.hi * z, polynomial<V>(z, kSin), fma<V>(r.lo * z, -0.5, r.lo))};
}

KJIT_LANES Pair<V> cos_of_rest(const Reduced<V>& r) {
  const V z = r.hi * r.hi, half = 0.5 * z, first = 1.0 - half;
  const V rest = fma<V>(z * z, polynomial<V>(z, kCos), -(r.hi * r.lo));
  return {first, ((1.0 - first) - half) + rest};
}

// One of the two, of |x| at most pi/4 away from the quadrant's axis.
template <typename V, typename M>
[[gnu::always_inline]] static inline V one_of(M second, Pair<V> a, Pair<V> b) {
  return select(second, b.hi, a.hi) + select(second, b.lo, a.lo);
}

// value with its sign changed where bit 1 of the quadrant is set
KJIT_LANES V with_quadrant_sign(V value, Bits<V> quadrant) { return number<V>(bits<V>(value) ^ ((quadrant & INT64_C(2)) << 62)); }

KJIT_LANES V sin(V x) {
  const Reduced<V> r = reduce<V>(x);
  const V value = one_of((r.quadrant & INT64_C(1)) != 0, sin_of_rest<V>(r), cos_of_rest<V>(r));
  return select(x == 0.0, x, with_quadrant_sign<V>(value, r.quadrant));
}

KJIT_LANES V cos(V x) {
  const Reduced<V> r = reduce<V>(x);
  const V value = one_of((r.quadrant & INT64_C(1)) != 0, cos_of_rest<V>(r), sin_of_rest<V>(r));
  return with_quadrant_sign<V>(value, r.quadrant + INT64_C(1));
}

// In odd quadrants -cos/sin.
KJIT_LANES V tan(V x) {
  const Reduced<V> r = reduce<V>(x);
  const Pair<V> sine = sin_of_rest<V>(r), cosine = cos_of_rest<V>(r);
  const Pair<V> s = ordered_sum<V>(sine.hi, sine.lo), c = ordered_sum<V>(cosine.hi, cosine.lo);
  const auto odd = (r.quadrant & INT64_C(1)) != 0;
  const Pair<V> above = {select(odd, -c.hi, s.hi), select(odd, -c.lo, s.lo)};
  const Pair<V> below = {select(odd, s.hi, c.hi), select(odd, s.lo, c.lo)};
  const Pair<V> q = quotient<V>(above, below);
  return select(x == 0.0, x, q.hi + q.lo);
}

}  // namespace
}  // namespace kjit::vector_math
