#pragma once
// Chunks: iteration t touches nothing but what lies in [L(t), L(t + 1)).
//
//   lo = t * n // chunks; hi = (t + 1) * n // chunks
//   for k in range(lo, hi): a[k] = ...
//
// If L is monotone in t, the chunks of two iterations are disjoint. It need not be known which way: where L falls, chunks are
// empty.

#include "analysis/races/accesses.h"

namespace kjit {

// True: on some axis both accesses stay in the chunk of their iteration, for one and the same L. With `wrapping`, subscripts that
// may be negative as written count as not known.
bool stay_in_chunks(LoopAccesses& loop, const Access& a, const Access& b, bool wrapping);

}  // namespace kjit
