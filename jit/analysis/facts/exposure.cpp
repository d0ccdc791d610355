// Forward flow of "set in this iteration" over the loop's body. Entry: find_exposure().

#include "analysis/facts/exposure.h"

#include "analysis/facts/walk.h"

namespace kjit {

using namespace typed;

namespace {

// By LocalId. Where control cannot come, everything counts as set.
using Set = std::vector<bool>;

void join(Set& into, const Set& from) {
  for (std::size_t k = 0; k < into.size(); ++k) into[k] = into[k] && from[k];
}

const std::int64_t* constant_int(const Expr& expr) {
  const auto* constant = std::get_if<Constant>(&expr.node);
  return constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
}

bool surely_runs(const ForRange& loop) {
  const std::int64_t *start = constant_int(*loop.start), *stop = constant_int(*loop.stop), *step = constant_int(*loop.step);
  if (!start || !stop || !step) return false;
  return *step > 0 ? *start < *stop : *start > *stop;
}

bool is_true(const Expr& condition) {
  const auto* constant = std::get_if<Constant>(&condition.node);
  const bool* value = constant ? std::get_if<bool>(&constant->value) : nullptr;
  return value && *value;
}

class Flow {
 public:
  Flow(const Function& function, const ForRange& loop, bool assume_rounds)
      : locals_(function.locals.size()), assume_rounds_(assume_rounds), assigned_(assigned_locals(loop.body, locals_)) {
    assigned_[loop.variable] = true;
    collect_definitions(loop);
  }

  Exposure run(const ForRange& loop) {
    Set entry(locals_, false);
    entry[loop.variable] = true;
    Exits exits{all(), all()};
    Set end = block(loop.body, std::move(entry), exits);
    join(end, exits.at_continue);
    result_.always_set = std::move(end);
    return std::move(result_);
  }

 private:
  struct Exits {
    Set at_break, at_continue;
  };

  Set all() const { return Set(locals_, true); }

  // ---- invariance ----

  void collect_definitions(const ForRange& loop) {
    for_each_stmt(loop.body, [&](const Stmt& stmt) {
      if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) definitions_[n->local].push_back(n->value.get());
      if (const auto* n = std::get_if<ForRange>(&stmt.node)) definitions_[n->variable].push_back(nullptr);
    });
    definitions_[loop.variable].push_back(nullptr);
  }

  bool is_invariant_local(LocalId local, int depth) const {
    if (!assigned_[local]) return true;
    const auto found = definitions_.find(local);
    if (found == definitions_.end() || found->second.size() != 1 || !found->second[0]) return false;
    return is_invariant(*found->second[0], depth + 1);
  }

  bool is_invariant(const Expr& expr, int depth = 0) const {
    if (depth > 8) return false;
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) return is_invariant_local(n->local, depth);
    if (const auto* n = std::get_if<BuiltinCall>(&expr.node); n && !builtin_row(n->builtin).is_pure()) return false;
    const bool is_simple = std::holds_alternative<Constant>(expr.node) || std::holds_alternative<ReadGlobal>(expr.node) ||
                           std::holds_alternative<Convert>(expr.node) || std::holds_alternative<Unary>(expr.node) ||
                           std::holds_alternative<Binary>(expr.node) || std::holds_alternative<ArrayDim>(expr.node) ||
                           std::holds_alternative<TupleElement>(expr.node) || std::holds_alternative<BuiltinCall>(expr.node);
    bool invariant = is_simple;
    if (is_simple) for_each_child(expr, [&](const Expr& operand) { invariant = invariant && is_invariant(operand, depth); });
    return invariant;
  }

  bool has_same_range(const ForRange& loop) const {
    return is_invariant(*loop.start) && is_invariant(*loop.stop) && is_invariant(*loop.step);
  }

  // ---- flow ----

  void expression(const Expr& expr, Set& set) {
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) {
      if (assigned_[n->local] && !set[n->local]) result_.exposed.try_emplace(n->local, expr.span);
      return;
    }
    for_each_child(expr, [&](const Expr& operand) {
      expression(operand, set);
      const auto* let = std::get_if<Let>(&expr.node);
      if (let && &operand == let->value.get()) set[let->local] = true;
    });
  }

  Set block(const Block& block, Set set, Exits& exits) {
    for (const StmtPtr& stmt : block) set = statement(*stmt, std::move(set), exits);
    return set;
  }

  Set statement(const Stmt& stmt, Set set, Exits& exits) {
    if (const auto* n = std::get_if<While>(&stmt.node)) return while_loop(*n, std::move(set), exits);
    for_each_child(stmt, [&](const Expr& operand) { expression(operand, set); }, [](const Block&) {});
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) set[n->local] = true;
    if (const auto* n = std::get_if<ForRange>(&stmt.node)) return for_loop(*n, std::move(set), exits);
    if (const auto* n = std::get_if<If>(&stmt.node)) {
      Set otherwise = block(n->otherwise, set, exits);
      set = block(n->body, std::move(set), exits);
      join(set, otherwise);
    }
    if (std::holds_alternative<Break>(stmt.node)) return join(exits.at_break, set), all();
    if (std::holds_alternative<Continue>(stmt.node)) return join(exits.at_continue, set), all();
    if (std::holds_alternative<Return>(stmt.node) || std::holds_alternative<Raise>(stmt.node)) return all();
    return set;
  }

  Set while_loop(const While& loop, Set entry, Exits& exits) {
    expression(*loop.condition, entry);
    Exits inner{all(), all()};
    block(loop.body, entry, inner);
    Set end = is_true(*loop.condition) ? all() : std::move(entry);
    end = block(loop.otherwise, std::move(end), exits);
    join(end, inner.at_break);
    return end;
  }

  Set for_loop(const ForRange& loop, Set entry, Exits& exits) {
    Set body = entry;
    body[loop.variable] = true;
    Exits inner{all(), all()};
    Set end = block(loop.body, std::move(body), inner);
    join(end, inner.at_continue);
    const bool runs = surely_runs(loop) || (assume_rounds_ && has_same_range(loop));
    if (!runs) join(end, entry);
    end = block(loop.otherwise, std::move(end), exits);
    join(end, inner.at_break);
    return end;
  }

  std::size_t locals_;
  bool assume_rounds_;
  Set assigned_;
  std::map<LocalId, std::vector<const Expr*>> definitions_;
  Exposure result_;
};

}  // namespace

Exposure find_exposure(const Function& function, const ForRange& loop, bool assume_rounds) {
  return Flow(function, loop, assume_rounds).run(loop);
}

}  // namespace kjit
