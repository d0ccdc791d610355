#pragma once
// Which locals are still read after a loop.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

// By LocalId: may the value that the local holds when `loop` has run all its iterations be read later (also in the next round of
// a loop around it)?
std::vector<bool> live_after(const typed::Function& function, const typed::ForRange& loop);

}  // namespace kjit
