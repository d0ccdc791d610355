// Statements of the symbolic evaluation. Before the analysed loop only values matter; inside it, every access is recorded.

#include <algorithm>

#include "analysis/facts/walk.h"
#include "analysis/races/trace.h"

namespace kjit {

using namespace typed;

// ---- control flow that leaves a block early ----------------------------------------------------------------------------

bool always_leaves(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const StmtPtr& stmt) {
    if (const auto* branch = std::get_if<If>(&stmt->node)) return always_leaves(branch->body) && always_leaves(branch->otherwise);
    return std::holds_alternative<Break>(stmt->node) || std::holds_alternative<Continue>(stmt->node) ||
           std::holds_alternative<Return>(stmt->node) || std::holds_alternative<Raise>(stmt->node);
  });
}

namespace {

bool may_leave(const Stmt& stmt, bool in_inner_loop) {
  if (std::holds_alternative<Return>(stmt.node) || std::holds_alternative<Raise>(stmt.node)) return true;
  if (std::holds_alternative<Break>(stmt.node) || std::holds_alternative<Continue>(stmt.node)) return !in_inner_loop;
  const bool is_loop = std::holds_alternative<While>(stmt.node) || std::holds_alternative<ForRange>(stmt.node);
  bool leaves = false;
  for_each_child(
      stmt, [](const Expr&) {},
      [&](const Block& block) {
        for (const StmtPtr& inner : block) leaves = leaves || may_leave(*inner, in_inner_loop || is_loop);
      });
  return leaves;
}

}  // namespace

bool may_leave(const Stmt& stmt) { return may_leave(stmt, false); }

bool may_break(const Block& body) {
  return std::any_of(body.begin(), body.end(), [](const StmtPtr& stmt) {
    if (std::holds_alternative<Break>(stmt->node)) return true;
    const auto* branch = std::get_if<If>(&stmt->node);
    return branch && (may_break(branch->body) || may_break(branch->otherwise));
  });
}

// ---- statements --------------------------------------------------------------------------------------------------------

void Trace::block(const Block& block) {
  for (const StmtPtr& stmt : block) {
    if (done_) return;
    statement(*stmt);
  }
}

void Trace::statement(const Stmt& stmt) {
  ++steps_;
  if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) return assign(n->local, *n->value);
  if (const auto* n = std::get_if<StoreElement>(&stmt.node)) return store_element(*n, stmt.span);
  if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) return update_element(*n, stmt.span);
  if (const auto* n = std::get_if<AssignView>(&stmt.node)) return assign_view(*n, stmt.span);
  if (const auto* n = std::get_if<If>(&stmt.node)) return if_statement(*n);
  if (const auto* n = std::get_if<While>(&stmt.node)) return while_loop(stmt, *n);
  if (const auto* n = std::get_if<ForRange>(&stmt.node)) return n == &target_ ? target_loop(*n) : for_loop(stmt, *n);
  if (const auto* n = std::get_if<Return>(&stmt.node)) {
    if (n->value) frames_.back().results.push_back(eval(*n->value));
    return;
  }
  if (const auto* n = std::get_if<Assert>(&stmt.node)) {  // what follows runs only if it holds
    const Condition holds = condition(*n->condition);
    guards_.insert(guards_.end(), holds.when_true.begin(), holds.when_true.end());
    return;
  }
  const auto evaluate = [&](const Expr& operand) {
    const SymValue value = eval(operand);
    if (std::holds_alternative<Print>(stmt.node)) whole_access(AccessKind::Read, value, true, operand.span);
  };
  for_each_child(stmt, evaluate, [](const Block&) {});
}

void Trace::assign(LocalId id, const Expr& value) {
  SymValue result = eval(value);
  const Local& variable = frames_.back().function->locals[id];
  // A new array is best named after its variable.
  if (!variable.name.empty() &&
      (std::holds_alternative<NewArray>(value.node) || std::holds_alternative<ArrayLiteral>(value.node))) {
    result_.roots[result.arrays[0].root].name = variable.name;
  }
  local(id) = std::move(result);
}

void Trace::store_element(const StoreElement& store, Span span) {
  eval(*store.value);
  const SymValue array = eval(*store.array);
  std::vector<Poly> indices;
  for (const ExprPtr& index : store.indices) indices.push_back(eval_integer(*index));
  store_ = &store;
  element_access(AccessKind::Write, array, indices, store.in_bounds, span);
  store_ = nullptr;
}

void Trace::update_element(const UpdateElement& update, Span span) {
  const SymValue array = eval(*update.array);
  std::vector<Poly> indices;
  for (const ExprPtr& index : update.indices) indices.push_back(eval_integer(*index));
  eval(*update.value);
  update_ = &update;
  element_access(AccessKind::Update, array, indices, update.in_bounds, span);
  update_ = nullptr;
}

void Trace::assign_view(const AssignView& assign, Span span) {
  whole_access(AccessKind::Read, eval(*assign.value), true, assign.value->span);
  whole_access(AccessKind::Write, eval(*assign.view), true, span);
}

void Trace::guarded(const std::vector<Guard>& guards, const Block& body) {
  const std::size_t before = guards_.size();
  guards_.insert(guards_.end(), guards.begin(), guards.end());
  block(body);
  if (!done_) guards_.resize(before);
}

