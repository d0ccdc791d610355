#pragma once
// Recognises locals that a loop body only accumulates into: x += e, x = e + x, x = min(x, e), `if e < x: x = e`, flag = flag or e, `found = True`.

#include <optional>
#include <string>

#include "analysis/parallel_plan.h"
#include "analysis/summaries.h"
#include "runtime/abi.h"

namespace kjit {

struct ReductionMatch {
  std::optional<Reduction> reduction;   // with empty `along`
  std::vector<typed::LocalId> set_with;  // Min and Max with one update: what its branch sets as well
  // Without a reduction, if some updates looked like one:
  std::optional<Span> update;         // the first of them
  std::string operation;              // its operator in words of the source: "+"
  std::optional<Span> other_use;      // what is not such an update
  bool depends_on_order = false;      // min(e, x) of floats
};

// `flag or e` is one only if nobody can tell how often e is evaluated: each block of iterations begins with a flag of its own.
ReductionMatch match_reduction(const typed::Function& function, const std::vector<Summary>& summaries, const typed::Block& body,
                               typed::LocalId local);

// "+", "min", "or", ...
// The runtime's name of the operator of an array reduction.
kjit_accumulation accumulation_of(ReduceOp op);

std::string operator_text(ReduceOp op);

}  // namespace kjit
