#pragma once
// Where an array goes in a loop other than into accumulating updates. A block of iterations may have a copy of the array in its
// place only if nothing else in the loop can get hold of it: a copy that is assigned, returned, captured or passed on would
// outlive the block.

#include "analysis/races/parallel_plan.h"

namespace kjit {

// `updates`: statements whose arrays may be copies, in the body or in functions that it calls with the array. Reading a shape is
// harmless, and so is a call of a function in which the parameter does not escape.
bool escapes(const ArrayHandle& array, const std::vector<typed::AccessId>& updates, const typed::Block& body,
             const typed::Function& function, const typed::Program& program);

}  // namespace kjit