void Trace::if_statement(const If& branch) {
  const Condition when = condition(*branch.condition);
  const std::vector<SymValue> before = frames_.back().locals;
  guarded(when.when_true, branch.body);
  if (done_) return;
  std::vector<SymValue> after_body = std::exchange(frames_.back().locals, before);
  guarded(when.when_false, branch.otherwise);
  if (done_) return;

  // What follows runs only on the paths that do not leave; a path that always leaves adds nothing to the values either.
  const bool body_leaves = always_leaves(branch.body), otherwise_leaves = always_leaves(branch.otherwise);
  const auto leaks = [](const Block& block) {
    return std::any_of(block.begin(), block.end(), [](const StmtPtr& stmt) { return may_leave(*stmt); });
  };
  if (body_leaves) {
    guards_.insert(guards_.end(), when.when_false.begin(), when.when_false.end());
    if (leaks(branch.otherwise)) guards_.push_back({});
    return;
  }
  if (otherwise_leaves) guards_.insert(guards_.end(), when.when_true.begin(), when.when_true.end());
  if (leaks(branch.body) || (leaks(branch.otherwise) && !otherwise_leaves)) guards_.push_back({});
  if (otherwise_leaves) {
    frames_.back().locals = std::move(after_body);
    return;
  }
  const std::vector<Local>& variables = frames_.back().function->locals;
  std::vector<bool> assigned = assigned_locals(branch.body, variables.size());
  const std::vector<bool> also = assigned_locals(branch.otherwise, variables.size());
  for (LocalId id = 0; id < variables.size(); ++id) {
    if (assigned[id] || also[id]) local(id) = merge(after_body[id], local(id), variables[id].type, variables[id].name);
  }
}

// Before a loop's body runs for the second time its variables hold anything.
void Trace::forget_assigned(const Block& body, Span span) {
  const std::vector<Local>& variables = frames_.back().function->locals;
  const std::vector<bool> assigned = assigned_locals(body, variables.size());
  for (LocalId id = 0; id < variables.size(); ++id) {
    if (assigned[id])
      local(id) = unknown(variables[id].type, variables[id].name.empty() ? words(span) : variables[id].name, true);
  }
}

void Trace::while_loop(const Stmt& stmt, const While& loop) {
  forget_assigned(loop.body, stmt.span);
  const std::size_t before = guards_.size();
  Condition when = condition(*loop.condition);
  when.when_true.push_back({});
  guarded(when.when_true, loop.body);
  if (done_) return;
  guards_.resize(before);
  forget_assigned(loop.body, stmt.span);
  if (may_leave(stmt)) guards_.push_back({});
  block(loop.otherwise);
}

AtomId Trace::add_counter(const ForRange& loop, const Poly& start, const Poly& stop, const Poly& step) {
  result_.atoms.learn_nonzero(step);  // or range() fails
  Atom counter;
  counter.kind = AtomKind::Counter;
  counter.name = frames_.back().function->locals[loop.variable].name;
  counter.inside = inside_;
  counter.nonnegative = true;
  if (step.is_constant() && step.constant_term() > 0) {
    counter.upper.push_back({step.constant_term(), stop - 1 - start});
  } else if (step.is_constant() && step.constant_term() < 0) {
    counter.upper.push_back({-step.constant_term(), start - 1 - stop});
  }
  std::erase_if(counter.upper, [](const Bound& bound) { return !bound.limit.valid(); });
  return result_.atoms.add(std::move(counter));
}

void Trace::for_loop(const Stmt& stmt, const ForRange& loop) {
  const Poly start = eval_integer(*loop.start), stop = eval_integer(*loop.stop), step = eval_integer(*loop.step);
  const std::vector<SymValue> entry = frames_.back().locals;
  forget_assigned(loop.body, stmt.span);
  const AtomId counter = add_counter(loop, start, stop, step);
  const Poly variable = start + step * Poly::atom(counter);
  const Local& declared = frames_.back().function->locals[loop.variable];
  local(loop.variable) = variable.valid() ? integer(variable) : unknown(declared.type, declared.name, true);

  const std::size_t before = guards_.size();
  counters_.push_back(counter);
  if (may_break(loop.body)) guards_.push_back({});  // later rounds may not happen
  block(loop.body);
  if (done_) return;
  counters_.pop_back();
  guards_.resize(before);

  const std::vector<SymValue> end = frames_.back().locals;
  forget_assigned(loop.body, stmt.span);
  local(loop.variable) = unknown(declared.type, declared.name, true);
  const std::vector<Local>& variables = frames_.back().function->locals;
  const std::vector<bool> assigned = assigned_locals(loop.body, variables.size());
  for (LocalId id = 0; id < variables.size(); ++id) {
    if (!assigned[id] || !variables[id].type.is_array()) continue;
    local(id) = merge(entry[id], end[id], variables[id].type, variables[id].name);
  }
  if (may_leave(stmt)) guards_.push_back({});
  block(loop.otherwise);
}

void Trace::attach_handles() {
  for (LocalId id = 0; id < frames_.back().locals.size(); ++id) attach(local(id), ArrayHandle{false, id, {}});
}

void Trace::target_loop(const ForRange& loop) {
  const Poly start = eval_integer(*loop.start), stop = eval_integer(*loop.stop), step = eval_integer(*loop.step);
  result_.facts = facts();  // of the guards and loops around it
  attach_handles();
  guards_.clear();
  counters_.clear();
  inside_ = true;
  forget_assigned(loop.body, {});
  result_.counter = add_counter(loop, start, stop, step);
  result_.step = step;
  result_.variable = start + step * Poly::atom(result_.counter);
  local(loop.variable) = integer(result_.variable);
  counters_.push_back(result_.counter);
  block(loop.body);
  done_ = true;
}

}  // namespace kjit
