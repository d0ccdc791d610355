// Which values of a loop's end are still read. Entry: live_after().
//
// Forward: from the loop's end on, the locals that still hold what they held there; a read of one of them tells.

#include "analysis/facts/liveness.h"

#include <map>

#include "analysis/facts/held.h"
#include "analysis/facts/walk.h"
#include "typing/tree/control_flow.h"

namespace kjit {

using namespace typed;

namespace {

// Numbers are LocalIds: the values from the loop's end.
class Reach : public FlowDomain<Held> {
 public:
  Reach(std::size_t locals, LoopId target) : none_(locals, false), result_(locals, false), target_(target) {}

  std::vector<bool> run(const Function& function) {
    FlowWalk<Reach>(*this).run(function.body, none_);
    return std::move(result_);
  }

  void join(Held& into, const Held& other) { add(into, other); }

  void run(const Stmt& stmt, Held& held) {
    for_each_child(stmt, [&](const Expr& operand) { evaluate(operand, held); }, [](const Block&) {});
    if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) held[n->local] = false;
  }

  Held decide(const Expr& condition, Held& held) {
    evaluate(condition, held);
    return held;
  }

  void evaluate(const Expr& expr, Held& held) {
    if (const auto* n = std::get_if<ReadLocal>(&expr.node)) result_[n->local] = result_[n->local] || held[n->local];
    for_each_child(expr, [&](const Expr& operand) {
      evaluate(operand, held);
      const auto* let = std::get_if<Let>(&expr.node);
      if (let && &operand == let->value.get()) held[let->local] = false;
    });
  }

  void evaluate_range(ForRange& loop, Held& held) {
    for (const Expr* operand : range_operands(loop)) evaluate(*operand, held);
  }

  // A loop around the target begins its rounds with values of the target's last run. What was found in one walk of such a loop is
  // kept for the next one, so that nests cost a walk for each loop and not two to the power of their depth.
  Held begin_loop(const Stmt& stmt, const Held& entry) {
    Held& head = heads_.try_emplace(loop_id(stmt), none_).first->second;
    add(head, entry);
    return head;
  }
  bool repeat(const Stmt& stmt, Held& head, const Held& back) {
    if (!add(head, back)) return false;
    add(heads_.at(loop_id(stmt)), back);
    return true;
  }
  void begin_round(const ForRange& loop, Held& held) { held[loop.variable] = false; }

  void end_rounds(const Stmt& stmt, const Rounds<Held>&, Flow<Held>& exit) {
    if (exit && loop_id(stmt) == target_) exit->assign(exit->size(), true);
  }

 private:
  const Held none_;
  std::vector<bool> result_;
  LoopId target_;
  std::map<LoopId, Held> heads_;
};

}  // namespace

std::vector<bool> live_after(const Function& function, const ForRange& loop) {
  return Reach(function.locals.size(), loop.id).run(function);
}

}  // namespace kjit
