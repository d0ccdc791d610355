#pragma once
// Numbers as the functions of this folder see them: V is a double or a vector of doubles. Every step is one IEEE operation, with
// fused multiply-adds only where fma() is written (the build contracts nothing), so that a lane of a vector, on any CPU, has the
// bits of the double. The including file is compiled for one kind of CPU; nothing here has linkage, as two such files must not
// share code. Integers, which are the bits of numbers, wrap around: these files are compiled with -fwrapv.

#include <stdint.h>

#define KJIT_LANES      \
  template <typename V> \
  [[gnu::always_inline, maybe_unused]] static inline

namespace kjit::vector_math {
namespace {

template <typename V>
struct Lanes;

template <>
struct Lanes<double> {
  using Bits = int64_t;
  static constexpr int kCount = 1;
};

#if defined(__AVX2__) && defined(__FMA__)
using F64x4 = double __attribute__((vector_size(32)));
using I64x4 = int64_t __attribute__((vector_size(32)));
template <>
struct Lanes<F64x4> {
  using Bits = I64x4;
  static constexpr int kCount = 4;
};
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__)
using F64x8 = double __attribute__((vector_size(64)));
using I64x8 = int64_t __attribute__((vector_size(64)));
template <>
struct Lanes<F64x8> {
  using Bits = I64x8;
  static constexpr int kCount = 8;
};
#endif

template <typename V>
using Bits = typename Lanes<V>::Bits;

KJIT_LANES V splat(double value) { return value - V{}; }
KJIT_LANES Bits<V> bits(V x) { return __builtin_bit_cast(Bits<V>, x); }
KJIT_LANES V number(Bits<V> x) { return __builtin_bit_cast(V, x); }
// a * b + c, rounded once; b may be one double for all.
template <typename V, typename B>
[[gnu::always_inline, maybe_unused]] static inline V fma(V a, B b, V c) {
  if constexpr (__is_same(V, B)) {
    return __builtin_elementwise_fma(a, b, c);
  } else {
    return __builtin_elementwise_fma(a, splat<V>(b), c);
  }
}
KJIT_LANES V sqrt(V x) { return __builtin_elementwise_sqrt(x); }
KJIT_LANES V abs(V x) { return __builtin_elementwise_abs(x); }
KJIT_LANES V with_sign(V magnitude, V sign) { return __builtin_elementwise_copysign(magnitude, sign); }

template <typename M, typename V>
[[gnu::always_inline, maybe_unused]] static inline V select(M mask, V a, V b) {
  return mask ? a : b;
}
[[maybe_unused]] static inline bool any(bool mask) { return mask; }
[[maybe_unused]] static inline bool both(bool a, bool b) { return a && b; }
#if defined(__AVX2__) && defined(__FMA__)
[[gnu::always_inline, maybe_unused]] static inline bool any(I64x4 mask) { return __builtin_reduce_or(mask) != 0; }
[[gnu::always_inline, maybe_unused]] static inline I64x4 both(I64x4 a, I64x4 b) { return a & b; }
#endif
#if defined(__AVX512F__) && defined(__AVX512DQ__)
[[gnu::always_inline, maybe_unused]] static inline bool any(I64x8 mask) { return __builtin_reduce_or(mask) != 0; }
[[gnu::always_inline, maybe_unused]] static inline I64x8 both(I64x8 a, I64x8 b) { return a & b; }
#endif

KJIT_LANES double lane(V x, int k) {
  if constexpr (Lanes<V>::kCount == 1) {
    return x;
  } else {
    return x[k];
  }
}
KJIT_LANES void set_lane(V& x, int k, double value) {
  if constexpr (Lanes<V>::kCount == 1) {
    x = value;
  } else {
    x[k] = value;
  }
}

// ---- integers in doubles -----------------------------------------

// Of |x| < 2^51: x + kRound has the integer nearest to x in its low bits.
constexpr double kRound = 0x1.8p52;
KJIT_LANES V nearest_integer(V x) { return (x + kRound) - kRound; }

// 2^n for an integer n of [-1022, 1023].
KJIT_LANES V power_of_two(V n) { return number<V>((bits<V>(n + kRound) << 52) + INT64_C(0x3ff0000000000000)); }

// x * 2^n, rounded once, for an integer n of [-2044, 2046].
KJIT_LANES V scale(V x, V n) {
  const V half = nearest_integer<V>(n * 0.5);
  return x * power_of_two<V>(half) * power_of_two<V>(n - half);
}

// ---- sums and polynomials ----------------------------------------

// c[0] + c[1] x + ...
template <typename V, int N>
[[gnu::always_inline, maybe_unused]] static inline V polynomial(V x, const double (&c)[N]) {
  V sum = splat<V>(c[N - 1]);
#pragma clang loop unroll(full)
  for (int k = N - 2; k >= 0; k--) sum = fma<V>(sum, x, splat<V>(c[k]));
  return sum;
}

// The number hi + lo, |lo| <= ulp(hi) / 2 or a little more.
template <typename V>
struct Pair {
  V hi, lo;
};

// a + b exactly, for any two numbers (Knuth), and for |a| >= |b| (Dekker).
KJIT_LANES Pair<V> exact_sum(V a, V b) {
  const V sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}
KJIT_LANES Pair<V> ordered_sum(V a, V b) {
  const V sum = a + b;
  return {sum, b - (sum - a)};
}
KJIT_LANES Pair<V> exact_product(V a, V b) {
  const V product = a * b;
  return {product, fma<V>(a, b, -product)};
}

// a / b, nearly to the bits of both numbers.
KJIT_LANES Pair<V> quotient(Pair<V> a, Pair<V> b) {
  const V q = a.hi / b.hi;
  return {q, (fma<V>(-q, b.hi, a.hi) + (a.lo - q * b.lo)) / b.hi};
}

}  // namespace
}  // namespace kjit::vector_math
