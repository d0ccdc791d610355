// The symbolic evaluation as a domain of the walk of control flow: what is known where ways meet, and in the rounds of loops.

#include <algorithm>

#include "analysis/facts/walk.h"
#include "analysis/races/dependence.h"
#include "analysis/races/trace.h"

namespace kjit {

using namespace typed;

// ---- paths -------------------------------------------------------------------------------------------------------------

void Trace::assume(const Guard& guard, TraceState& state) {
  state.path.push_back(static_cast<GuardId>(guards_.size()));
  guards_.push_back(guard);
}

void Trace::assume(const std::vector<Guard>& guards) {
  for (const Guard& guard : guards) assume(guard, *at_);
}

std::vector<Guard> Trace::guards() const {
  std::vector<Guard> result;
  for (const GuardId id : at_->path) result.push_back(guards_[id]);
  return result;
}

TraceState Trace::decide(const Expr& expr, TraceState& state) {
  at_ = &state;
  const Condition when = condition(expr);
  TraceState otherwise = state;
  for (const Guard& guard : when.when_true) assume(guard, state);
  for (const Guard& guard : when.when_false) assume(guard, otherwise);
  return otherwise;
}

void Trace::evaluate(const Expr& expr, TraceState& state) {
  at_ = &state;
  eval(expr);
}

// ---- where ways meet ---------------------------------------------------------------------------------------------------

std::shared_ptr<const SymValue> Trace::merged(const std::shared_ptr<const SymValue>& a, const std::shared_ptr<const SymValue>& b,
                                              const Local& variable, const std::optional<Guard>& when_a) {
  if (a == b || !b) return a;
  if (!a) return b;  // reading it where it is not set is an error
  return std::make_shared<const SymValue>(merge(*a, *b, variable.type, variable.name, when_a));
}

// Which of the ways was taken is not known any more.
void Trace::join(TraceState& into, const TraceState& other) {
  if (done_) return;  // behind the target: nobody looks at what comes out of the loops around it
  const std::vector<Local>& variables = frame_->function->locals;
  const auto fork = std::mismatch(into.path.begin(), into.path.end(), other.path.begin(), other.path.end());
  std::optional<Guard> when_into;  // the one condition that tells them apart
  if (into.path.end() - fork.first == 1 && other.path.end() - fork.second == 1) {
    const Guard &first = guards_[*fork.first], &second = guards_[*fork.second];
    if (are_opposite(first, second)) when_into = first;
  }
  const bool is_one_path = into.path == other.path;
  into.path.erase(fork.first, into.path.end());
  at_ = &into;  // only what holds on both ways is known of what they bring together
  for (LocalId id = 0; id < variables.size(); ++id)
    into.locals[id] = merged(into.locals[id], other.locals[id], variables[id], when_into);
  if (!is_one_path) assume(Guard{}, into);
}

// If all ways meet again, what held before holds, and nothing else is needed to come here.
void Trace::meet(const TraceState& before, TraceState& after, bool left) {
  if (!left) after.path = before.path;
}

// ---- loops -------------------------------------------------------------------------------------------------------------

void Trace::evaluate_range(const ForRange& loop, TraceState& state) {
  at_ = &state;
  OpenLoop open;
  open.start = eval_integer(*loop.start);
  open.stop = eval_integer(*loop.stop);
  open.step = eval_integer(*loop.step);
  if (loop.parallel && loop.parallel->chunk) eval(*loop.parallel->chunk);
  if (loop.parallel && loop.parallel->threads) eval(*loop.parallel->threads);
  loops_.push_back(std::move(open));
}

TraceState Trace::begin_loop(const Stmt& stmt, TraceState& entry) {
  const auto* counted = std::get_if<ForRange>(&stmt.node);
  if (!counted) loops_.emplace_back();
  at_ = &entry;
  if (counted) begin_counted_loop(*counted, entry);
  const std::optional<InductionValue> induction = counted ? std::nullopt : find_induction(std::get<While>(stmt.node));
  loops_.back().first_access = result_.accesses.size();
  TraceState head = entry;
  at_ = &head;
  forget_assigned(stmt);
  if (!counted) assume(Guard{}, head);  // the round may not happen
  if (induction) begin_induction(*induction);
  return head;
}

void Trace::begin_counted_loop(const ForRange& loop, TraceState& entry) {
  const Poly step = loops_.back().step;
  if (!step.is_constant()) assume(Guard{true, CompareOp::Ne, step, {step}}, entry);  // or range() fails
  const bool is_target = calls_.empty() && loop.id == target_.id;
  if (is_target) begin_target(entry);
  loops_.back().counter = add_counter(loop, loops_.back());
  counters_.push_back(loops_.back().counter);
  if (!is_target) return;
  result_.counter = loops_.back().counter;
  result_.step = step;
  result_.variable = loops_.back().start + step * Poly::atom(result_.counter);
}

void Trace::begin_target(TraceState& entry) {
  result_.facts = facts();  // of the conditions and loops around it
  for (const Guard& guard : guards())
    result_.fact_operands.insert(result_.fact_operands.end(), guard.operands.begin(), guard.operands.end());
  for (const AtomId counter : counters_) {
    const std::vector<Poly>& operands = result_.atoms[counter].operands;
    result_.fact_operands.insert(result_.fact_operands.end(), operands.begin(), operands.end());
  }
  attach_handles();
  entry.path.clear();
  counters_.clear();
  inside_ = true;
}

// Rounds of range(0, max(0, n)) are those of range(0, n): if there is one, the larger of the two is beyond the start.
Poly Trace::reached_stop(const OpenLoop& range) const {
  const auto& terms = range.stop.terms();
  if (!range.stop.valid() || terms.size() != 1 || terms.begin()->first.size() != 1 || terms.begin()->second != 1)
    return range.stop;
  const Atom& atom = result_.atoms[terms.begin()->first[0]];
  if (atom.kind != AtomKind::Apply || atom.op != ApplyOp::Max) return range.stop;
  if (prove_nonnegative(range.start - atom.lhs, result_.atoms, facts())) return atom.rhs;
  return prove_nonnegative(range.start - atom.rhs, result_.atoms, facts()) ? atom.lhs : range.stop;
}

AtomId Trace::add_counter(const ForRange& loop, const OpenLoop& range) {
  Atom counter;
  counter.kind = AtomKind::Counter;
  counter.name = frame_->function->locals[loop.variable].name;
  counter.inside = inside_;
  counter.nonnegative = true;
  const Poly& step = range.step;
  if (step.is_constant() && step.constant_term() > 0) {
    counter.upper.push_back({step.constant_term(), reached_stop(range) - 1 - range.start});
  } else if (step.is_constant() && step.constant_term() < 0) {
    counter.upper.push_back({-step.constant_term(), range.start - 1 - range.stop});
  }
  counter.operands = {range.start, range.stop, range.step};
  std::erase_if(counter.upper, [](const Bound& bound) { return !bound.limit.valid(); });
  return result_.atoms.add(std::move(counter));
}

// Before a loop's body runs for the second time its variables hold anything.
void Trace::forget_assigned(const Stmt& loop) {
  const std::vector<Local>& variables = frame_->function->locals;
  const std::vector<bool> assigned = assigned_locals(loop_body(loop), variables.size());
  for (LocalId id = 0; id < variables.size(); ++id) {
    if (!assigned[id]) continue;
    set_local(id, unknown(variables[id].type, variables[id].name.empty() ? words(loop.span) : variables[id].name, true));
  }
}

void Trace::begin_round(const ForRange& loop, TraceState& state) {
  at_ = &state;
  const OpenLoop& open = loops_.back();
  const Poly variable = open.start + open.step * Poly::atom(open.counter);
  const Local& declared = frame_->function->locals[loop.variable];
  set_local(loop.variable, variable.valid() ? integer(variable) : unknown(declared.type, declared.name, true));
  if (variable.valid()) result_.variables.push_back(variable);
}

void Trace::end_rounds(const Stmt& stmt, const Rounds<TraceState>& rounds, Flow<TraceState>& exit) {
  const OpenLoop open = std::move(loops_.back());
  loops_.pop_back();
  const bool is_counted = std::holds_alternative<ForRange>(stmt.node);
  if (!done_ && (is_counted || open.has_induction)) counters_.pop_back();  // loops around the target have none left
  done_ = done_ || (is_counted && calls_.empty() && loop_id(stmt) == target_.id);
  if (!rounds.is_complete) {  // later rounds may not happen
    for (std::size_t k = open.first_access; k < result_.accesses.size(); ++k) result_.accesses[k].guards.emplace_back();
  }
  if (!exit) return;
  if (!is_counted) {  // as the rounds left it, not as any round may find it
    exit = rounds.entry;
    if (rounds.back) join(*exit, *rounds.back);
  }
  exit->path = rounds.entry.path;
  if (!rounds.is_complete) assume(Guard{}, *exit);
}

}  // namespace kjit
