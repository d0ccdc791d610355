// Entry: borrowed_views.

#include "analysis/facts/borrowed_views.h"

#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

class Finder {
 public:
  Finder(const Function& function, const ParallelPlans& plans)
      : function_(function), values_(function.locals.size()), in_loop_(function.locals.size(), false) {
    for (LocalId local = 0; local < function.locals.size(); ++local) borrowed_.push_back(function.locals[local].type.is_array());
    visit(function.body, false);
    for_each_expr(function.body, [&](const Expr& expr) {
      if (const auto* let = std::get_if<Let>(&expr.node)) borrowed_[let->local] = false;
    });
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      const auto* loop = std::get_if<ForRange>(&stmt.node);
      const ParallelPlan* plan = loop ? plans.find(loop->id) : nullptr;
      if (!plan) return;
      for (const PrivateLocal& each : plan->privates) {
        if (each.copy_in || each.copy_out) borrowed_[each.local] = false;
      }
    });
  }

  // What is assigned something else falls out, and with it what is assigned views of that, until nothing does.
  std::vector<bool> find() {
    for (bool changed = true; changed;) {
      changed = false;
      for (LocalId local = 0; local < borrowed_.size(); ++local) {
        if (!borrowed_[local] || only_borrows(local)) continue;
        borrowed_[local] = false;
        changed = true;
      }
    }
    return std::move(borrowed_);
  }

 private:
  void visit(const Block& block, bool in_loop) {
    for (const StmtPtr& stmt : block) {
      if (const auto* assign = std::get_if<AssignLocal>(&stmt->node)) {
        values_[assign->local].push_back(assign->value.get());
        in_loop_[assign->local] = in_loop_[assign->local] || in_loop;
      }
      const bool is_loop = std::holds_alternative<While>(stmt->node) || std::holds_alternative<ForRange>(stmt->node);
      for_each_child(*stmt, [](const Expr&) {}, [&](const Block& inner) { visit(inner, in_loop || is_loop); });
    }
  }

  bool only_borrows(LocalId local) const {
    if (local < function_.parameter_count || values_[local].empty()) return false;
    for (const Expr* value : values_[local]) {
      if (!is_view_of_lasting(*value)) return false;
    }
    return true;
  }

  bool is_view_of_lasting(const Expr& expr) const {
    if (const auto* view = std::get_if<View>(&expr.node)) return is_view_of_lasting(*view->array);
    if (const auto* read = std::get_if<ReadLocal>(&expr.node)) return borrowed_[read->local] || lasts(read->local);
    return false;
  }

  bool lasts(LocalId local) const {
    if (local < function_.parameter_count) return values_[local].empty();
    return values_[local].size() == 1 && !in_loop_[local];
  }

  const Function& function_;
  std::vector<std::vector<const Expr*>> values_;  // by LocalId
  std::vector<bool> in_loop_;
  std::vector<bool> borrowed_;
};

}  // namespace

std::vector<bool> borrowed_views(const Function& function, const ParallelPlans& plans) { return Finder(function, plans).find(); }

}  // namespace kjit
