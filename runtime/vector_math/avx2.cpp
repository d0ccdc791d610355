// Four doubles or eight floats at once, and one double for CPUs that have fused multiply-adds. Compiled with -mavx2 -mfma;
// nothing here may be called, and no function with linkage may come in by way of a header, before the CPU was asked.

#if defined(__AVX2__) && defined(__FMA__)

#define KJIT_LETTER d
#define KJIT_WIDTH 4
#define KJIT_WIDTH2 8
#include "runtime/vector_math/entries.h"

extern "C" {
#define KJIT_VECTOR1(name) \
  double kjit_vm_fma_##name(double x) { return kjit::vector_math::name<double>(x); }
#define KJIT_VECTOR2(name) \
  double kjit_vm_fma_##name(double x, double y) { return kjit::vector_math::name<double>(x, y); }
#include "runtime/vector_math.def"
}

#endif
