#pragma once
// Recognises locals that a loop body only accumulates into: x += e, x = e + x, x = min(x, e), `if e < x: x = e`, flag = flag or
// e, `found = True`.

#include <optional>
#include <string>

#include "analysis/facts/summaries.h"
#include "analysis/races/accesses.h"
#include "analysis/races/parallel_plan.h"
#include "runtime/abi.h"

namespace kjit {

struct ReductionMatch {
  std::optional<Reduction> reduction;    // with empty `along`
  std::vector<typed::LocalId> set_with;  // Min and Max with one update: what its branch sets as well
  // Without a reduction, if some updates looked like one:
  std::optional<Span> update;                 // the first of them
  std::string operation;                      // its operator in words of the source: "+"
  std::optional<Span> other_use;              // what is not such an update
  bool depends_on_order = false;              // min(e, x) of floats
  std::optional<Span> divided;                // by `x /= e` or `x //= e`
  std::vector<typed::LocalId> set_with_ties;  // as set_with, beside <= or >=, which do not tell whose value it is
  std::optional<Span> may_fail;               // `flag or e`: e, which may fail where Python would not evaluate it
};

// Each block of iterations begins with a value of its own, and so evaluates more than Python does: e of `flag or e`, and w of `if
// e < x: x = e; where = w`. These must have no effect and cannot fail.
ReductionMatch match_reduction(const typed::Function& function, const std::vector<Summary>& summaries,
                               const LoopAccesses& accesses, const typed::Block& body, typed::LocalId local);

// The reduction that `x op= e` is a step of; nullopt if its steps must stay in order.
std::optional<ReduceOp> accumulating_op(typed::BinaryOp op);
// The runtime's name of the operator of an array reduction.
kjit_accumulation accumulation_of(ReduceOp op);

// "+", "min", "or", ...
std::string operator_text(ReduceOp op);

}  // namespace kjit
