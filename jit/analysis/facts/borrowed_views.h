#pragma once
// Variables that only ever hold views of arrays which outlive them: `row = m[i]` of a parameter m. They need no reference of
// their own, which would cost two atomic steps an assignment.

#include <vector>

#include "analysis/races/parallel_plan.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// By LocalId. Such a variable is assigned nothing but views (or whole arrays) of
//   - parameters that are never assigned: the caller holds them;
//   - variables that are assigned once, in no loop: they hold their array to the end of the function;
//   - such variables themselves.
// What a parallel loop hands from or to the code around it has a reference.
std::vector<bool> borrowed_views(const typed::Function& function, const ParallelPlans& plans);

}  // namespace kjit
