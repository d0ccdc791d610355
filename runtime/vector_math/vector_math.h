#pragma once
// NumPy's element functions of floats, computed here (vector_math.def lists them): at most 2 ulp from the exact value, with the
// same bits for one number and for a lane of a vector, on every CPU. docs/language.md has the measured errors.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KJIT_VECTOR1(name)       \
  double kjit_vm_##name(double); \
  float kjit_vm_##name##f(float);
#define KJIT_VECTOR2(name)               \
  double kjit_vm_##name(double, double); \
  float kjit_vm_##name##f(float, float);
#include "runtime/vector_math.def"

// A vector form of one of them, callable on a CPU of this kind only.
typedef struct kjit_vector_form {
  const char* scalar;   // "kjit_vm_exp"
  const char* vector;   // "_ZGVdN4v_kjit_vm_exp", as the vector function ABI names it
  const char* shape;    // "N4v"
  const char* feature;  // what the CPU must have for it, as LLVM writes it: "avx2,+fma"
  int32_t width;        // elements
  void* address;
} kjit_vector_form;

// The forms that this CPU can run.
const kjit_vector_form* kjit_vector_forms(int32_t* count);

#ifdef __cplusplus
}
#endif
