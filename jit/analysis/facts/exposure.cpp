// Forward flow of "set in this iteration" over the loop's body. Entry: find_exposure().

#include "analysis/facts/exposure.h"

#include "analysis/facts/walk.h"
#include "typing/tree/control_flow.h"

namespace kjit {

using namespace typed;

namespace {

// By LocalId.
using Set = std::vector<bool>;

// Locals that have one definition in the loop, with its value; null: a loop sets it. Ranges that are made of such are the same in
// all iterations.
class Invariance {
 public:
  Invariance(const std::vector<bool>& assigned, const ForRange& loop) : assigned_(assigned) {
    for_each_stmt(loop.body, [&](const Stmt& stmt) {
      if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) definitions_[n->local].push_back(n->value.get());
      if (const auto* n = std::get_if<ForRange>(&stmt.node)) definitions_[n->variable].push_back(nullptr);
    });
    definitions_[loop.variable].push_back(nullptr);
  }

  bool has_same_range(const ForRange& loop) const {
    return is_invariant(*loop.start) && is_invariant(*loop.stop) && is_invariant(*loop.step);
  }

 private:
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

  const std::vector<bool>& assigned_;
  std::map<LocalId, std::vector<const Expr*>> definitions_;
};

// The state: set on every path to here. Loops only add to it, so that a loop's entry is its head.
class Setting : public FlowDomain<Set> {
 public:
  Setting(const Function& function, const ForRange& loop, bool assume_rounds)
      : assigned_(assigned_locals_of(function, loop)), assume_rounds_(assume_rounds), invariance_(assigned_, loop) {}

  Exposure run(const ForRange& loop) {
    Set entry(assigned_.size(), false);
    entry[loop.variable] = true;
    const Flow<Set> end = FlowWalk<Setting>(*this).run_round(loop.body, std::move(entry));
    result_.always_set = end.value_or(Set(assigned_.size(), true));
    return std::move(result_);
  }

  void join(Set& into, const Set& other) {
    for (std::size_t k = 0; k < into.size(); ++k) into[k] = into[k] && other[k];
  }

  void run(const Stmt& stmt, Set& set) {
    for_each_child(stmt, [&](const Expr& operand) { evaluate(operand, set); }, [](const Block&) {});
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) set[n->local] = true;
  }

  Set decide(const Expr& condition, Set& set) {
    evaluate(condition, set);
    return set;
  }

  void evaluate(const Expr& expr, Set& set) {
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) {
      if (assigned_[n->local] && !set[n->local]) result_.exposed.try_emplace(n->local, expr.span);
      return;
    }
    for_each_child(expr, [&](const Expr& operand) {
      evaluate(operand, set);
      const auto* let = std::get_if<Let>(&expr.node);
      if (let && &operand == let->value.get()) set[let->local] = true;
    });
  }

  void evaluate_range(ForRange& loop, Set& set) {
    for (const Expr* operand : range_operands(loop)) evaluate(*operand, set);
  }
  void begin_round(const ForRange& loop, Set& set) { set[loop.variable] = true; }
  bool makes_a_round(const ForRange& loop) {
    return typed::makes_a_round(loop) || (assume_rounds_ && invariance_.has_same_range(loop));
  }

 private:
  static std::vector<bool> assigned_locals_of(const Function& function, const ForRange& loop) {
    std::vector<bool> assigned = assigned_locals(loop.body, function.locals.size());
    assigned[loop.variable] = true;
    return assigned;
  }

  const std::vector<bool> assigned_;
  bool assume_rounds_;
  Invariance invariance_;
  Exposure result_;
};

}  // namespace

Exposure find_exposure(const Function& function, const ForRange& loop, bool assume_rounds) {
  return Setting(function, loop, assume_rounds).run(loop);
}

}  // namespace kjit
