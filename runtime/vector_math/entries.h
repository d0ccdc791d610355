#pragma once
// The entries for one vector width: NAME as the vector function ABI has it, of doubles and of twice as many floats, which are
// computed as doubles and rounded. The including file defines KJIT_LETTER (d: AVX2, e: AVX-512), KJIT_WIDTH and KJIT_WIDTH2.

#include "runtime/vector_math/functions.h"

namespace kjit::vector_math {
namespace {

using F64 = double __attribute__((vector_size(8 * KJIT_WIDTH)));
using F32Half = float __attribute__((vector_size(4 * KJIT_WIDTH)));
using F32 = float __attribute__((vector_size(8 * KJIT_WIDTH)));

template <typename Function>
[[gnu::always_inline]] inline F32 by_halves(F32 x, F32 y, Function function) {
  F32Half parts[2][2];
  __builtin_memcpy(parts[0], &x, sizeof x);
  __builtin_memcpy(parts[1], &y, sizeof y);
  F32Half results[2];
  for (int k = 0; k < 2; k++) {
    results[k] = __builtin_convertvector(
        function(__builtin_convertvector(parts[0][k], F64), __builtin_convertvector(parts[1][k], F64)), F32Half);
  }
  F32 result;
  __builtin_memcpy(&result, results, sizeof result);
  return result;
}

}  // namespace
}  // namespace kjit::vector_math

#define KJIT_JOIN_(prefix, letter, n, width, v, name) prefix##letter##n##width##v##_kjit_vm_##name
#define KJIT_JOIN(prefix, letter, n, width, v, name) KJIT_JOIN_(prefix, letter, n, width, v, name)
#define KJIT_ENTRY(width, v, name) KJIT_JOIN(_ZGV, KJIT_LETTER, N, width, v, name)

extern "C" {
using kjit::vector_math::F32;
using kjit::vector_math::F64;
#define KJIT_VECTOR1(name)                                                                                 \
  F64 KJIT_ENTRY(KJIT_WIDTH, v, name)(F64 x) { return kjit::vector_math::name<F64>(x); }                   \
  F32 KJIT_ENTRY(KJIT_WIDTH2, v, name##f)(F32 x) {                                                         \
    return kjit::vector_math::by_halves(x, x, [](F64 a, F64) { return kjit::vector_math::name<F64>(a); }); \
  }
#define KJIT_VECTOR2(name)                                                                                      \
  F64 KJIT_ENTRY(KJIT_WIDTH, vv, name)(F64 x, F64 y) { return kjit::vector_math::name<F64>(x, y); }             \
  F32 KJIT_ENTRY(KJIT_WIDTH2, vv, name##f)(F32 x, F32 y) {                                                      \
    return kjit::vector_math::by_halves(x, y, [](F64 a, F64 b) { return kjit::vector_math::name<F64>(a, b); }); \
  }
#include "runtime/vector_math.def"
}
