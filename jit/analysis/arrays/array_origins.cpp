// Origins of arrays. Entry: ArrayOrigins.

#include "analysis/arrays/array_origins.h"

#include <algorithm>

#include "analysis/facts/walk.h"
#include "typing/tree/foreign_call.h"
#include "typing/tree/result_memory.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::uint32_t kOutside = 0;

// Does it give an array that was not there before? (One that returns an argument counts as both.)
bool makes_arrays(const Expr& expr) {
  const bool makes = std::holds_alternative<NewArray>(expr.node) || std::holds_alternative<ArrayLiteral>(expr.node) ||
                     std::holds_alternative<ArrayLoop>(expr.node) || std::holds_alternative<BuiltinCall>(expr.node) ||
                     std::holds_alternative<Call>(expr.node);
  return makes && may_hold_array(expr.type);
}

// Is it, perhaps, in memory of an argument?
bool shares_memory(const BuiltinCall& call) { return result_memory(call) != ResultMemory::Own; }

// What is called may keep its arguments, or change arrays that are not among them.
bool reaches_outside(const Expr& expr, const std::vector<Summary>& summaries) {
  if (const auto* call = std::get_if<Call>(&expr.node)) return summaries[call->callee].has_effects;
  const auto* call = std::get_if<BuiltinCall>(&expr.node);
  return call && is_foreign_call(call->builtin);
}

}  // namespace

ArrayOrigins::ArrayOrigins(const Program& program, const Function& function, const std::vector<Summary>& summaries)
    : summaries_(summaries), has_globals_(!program.globals.empty()), locals_(function.locals.size()) {
  for (LocalId p = 0; p < function.parameter_count; ++p) {
    if (may_hold_array(function.locals[p].type)) locals_[p].insert(kOutside);
  }
  for_each_expr(function.body, [&](const Expr& expr) { number_makers(expr); });
  do {
    grew_ = false;
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) assign(n->local, *n->value);
    });
    for_each_expr(function.body, [&](const Expr& expr) {
      if (const auto* n = std::get_if<Let>(&expr.node)) assign(n->local, *n->value);
    });
  } while (grew_);
  for_each_stmt(function.body, [&](const Stmt& stmt) {
    if (const auto* n = std::get_if<AssignGlobal>(&stmt.node)) known_outside_.merge(of(*n->value));
  });
  for_each_expr(function.body, [&](const Expr& expr) { find_known_outside(expr); });
}

void ArrayOrigins::number_makers(const Expr& expr) {
  if (makes_arrays(expr)) makers_.emplace(&expr, static_cast<std::uint32_t>(makers_.size()) + 1);
}

void ArrayOrigins::assign(LocalId local, const Expr& value) {
  if (!may_hold_array(value.type)) return;
  Set& origins = locals_[local];
  const std::size_t before = origins.size();
  origins.merge(of(value));
  grew_ = grew_ || origins.size() != before;
}

void ArrayOrigins::find_known_outside(const Expr& expr) {
  if (!reaches_outside(expr, summaries_)) return;
  for_each_child(expr, [&](const Expr& argument) { known_outside_.merge(of(argument)); });
}

void ArrayOrigins::add_local(LocalId local, const Expr& value) {
  if (locals_.size() <= local) locals_.resize(local + 1);
  assign(local, value);
}

ArrayOrigins::Set ArrayOrigins::of(const Expr& expr) const {
  Set origins;
  add_origins(expr, origins);
  return origins;
}

// A call may return any of its arguments that hold arrays, or a global.
void ArrayOrigins::add_origins(const Expr& expr, Set& origins) const {
  if (!may_hold_array(expr.type)) return;
  if (const auto* n = std::get_if<ReadLocal>(&expr.node)) origins.insert(locals_[n->local].begin(), locals_[n->local].end());
  if (std::holds_alternative<ReadGlobal>(expr.node)) origins.insert(kOutside);
  if (const auto maker = makers_.find(&expr); maker != makers_.end()) origins.insert(maker->second);
  if (std::holds_alternative<Call>(expr.node) && has_globals_) origins.insert(kOutside);
  if (reaches_outside(expr, summaries_)) origins.insert(kOutside);
  const auto* builtin = std::get_if<BuiltinCall>(&expr.node);
  if (std::holds_alternative<ArrayLoop>(expr.node) || (builtin && !shares_memory(*builtin))) return;
  for_each_child(expr, [&](const Expr& part) { add_origins(part, origins); });
}

bool ArrayOrigins::is_outside(const Set& origins) const {
  return std::any_of(origins.begin(), origins.end(),
                     [&](std::uint32_t origin) { return origin == kOutside || known_outside_.contains(origin); });
}

bool ArrayOrigins::may_overlap(const Set& a, const Set& b) const {
  if (is_outside(a) && is_outside(b)) return true;
  return std::any_of(a.begin(), a.end(), [&](std::uint32_t origin) { return b.contains(origin); });
}

// ---- changes -----------------------------------------------------

bool ArrayOrigins::changes(const Expr& expr, const Set& elements) const {
  const auto hits = [&](const Expr& array) { return may_overlap(of(array), elements); };
  if (reaches_outside(expr, summaries_) && is_outside(elements)) return true;
  if (const auto* call = std::get_if<Call>(&expr.node)) {
    const Summary& callee = summaries_[call->callee];
    if (callee.writes_globals && is_outside(elements)) return true;
    for (std::size_t k = 0; k < call->args.size(); ++k) {
      if (callee.writes[k] && hits(*call->args[k])) return true;
    }
  }
  if (const auto* call = std::get_if<BuiltinCall>(&expr.node)) {
    for (std::size_t k = 0; k < call->args.size(); ++k) {
      if (writes_argument(*call, k) && hits(*call->args[k])) return true;
    }
  }
  return false;
}

bool ArrayOrigins::may_write(const Expr& expr) {
  bool found = false;
  for_each_expr(expr, [&](const Expr& part) {
    const auto* call = std::get_if<BuiltinCall>(&part.node);
    found = found || std::holds_alternative<Call>(part.node) || (call && !builtin_row(call->builtin).is_repeatable());
  });
  return found;
}

bool ArrayOrigins::may_write(const Stmt& stmt) {
  bool found = std::holds_alternative<StoreElement>(stmt.node) || std::holds_alternative<UpdateElement>(stmt.node) ||
               std::holds_alternative<AssignView>(stmt.node);
  for_each_child(
      stmt, [&](const Expr& part) { found = found || may_write(part); },
      [&](const Block& block) {
        for (const StmtPtr& inner : block) found = found || may_write(*inner);
      });
  return found;
}

bool ArrayOrigins::may_change(const Expr& expr, const Set& elements) const {
  bool found = false;
  for_each_expr(expr, [&](const Expr& part) { found = found || changes(part, elements); });
  return found;
}

bool ArrayOrigins::may_change(const Stmt& stmt, const Set& elements) const {
  const auto hits = [&](const Expr& array) { return may_overlap(of(array), elements); };
  bool found = false;
  if (const auto* n = std::get_if<StoreElement>(&stmt.node)) found = hits(*n->array);
  if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) found = hits(*n->array);
  if (const auto* n = std::get_if<AssignView>(&stmt.node)) found = hits(*n->view);
  for_each_child(
      stmt, [&](const Expr& part) { found = found || may_change(part, elements); },
      [&](const Block& block) {
        for (const StmtPtr& inner : block) found = found || may_change(*inner, elements);
      });
  return found;
}

}  // namespace kjit
