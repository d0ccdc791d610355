// Tiles for AVX-512: 32 registers of 64 bytes, of which 24 hold sums. Compiled with -mavx512f -mavx512dq.

#if defined(__AVX512F__)

#include "runtime/matrix/tile.h"

namespace kjit::runtime {
KJIT_TILES(avx512, 64, 8, 3)
}  // namespace kjit::runtime

#endif
