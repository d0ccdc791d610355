#pragma once
// Facts about the call graph of a program, for the fields of typed::Function that state them.

#include "typing/tree/typed_tree.h"

namespace kjit {

// Sets is_recursive and draws_random of every function.
void annotate_call_graph(typed::Program& program);

}  // namespace kjit
