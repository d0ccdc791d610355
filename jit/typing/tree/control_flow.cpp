// What the tree itself says about control. The walk is in control_flow.h.

#include "typing/tree/control_flow.h"

namespace kjit::typed {

namespace {

template <typename Value>
std::optional<Value> constant(const Expr& expr) {
  const auto* node = std::get_if<Constant>(&expr.node);
  const auto* value = node ? std::get_if<Value>(&node->value) : nullptr;
  return value ? std::optional<Value>(*value) : std::nullopt;
}

bool is_exit(const Stmt& stmt) {
  const auto* evaluated = std::get_if<Evaluate>(&stmt.node);
  const auto* call = evaluated ? std::get_if<BuiltinCall>(&evaluated->value->node) : nullptr;
  return call && (call->builtin == Builtin::Exit || call->builtin == Builtin::ExitText);
}

}  // namespace

std::optional<bool> constant_condition(const Expr& condition) { return constant<bool>(condition); }

bool makes_a_round(const ForRange& loop) {
  const auto start = constant<std::int64_t>(*loop.start), stop = constant<std::int64_t>(*loop.stop),
             step = constant<std::int64_t>(*loop.step);
  if (!start || !stop || !step) return false;
  return *step > 0 ? *start < *stop : *step < 0 && *start > *stop;
}

std::vector<Expr*> range_operands(ForRange& loop) {
  std::vector<Expr*> operands{loop.start.get(), loop.stop.get(), loop.step.get()};
  if (loop.parallel && loop.parallel->chunk) operands.push_back(loop.parallel->chunk.get());
  if (loop.parallel && loop.parallel->threads) operands.push_back(loop.parallel->threads.get());
  return operands;
}

LoopId loop_id(const Stmt& loop) {
  const auto* counted = std::get_if<ForRange>(&loop.node);
  return counted ? counted->id : std::get<While>(loop.node).id;
}

const Block& loop_body(const Stmt& loop) {
  const auto* counted = std::get_if<ForRange>(&loop.node);
  return counted ? counted->body : std::get<While>(loop.node).body;
}

bool ends_control(const Stmt& stmt) {
  return std::holds_alternative<Break>(stmt.node) || std::holds_alternative<Continue>(stmt.node) ||
         std::holds_alternative<Return>(stmt.node) || std::holds_alternative<Raise>(stmt.node) || is_exit(stmt);
}

}  // namespace kjit::typed
