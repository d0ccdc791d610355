// Tiles for any CPU: 16 registers of 16 bytes on x86-64, of which 8 hold sums.

#include "runtime/matrix/tile.h"

namespace kjit::runtime {
KJIT_TILES(baseline, 16, 4, 2)
}  // namespace kjit::runtime
