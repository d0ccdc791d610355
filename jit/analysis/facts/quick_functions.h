#pragma once
// Functions that are not worth optimising: a script calls them a few times, and they have no loop.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

// By FunctionId. None in a program whose entry is a kernel, as the host may call that in a loop of its own.
std::vector<bool> quick_functions(const typed::Program& program);

}  // namespace kjit
