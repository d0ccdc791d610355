// One double or one float: kjit_vm_NAME, kjit_vm_NAMEf. With the CPU's fused multiply-adds where it has them, else with the C
// library's, which are exact and slow: the bits are the same.

#include "runtime/vector_math/functions.h"
#include "runtime/vector_math/vector_math.h"

namespace {

#if defined(__x86_64__)
const bool has_fma = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}();
#define KJIT_WITH_FMA(name, ...) \
  if (has_fma) return kjit_vm_fma_##name(__VA_ARGS__);
#else
#define KJIT_WITH_FMA(name, ...)
#endif

}  // namespace

extern "C" {

#if defined(__x86_64__)
#define KJIT_VECTOR1(name) double kjit_vm_fma_##name(double x);
#define KJIT_VECTOR2(name) double kjit_vm_fma_##name(double x, double y);
#include "runtime/vector_math.def"
#endif

#define KJIT_VECTOR1(name)                     \
  double kjit_vm_##name(double x) {            \
    KJIT_WITH_FMA(name, x)                     \
    return kjit::vector_math::name<double>(x); \
  }                                            \
  float kjit_vm_##name##f(float x) { return static_cast<float>(kjit_vm_##name(static_cast<double>(x))); }
#define KJIT_VECTOR2(name)                                                                     \
  double kjit_vm_##name(double x, double y) {                                                  \
    KJIT_WITH_FMA(name, x, y)                                                                  \
    return kjit::vector_math::name<double>(x, y);                                              \
  }                                                                                            \
  float kjit_vm_##name##f(float x, float y) {                                                  \
    return static_cast<float>(kjit_vm_##name(static_cast<double>(x), static_cast<double>(y))); \
  }
#include "runtime/vector_math.def"

}  // extern "C"
