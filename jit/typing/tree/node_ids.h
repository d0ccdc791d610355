#pragma once
// Ids of loops and accesses: what plans and facts about a program are keyed by.

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

// Gives each function, loop and access its id, by functions and in the order of the source, and sets the program's counts. The
// one place that does, once all functions stand in the program.
void number_nodes(Program& program);

// The statements with the program's loops, by LoopId.
std::vector<const Stmt*> loops_by_id(const Program& program);

}  // namespace kjit::typed
