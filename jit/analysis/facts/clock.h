#pragma once
// Readings of the clock: nothing may be moved across one, or a program measures something else than what it does.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

bool reads_clock(Builtin builtin);

// By FunctionId: does the function read the clock, itself or in what it calls?
std::vector<bool> clock_readers(const typed::Program& program);

}  // namespace kjit
