#pragma once
// What may fail at run time: raise, trap, or run out of memory.

#include "analysis/races/accesses.h"

namespace kjit {

// False only if evaluating the expression, where it stands in the loop, cannot fail. Integers that overflow under --checked do
// not count.
bool may_fail(const typed::Expr& expr, const typed::Function& function, const LoopAccesses& accesses);

}  // namespace kjit
