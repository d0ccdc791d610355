// Tiles for AVX2: 16 registers of 32 bytes, of which 12 hold sums. Compiled with -mavx2.

#if defined(__AVX2__)

#include "runtime/matrix/tile.h"

namespace kjit::runtime {
KJIT_TILES(avx2, 32, 6, 2)
}  // namespace kjit::runtime

#endif
