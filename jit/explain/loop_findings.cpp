// Subscripts, calls and stops of loops. Entries: find_bounds, find_calls, find_polling.

#include <fmt/format.h>

#include <algorithm>

#include "analysis/facts/plan_text.h"
#include "explain/findings.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

void append_once(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::string inlining_reason(const Function& callee, const Remark* remark) {
  if (callee.is_recursive) return "it is recursive";
  if (!remark) return "it is compiled apart, for all who call it";
  if (remark->name == "TooCostly") return "it is too long";
  return "it is compiled apart";
}

}  // namespace

void find_bounds(const ProgramFacts& facts, const LoopPlan& plan, std::vector<Finding>& findings) {
  using Check = SubscriptPlan::Check;
  std::vector<std::string> proved, tested;
  std::vector<Finding> each_time;
  for (const SubscriptPlan& subscript : plan.subscripts) {
    const std::string text = subscript_text(subscript.span, facts.sources);
    if (subscript.check == Check::Proved) append_once(proved, text);
    if (subscript.check == Check::Tested) append_once(tested, text);
    if (subscript.check != Check::EachTime) continue;
    add_once(each_time, {"bounds", fmt::format("{}: checked in each iteration: {}", text, subscript.reason)});
  }
  if (!proved.empty()) findings.push_back({"bounds", fmt::format("proved, no check: {}", fmt::join(proved, ", "))});
  if (!tested.empty())
    findings.push_back({"bounds", fmt::format("checked once, in front of the loop: {}", fmt::join(tested, ", "))});
  findings.insert(findings.end(), each_time.begin(), each_time.end());
}

void find_calls(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  std::vector<FunctionId> told;
  for_each_expr(body_of(stmt), [&](const Expr& expr) {
    const auto* call = std::get_if<Call>(&expr.node);
    if (!call || std::find(told.begin(), told.end(), call->callee) != told.end()) return;
    told.push_back(call->callee);
    const Function& callee = facts.program.functions[call->callee];
    const std::vector<const Remark*> remarks = remarks_at(facts, "inline", expr.span);
    const auto about = [&](Remark::Kind kind) {
      const auto found = std::find_if(remarks.begin(), remarks.end(), [&](const Remark* remark) {
        const auto name = remark->values.find("Callee");
        return remark->kind == kind && name != remark->values.end() && name->second == callee.symbol;
      });
      return found == remarks.end() ? nullptr : *found;
    };
    if (about(Remark::Kind::Done)) return;
    findings.push_back(
        {"calls", fmt::format("{} is not inlined: {}", callee.name, inlining_reason(callee, about(Remark::Kind::Missed)))});
  });
}

void find_polling(const LoopPlan& plan, std::vector<Finding>& findings) {
  if (plan.polling != Polling::EveryIteration || !plan.is_innermost) return;
  findings.push_back({"stops", "looks in each iteration whether it is to stop: " + plan.polling_reason});
}

}  // namespace kjit
