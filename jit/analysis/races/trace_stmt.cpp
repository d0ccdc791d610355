// Simple statements of the symbolic evaluation. Before the analysed loop only values matter; inside it, every access is recorded.

#include "analysis/facts/walk.h"
#include "analysis/races/trace.h"

namespace kjit {

using namespace typed;

void Trace::run(const Stmt& stmt, TraceState& state) {
  ++steps_;
  at_ = &state;
  if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) return assign(n->local, *n->value);
  if (const auto* n = std::get_if<StoreElement>(&stmt.node)) return store_element(*n, stmt.span);
  if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) return update_element(*n, stmt.span);
  if (const auto* n = std::get_if<AssignView>(&stmt.node)) return assign_view(*n, stmt.span);
  if (const auto* n = std::get_if<Return>(&stmt.node)) return return_value(*n);
  const auto visit = [&](const Expr& operand) {
    const SymValue value = eval(operand);
    if (std::holds_alternative<Print>(stmt.node)) whole_access(AccessKind::Read, value, true, operand.span);
  };
  for_each_child(stmt, visit, [](const Block&) {});
}

void Trace::assign(LocalId id, const Expr& value) {
  const std::size_t known_roots = result_.roots.size();
  SymValue result = eval(value);
  const Local& variable = frame_->function->locals[id];
  if (!variable.name.empty() && result.arrays.size() == 1) {
    Root& root = result_.roots[result.arrays[0].root];
    // A new array is best named after its variable.
    if (root.fresh && result.arrays[0].root >= known_roots) root.name = variable.name;
  }
  set_local(id, std::move(result));
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

void Trace::return_value(const Return& node) {
  if (!node.value) return;
  SymValue value = eval(*node.value);
  frame_->results.push_back(std::move(value));
}

void Trace::attach_handles() {
  for (LocalId id = 0; id < at_->locals.size(); ++id) {
    if (!at_->locals[id]) continue;
    SymValue value = local(id);
    attach(value, ArrayHandle{false, id, {}});
    set_local(id, std::move(value));
  }
}

}  // namespace kjit
