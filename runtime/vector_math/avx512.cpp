// Eight doubles or sixteen floats at once. Compiled with -mavx512f -mavx512dq, under the rules of avx2.cpp.

#if defined(__AVX512F__) && defined(__AVX512DQ__)

#define KJIT_LETTER e
#define KJIT_WIDTH 8
#define KJIT_WIDTH2 16
#include "runtime/vector_math/entries.h"

#endif
