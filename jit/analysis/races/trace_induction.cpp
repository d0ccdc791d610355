// Variables that a while loop advances by a fixed step: known in each round, as the variable of a range is. Entry:
// Trace::find_induction.
//
//   while k < n:          in round c, k is (k before the loop) + c * step, until it is advanced
//       ...
//       k += step

#include <algorithm>

#include "analysis/facts/walk.h"
#include "analysis/races/trace.h"

namespace kjit {

using namespace typed;

namespace {

struct Induction {
  LocalId variable;
  const Expr* step;
  bool downwards;  // it is subtracted
};

// Does it have the same value in each round? Of the simple expressions that limits are made of.
bool is_invariant(const Expr& expr, const std::vector<bool>& assigned) {
  bool fixed = true;
  for_each_expr(expr, [&](const Expr& part) {
    const auto* read = std::get_if<ReadLocal>(&part.node);
    const bool is_simple = std::holds_alternative<Constant>(part.node) || std::holds_alternative<Binary>(part.node) ||
                           std::holds_alternative<ArrayDim>(part.node) || std::holds_alternative<Convert>(part.node);
    fixed = fixed && (read ? !assigned[read->local] : is_simple);
  });
  return fixed;
}

int count_assignments(const Block& body, LocalId local) {
  int count = 0;
  for_each_stmt(body, [&](const Stmt& stmt) {
    const auto* assign = std::get_if<AssignLocal>(&stmt.node);
    const auto* loop = std::get_if<ForRange>(&stmt.node);
    count += (assign && assign->local == local) || (loop && loop->variable == local) ? 1 : 0;
  });
  return count;
}

// `continue` of this loop would pass the step over.
bool may_continue(const Block& body) {
  return std::any_of(body.begin(), body.end(), [](const StmtPtr& stmt) {
    if (std::holds_alternative<Continue>(stmt->node)) return true;
    const auto* branch = std::get_if<If>(&stmt->node);
    return branch && (may_continue(branch->body) || may_continue(branch->otherwise));
  });
}

// `variable = variable + step`, by a statement that each round comes to.
std::optional<Induction> match_induction(const Stmt& stmt, const std::vector<bool>& assigned) {
  const auto* assign = std::get_if<AssignLocal>(&stmt.node);
  const auto* sum = assign ? std::get_if<Binary>(&assign->value->node) : nullptr;
  const bool advances = sum && assign->value->type.is(Kind::I64) && (sum->op == BinaryOp::Add || sum->op == BinaryOp::Sub);
  if (!advances) return std::nullopt;
  const auto* read = std::get_if<ReadLocal>(&sum->lhs->node);
  if (!read || read->local != assign->local || !is_invariant(*sum->rhs, assigned)) return std::nullopt;
  return Induction{assign->local, sum->rhs.get(), sum->op == BinaryOp::Sub};
}

}  // namespace

// Only with a condition that bounds the variable: `k < n`, `k <= n`, or downwards `k > n`, `k >= n`. That k + step does not wrap
// either becomes a premise, by an operand of the counter.
std::optional<Trace::InductionValue> Trace::find_induction(const While& loop) {
  const std::vector<Local>& variables = frame_->function->locals;
  const std::vector<bool> assigned = assigned_locals(loop.body, variables.size());
  const auto* bound = std::get_if<Compare>(&loop.condition->node);
  const auto* tested = bound ? std::get_if<ReadLocal>(&bound->lhs->node) : nullptr;
  if (!tested || !is_invariant(*bound->rhs, assigned) || may_continue(loop.body)) return std::nullopt;
  for (const StmtPtr& stmt : loop.body) {
    const std::optional<Induction> found = match_induction(*stmt, assigned);
    if (!found || found->variable != tested->local || count_assignments(loop.body, found->variable) != 1) continue;
    const Poly start = local(found->variable).scalar, stop = eval_integer(*bound->rhs);
    const Poly step = found->downwards ? -eval_integer(*found->step) : eval_integer(*found->step);
    return make_induction(found->variable, bound->op, start, stop, step);
  }
  return std::nullopt;
}

std::optional<Trace::InductionValue> Trace::make_induction(LocalId variable, CompareOp op, const Poly& start, const Poly& stop,
                                                           const Poly& step) {
  const bool upwards = op == CompareOp::Lt || op == CompareOp::Le, downwards = op == CompareOp::Gt || op == CompareOp::Ge;
  const bool includes_stop = op == CompareOp::Le || op == CompareOp::Ge;
  const Poly distance = upwards ? step : -step;
  if ((!upwards && !downwards) || !start.valid() || !stop.valid()) return std::nullopt;
  if (!prove_nonnegative(distance - 1, result_.atoms, facts())) return std::nullopt;
  Atom counter;
  counter.kind = AtomKind::Counter;
  counter.name = "rounds";
  counter.inside = inside_;
  counter.nonnegative = true;
  const Poly last = (upwards ? stop - start : start - stop) - Poly(includes_stop ? 0 : 1);
  if (distance.is_constant()) counter.upper.push_back({distance.constant_term(), last});
  counter.operands = {start, stop, step, stop + step};
  const AtomId id = result_.atoms.add(std::move(counter));
  return InductionValue{variable, id, start + step * Poly::atom(id)};
}

void Trace::begin_induction(const InductionValue& induction) {
  set_local(induction.variable, integer(induction.value));
  result_.variables.push_back(induction.value);
  counters_.push_back(induction.counter);
  loops_.back().has_induction = true;
}

}  // namespace kjit
