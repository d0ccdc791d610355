#pragma once
// cbrt, hypot.

#include "runtime/vector_math/lanes.h"
#include "runtime/vector_math/tables.h"

namespace kjit::vector_math {
namespace {

// |x| = m 8^q with m in [1, 8): a polynomial, two of Halley's steps, and one of Newton's with an exact remainder.
KJIT_LANES V cbrt(V x) {
  const V a = abs<V>(x);
  const auto subnormal = a < 0x1p-1022;
  const V normal = select(subnormal, a * 0x1p54, a);
  const V exponent = number<V>(((bits<V>(normal) >> 52) & INT64_C(0x7ff)) | INT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
  const V third = nearest_integer<V>((exponent - 1.0) * (1.0 / 3.0));  // floor(exponent / 3)
  const V rest = exponent - 3.0 * third;
  const V mantissa = number<V>((bits<V>(normal) & INT64_C(0x000fffffffffffff)) | INT64_C(0x3ff0000000000000));
  const V m = mantissa * power_of_two<V>(rest);
  V y = polynomial<V>(m, kCbrt);
#pragma clang loop unroll(full)
  for (int step = 0; step < 2; step++) {
    const V cube = y * y * y;
    y = y * ((cube + (m + m)) / ((cube + cube) + m));
  }
  const Pair<V> square = exact_product<V>(y, y), cube = exact_product<V>(square.hi, y);
  const V remainder = (cube.hi - m) + (cube.lo + square.lo * y);
  const V root = y - remainder / (3.0 * square.hi);
  const V power = third - select(subnormal, splat<V>(18.0), V{});
  const V result = root * power_of_two<V>(power);
  return select(both(a > 0.0, a < __builtin_inf()), with_sign<V>(result, x), x + x);
}

// sqrt(x^2 + y^2), scaled, with the squares' rounding errors put back.
KJIT_LANES V hypot(V x, V y) {
  const V a = abs<V>(x), b = abs<V>(y);
  const V large = select(a > b, a, b), small = select(a > b, b, a);
  const V factor = select(large > 0x1p500, splat<V>(0x1p-600), select(large < 0x1p-400, splat<V>(0x1p600), splat<V>(1.0)));
  const V back = select(large > 0x1p500, splat<V>(0x1p600), select(large < 0x1p-400, splat<V>(0x1p-600), splat<V>(1.0)));
  const V p = large * factor, q = small * factor;
  const Pair<V> pp = exact_product<V>(p, p), qq = exact_product<V>(q, q), sum = ordered_sum<V>(pp.hi, qq.hi);
  const V root = sqrt<V>(sum.hi);
  const V remainder = fma<V>(-root, root, sum.hi) + (sum.lo + (pp.lo + qq.lo));
  const V exact = root + remainder / (root + root);
  const V result = select(q < p * 0x1p-60, p, exact) * back;
  const V infinity = splat<V>(__builtin_inf());
  const V edge = select(a == infinity, a, select(b == infinity, b, a + b));
  return select(both(large > 0.0, both(a < infinity, b < infinity)), result, edge);
}

}  // namespace
}  // namespace kjit::vector_math
