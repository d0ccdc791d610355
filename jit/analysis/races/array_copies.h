#pragma once
// Do blocks of iterations get copies of the arrays that they accumulate into? Results depend on it, and on the number of blocks,
// so this is part of the language (docs/language.md, runtime/runtime.h: kjit_reduction_block_count):
//
//   blocks = kjit_reduction_block_count(trips, elements and bytes of all array reductions), or kjit_block_count(trips) without
//            any;
//   copies = may_have_copies(), and blocks > 1, and no overlap test that names_reduced_array() found an overlap.
//
// Without copies the blocks stay, and one thread runs them in order on the arrays themselves. The interpreter and the lowering
// follow both lines. python/kjit/parallel/blocks.py counts blocks for CPython; tests/unit/block_counts.def pins both to one
// table.

#include "analysis/races/parallel_plan.h"

namespace kjit {

// The type that a handle leads to.
Type handle_type(const typed::Program& program, const typed::Function& function, const ArrayHandle& handle);

// In checked functions sums of integers are made in order, where overflow shows as it does in Python's order.
bool may_have_copies(const typed::Program& program, const typed::Function& function, const ParallelPlan& plan, bool checked);

}  // namespace kjit
