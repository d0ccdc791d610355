#pragma once
// Recognises locals that a loop body only accumulates into: x += e, x = e + x, x = min(x, e), `if e < x: x = e`, flag = flag or
// e, `found = True`. The comparison may stand beside others, `if c and e < x`, if they do not depend on x.

#include <optional>
#include <string>

#include "analysis/facts/summaries.h"
#include "analysis/races/accesses.h"
#include "analysis/races/parallel_plan.h"
#include "runtime/abi.h"

namespace kjit {

// Set where a comparison with the reduced local decides, `where` of `if e < x: x = e; where = i`: blocks of iterations decide
// otherwise.
struct DecidedLocal {
  typed::LocalId local;
  bool is_harmless;  // its value can be evaluated more often than Python does
  Span span;
};

struct ReductionMatch {
  std::optional<Reduction> reduction;    // with empty `along`
  std::vector<typed::LocalId> set_with;  // Min and Max with one update: what its branch sets as well
  std::vector<DecidedLocal> decided;     // by Min and Max, in all branches
  // Without a reduction, if some updates looked like one:
  std::optional<Span> update;                 // the first of them
  std::string operation;                      // its operator in words of the source: "+"
  std::optional<Span> other_use;              // what is not such an update
  bool depends_on_order = false;              // min(e, x) of floats
  std::optional<Span> divided;                // by `x /= e` or `x //= e`
  std::vector<typed::LocalId> set_with_ties;  // as set_with, beside <= or >=, which do not tell whose value it is
  std::optional<Span> may_fail;               // `flag or e`, `e < x and c`: what may fail where Python would not evaluate it
  bool fails_beside_comparison = false;       // c
};

// Each block of iterations begins with a value of its own, and so evaluates more than Python does: e of `flag or e`, c of `e < x
// and c`, and w of `if e < x: x = e; where = w`. These must have no effect and cannot fail.
ReductionMatch match_reduction(const typed::Function& function, const std::vector<Summary>& summaries,
                               const LoopAccesses& accesses, const typed::Block& body, typed::LocalId local);

// The reduction that `x op= e` is a step of; nullopt if its steps must stay in order.
std::optional<ReduceOp> accumulating_op(typed::BinaryOp op);
// The runtime's name of the operator of an array reduction.
kjit_accumulation accumulation_of(ReduceOp op);

// "+", "min", "or", ...
std::string operator_text(ReduceOp op);

}  // namespace kjit
