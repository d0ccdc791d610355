// Entry: as_one_step.

#include "analysis/races/steps.h"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/facts/walk.h"
#include "analysis/races/reductions.h"

namespace kjit {

using namespace typed;

namespace {

bool reads_same_element(const Expr& expr, const StoreElement& store) {
  const auto* element = std::get_if<Element>(&strip_converts(expr).node);
  return element && same_value(*element->array, *store.array) &&
         std::equal(element->indices.begin(), element->indices.end(), store.indices.begin(), store.indices.end(),
                    [](const ExprPtr& a, const ExprPtr& b) { return same_value(*a, *b); });
}

}  // namespace

std::optional<std::string> as_one_step(const StoreElement& store, const std::string& name) {
  const Expr& value = strip_converts(*store.value);
  if (const auto* binary = std::get_if<Binary>(&value.node)) {
    const auto op = accumulating_op(binary->op);
    const bool takes_either = binary->op != BinaryOp::Sub;
    const bool is_update = reads_same_element(*binary->lhs, store) || (takes_either && reads_same_element(*binary->rhs, store));
    if (!op || !is_update) return std::nullopt;
    return fmt::format("{}[...] {}= value", name, takes_either ? operator_text(*op) : "-");
  }
  const auto* call = std::get_if<BuiltinCall>(&value.node);
  const bool is_extreme = call && (call->builtin == Builtin::Min || call->builtin == Builtin::Max) && call->args.size() == 2;
  const auto is_own = [&](const ExprPtr& arg) { return reads_same_element(*arg, store); };
  if (!is_extreme || std::none_of(call->args.begin(), call->args.end(), is_own)) return std::nullopt;
  return fmt::format("kjit.atomic_{}({}, index, value)", call->builtin == Builtin::Min ? "min" : "max", name);
}

}  // namespace kjit
