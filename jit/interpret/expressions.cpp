// Expressions: evaluate() and the nodes that are neither arrays, builtins nor text.

#include <utility>

#include "interpret/machine.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

MaybeValue Machine::evaluate(const typed::Expr& expr) {
  return std::visit([&](const auto& node) { return compute(expr, node); }, expr.node);
}

std::optional<std::vector<Value>> Machine::evaluate_all(const std::vector<typed::ExprPtr>& exprs) {
  std::vector<Value> values;
  values.reserve(exprs.size());
  for (const typed::ExprPtr& expr : exprs) {
    MaybeValue value = evaluate(*expr);
    if (!value) {
      return std::nullopt;
    }
    values.push_back(*std::move(value));
  }
  return values;
}

MaybeValue Machine::deliver(Value value, const Trap& trap, typed::SiteId site) {
  if (trap) {
    fail(trap, site);
    return std::nullopt;
  }
  return value;
}

// ---- constants and variables -------------------------------------------------------------------------------------------

MaybeValue Machine::compute(const typed::Expr&, const typed::Constant& node) { return constant_value(node); }

MaybeValue Machine::compute(const typed::Expr& expr, const typed::ReadLocal& node) {
  const Variable& variable = frame_->locals[node.local];
  if (!variable && node.check_set) {
    fail({frame_->function.is_script() ? KJIT_TRAP_UndefinedGlobal : KJIT_TRAP_Unbound, {}}, expr.site);
    return std::nullopt;
  }
  KJIT_ASSERT(variable.has_value(), "a local that counts as set is not");
  return variable;
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::ReadGlobal& node) {
  const Variable& variable = globals_[node.global];
  if (!variable && node.check_set) {
    fail({KJIT_TRAP_UndefinedGlobal, {}}, expr.site);
    return std::nullopt;
  }
  KJIT_ASSERT(variable.has_value(), "a global that counts as set is not");
  return variable;
}

MaybeValue Machine::compute(const typed::Expr&, const typed::Let& node) {
  MaybeValue value = evaluate(*node.value);
  if (!value) {
    return std::nullopt;
  }
  frame_->locals[node.local] = std::move(value);
  return evaluate(*node.body);
}

// ---- operators ---------------------------------------------------------------------------------------------------------

MaybeValue Machine::compute(const typed::Expr&, const typed::Conditional& node) {
  const std::optional<bool> holds = condition(*node.condition);
  if (!holds) {
    return std::nullopt;
  }
  return evaluate(*holds ? *node.then : *node.otherwise);
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Convert& node) {
  const MaybeValue operand = evaluate(*node.operand);
  if (!operand) {
    return std::nullopt;
  }
  Trap trap;
  Value value = convert(node.operand->type, expr.type, *operand, frame_->rules, trap);
  return deliver(std::move(value), trap, expr.site);
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Unary& node) {
  const MaybeValue operand = evaluate(*node.operand);
  if (!operand) {
    return std::nullopt;
  }
  Trap trap;
  Value value = apply_unary(node.op, expr.type.kind(), *operand, frame_->rules, trap);
  return deliver(std::move(value), trap, expr.site);
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Binary& node) {
  const MaybeValue lhs = evaluate(*node.lhs);
  const MaybeValue rhs = lhs ? evaluate(*node.rhs) : std::nullopt;
  if (!rhs) {
    return std::nullopt;
  }
  Trap trap;
  Value value = apply_binary(node.op, node.lhs->type.kind(), *lhs, *rhs, frame_->rules, trap);
  return deliver(std::move(value), trap, expr.site);
}

MaybeValue Machine::compute(const typed::Expr&, const typed::Compare& node) {
  const MaybeValue lhs = evaluate(*node.lhs);
  const MaybeValue rhs = lhs ? evaluate(*node.rhs) : std::nullopt;
  if (!rhs) {
    return std::nullopt;
  }
  return Value{apply_compare(node.op, *lhs, *rhs)};
}

// ---- calls -------------------------------------------------------------------------------------------------------------

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Call& node) {
  std::optional<std::vector<Value>> values = evaluate_all(node.args);
  if (!values) {
    return std::nullopt;
  }
  if (!stack_is_left()) {
    fail({KJIT_TRAP_RecursionTooDeep, {}}, expr.site);
    return std::nullopt;
  }
  if (!poll(expr.site)) {  // a recursion without loops must be stoppable
    return std::nullopt;
  }
  std::vector<Variable> arguments(std::make_move_iterator(values->begin()), std::make_move_iterator(values->end()));
  MaybeValue result = call(node.callee, std::move(arguments));
  if (!result) {
    kjit_traceback(&ctx_, expr.site);
  }
  return result;
}

// ---- tuples ------------------------------------------------------------------------------------------------------------

MaybeValue Machine::compute(const typed::Expr&, const typed::MakeTuple& node) {
  std::optional<std::vector<Value>> elements = evaluate_all(node.elements);
  return elements ? MaybeValue(make_tuple(*std::move(elements))) : std::nullopt;
}

MaybeValue Machine::compute(const typed::Expr&, const typed::TupleElement& node) {
  const MaybeValue tuple = evaluate(*node.tuple);
  return tuple ? MaybeValue(tuple->elements()[node.index]) : std::nullopt;
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::TupleElementDynamic& node) {
  const MaybeValue tuple = evaluate(*node.tuple);
  const MaybeValue index = tuple ? evaluate(*node.index) : std::nullopt;
  if (!index) {
    return std::nullopt;
  }
  const auto size = static_cast<std::int64_t>(tuple->elements().size());
  const std::int64_t written = index->integer();
  const std::int64_t position = written < 0 ? written + size : written;
  if (position < 0 || position >= size) {
    fail({KJIT_TRAP_TupleIndexOutOfRange, {written, size, 0}}, expr.site);
    return std::nullopt;
  }
  return tuple->elements()[static_cast<std::size_t>(position)];
}

}  // namespace kjit::interpreter
