#pragma once
// Which locals an iteration reads before it has set them itself, and which it certainly sets.

#include <map>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

struct Exposure {
  // Reads of locals that the loop assigns, reached by a path on which this iteration has not set them: the first in source order.
  std::map<typed::LocalId, Span> exposed;
  // By LocalId: set on every path to the end of the iteration.
  std::vector<bool> always_set;
};

// `assume_rounds`: take it that inner loops whose range is the same in all iterations of the outer one make at least one round.
// If they make none, they do so in every iteration: their variables then keep the value from before the outer loop, which a
// private copy of it gives as well.
Exposure find_exposure(const typed::Function& function, const typed::ForRange& loop, bool assume_rounds);

}  // namespace kjit
