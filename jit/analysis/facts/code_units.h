#pragma once
// How a program is cut into pieces that are compiled on their own: several at a time, and those that two entry points have in
// common once.
//
// A tiny program is one unit. In a small one the functions with loops are units of their own, called by name, except for little
// ones that run inside of loops; in a larger one all functions are, except where the call would cost more than it saves: tiny
// functions, and small ones without a loop that run inside of loops, are compiled into every caller. The rule looks at the
// program alone, never at what was compiled before: so it cannot make results depend on the order of calls.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

struct CodeUnit {
  std::vector<typed::FunctionId> bodies;  // what is compiled into it; [0] is the function that others call
  std::vector<typed::FunctionId> calls;   // functions of other units that it calls: their [0]
};

// Callees stand before their callers; the last unit is that of functions[0]. Every function that the entry reaches is in one,
// tiny ones in several.
std::vector<CodeUnit> plan_units(const typed::Program& program);

}  // namespace kjit
