#pragma once
// Where a recursive function looks whether the stack has room, and whether the call is to stop.

#include "typing/tree/typed_tree.h"

namespace kjit {

// In front of its calls, and not where it begins: of a function that only computes, most activations call nothing (all the leaves
// of the tree of calls), and these need neither the look nor a frame. Not for functions with loops, which rely on the calls in
// them to look (loops/loop_shape.cpp), not for those that hold references, which an error would have to release, and not for
// large ones.
bool guards_its_calls(const typed::Function& function);

// Every activation looks.
bool guards_each_activation(const typed::Function& function);

}  // namespace kjit
