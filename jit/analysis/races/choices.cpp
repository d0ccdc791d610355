// Entries: match_choice, read_branch.

#include "analysis/races/choices.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/facts/walk.h"

namespace kjit {

using namespace typed;

namespace {

// A condition that compares the local, perhaps beside others: `c and e < x`, `a < e < x`. Typing binds operands to hidden locals.
class ChoiceMatcher {
 public:
  ChoiceMatcher(const Expr& value, LocalId local) : value_(value), local_(local) {}

  // The comparison is with an expression equal to the value, so that the assignment keeps the smaller or larger one.
  std::optional<Choice> match(const Expr& condition) {
    const Expr& expr = strip_converts(condition);
    if (const auto* let = std::get_if<Let>(&expr.node)) {
      bound_.emplace(let->local, let->value.get());
      return match(*let->body);
    }
    if (const auto* both = std::get_if<Conditional>(&expr.node)) return match_and(*both);
    const auto* compare = std::get_if<Compare>(&expr.node);
    return compare ? match_comparison(*compare) : std::nullopt;
  }

 private:
  std::optional<Choice> match_and(const Conditional& both) {
    const bool* otherwise = constant_bool(*both.otherwise);
    if (!otherwise || *otherwise) return std::nullopt;
    if (auto first = match(*both.condition)) {
      first->optional.push_back(both.then.get());
      return first;
    }
    return match(*both.then);
  }

  std::optional<Choice> match_comparison(const Compare& compare) const {
    const Expr &lhs = side(*compare.lhs), &rhs = side(*compare.rhs);
    const Expr* read = read_of(rhs, local_);
    const bool value_first = read != nullptr;
    if (!read) read = read_of(lhs, local_);
    const Expr& other = value_first ? lhs : rhs;
    if (!read || !same_value(strip_converts(other), strip_converts(value_))) return std::nullopt;
    const CompareOp op = compare.op;
    if (op == CompareOp::Eq || op == CompareOp::Ne) return std::nullopt;
    const bool is_less = op == CompareOp::Lt || op == CompareOp::Le;
    return Choice{read, is_less == value_first, op == CompareOp::Le || op == CompareOp::Ge};
  }

  const Expr& side(const Expr& operand) const {
    const auto* read = std::get_if<ReadLocal>(&operand.node);
    const auto found = read ? bound_.find(read->local) : bound_.end();
    return found == bound_.end() ? operand : *found->second;
  }

  const Expr& value_;
  LocalId local_;
  std::map<LocalId, const Expr*> bound_;
};

bool mentions_any(const Expr& expr, const std::vector<LocalId>& locals) {
  return std::any_of(locals.begin(), locals.end(), [&](LocalId local) { return mentions(expr, local); });
}

}  // namespace

std::optional<Choice> match_choice(const Expr& condition, const Expr& value, LocalId local) {
  return ChoiceMatcher(value, local).match(condition);
}

std::optional<Branch> read_branch(const Block& body, const Function& function, LocalId local) {
  Branch branch;
  std::map<LocalId, Branch::Other> hidden;
  std::set<LocalId> used;
  std::vector<LocalId> changed;
  for (const StmtPtr& stmt : body) {
    const auto* assign = std::get_if<AssignLocal>(&stmt->node);
    if (!assign || (branch.own && assign->local == local)) return std::nullopt;
    const auto* read = std::get_if<ReadLocal>(&assign->value->node);
    const auto known = read ? hidden.find(read->local) : hidden.end();
    const bool is_known = known != hidden.end();
    const Expr& value = is_known ? *known->second.value : *assign->value;
    const bool is_as_before = is_known || !mentions_any(value, changed);  // by the branch's other assignments
    if (assign->local == local) {
      if (!is_as_before) return std::nullopt;
      branch.own = assign, branch.span = stmt->span, branch.value = &value;
    } else if (function.locals[assign->local].name.empty() && is_as_before) {
      hidden[assign->local] = {assign->local, &value, stmt->span};
    } else {
      branch.others.push_back({assign->local, &value, stmt->span});
    }
    if (is_known) used.insert(known->first);
    changed.push_back(assign->local);
  }
  for (const auto& [id, assigned] : hidden) {
    if (!used.contains(id)) branch.others.push_back(assigned);
  }
  return branch.own ? std::optional(std::move(branch)) : std::nullopt;
}

}  // namespace kjit
