// Moves array loops into their readers. Entries: split_definition, move_into_reader.

#include "analysis/arrays/loop_substitution.h"

#include <algorithm>
#include <utility>

#include "runtime/abi.h"
#include "support/assert.h"
#include "typing/arrays/fusion_rules.h"
#include "typing/tree/loop_shapes.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

template <typename Node>
ExprPtr make(Type type, const Expr& at, Node node) {
  auto expr = std::make_unique<Expr>();
  expr->type = std::move(type);
  expr->span = at.span;
  expr->site = at.site;
  expr->node = std::move(node);
  return expr;
}

StmtPtr make_statement(const Stmt& at, decltype(Stmt::node) node) {
  auto stmt = std::make_unique<Stmt>();
  stmt->span = at.span;
  stmt->site = at.site;
  stmt->node = std::move(node);
  return stmt;
}

LocalId new_hidden(Function& function, const Type& type, Span span) {
  function.locals.push_back({"", type, span, false});
  return static_cast<LocalId>(function.locals.size() - 1);
}

bool is_movable_part(const ExprPtr& part, const std::function<bool(const Expr&)>& is_stable) {
  const bool leaf = !part || std::holds_alternative<Constant>(part->node) || std::holds_alternative<ReadLocal>(part->node) ||
                    std::holds_alternative<ReadGlobal>(part->node);
  return leaf && (!part || is_movable(*part, is_stable));
}

bool is_movable_slice(const Subscript& subscript, const std::function<bool(const Expr&)>& is_stable) {
  if (!subscript.is_slice) return false;
  const auto* step = subscript.step ? std::get_if<Constant>(&subscript.step->node) : nullptr;
  const auto* number = step ? std::get_if<std::int64_t>(&step->value) : nullptr;
  if (subscript.step && (!number || *number == 0)) return false;
  return is_movable_part(subscript.lower, is_stable) && is_movable_part(subscript.upper, is_stable);
}

// Of what is movable.
ExprPtr copy(const Expr& expr);
ExprPtr copy(const ExprPtr& expr) { return expr ? copy(*expr) : nullptr; }

ExprPtr copy(const Expr& expr) {
  if (const auto* n = std::get_if<Constant>(&expr.node)) return make(expr.type, expr, *n);
  if (const auto* n = std::get_if<ReadLocal>(&expr.node)) return make(expr.type, expr, *n);
  if (const auto* n = std::get_if<ReadGlobal>(&expr.node)) return make(expr.type, expr, *n);
  if (const auto* n = std::get_if<Convert>(&expr.node)) return make(expr.type, expr, Convert{copy(n->operand)});
  const auto& view = std::get<View>(expr.node);
  View result;
  result.array = copy(view.array);
  for (const Subscript& s : view.subscripts) {
    result.subscripts.push_back({copy(s.index), s.is_slice, copy(s.lower), copy(s.upper), copy(s.step)});
  }
  return make(expr.type, expr, std::move(result));
}

// Fails where the operands cannot be broadcast, as the loop would have done. Null where they always can.
StmtPtr comparison_of_shapes(const Stmt& definition, const Expr& loop) {
  const auto& node = std::get<ArrayLoop>(loop.node);
  const std::vector<const Expr*> arrays = leaves_of(loop);
  if (covers({arrays.front()}, arrays)) return nullptr;
  std::vector<ExprPtr> args;
  std::vector<std::uint32_t> numbers;
  for (const ExprPtr& operand : node.operands) {
    numbers.push_back(static_cast<std::uint32_t>(args.size()));
    if (operand->type.is_array()) args.push_back(copy(*operand));
  }
  ShapeSteps steps;
  append_steps(steps, node.shapes, numbers);
  for (const std::int32_t step : steps) args.push_back(make(Kind::I64, loop, Constant{std::int64_t{step}}));
  args.push_back(make(Kind::I64, loop, Constant{std::int64_t{KJIT_ARRAY_CheckBroadcast}}));
  return make_statement(definition, Evaluate{make(Kind::None, loop, BuiltinCall{Builtin::ArrayCall, std::move(args)})});
}

// The loop under conversions of layout.
ExprPtr take_loop(ExprPtr value) {
  while (auto* convert = std::get_if<Convert>(&value->node)) {
    ExprPtr operand = std::move(convert->operand);
    value = std::move(operand);
  }
  return value;
}

std::uint32_t add_operand(std::vector<ExprPtr>& operands, ExprPtr value) {
  for (std::uint32_t k = 0; k < operands.size(); ++k) {
    if (same_operand(*operands[k], *value)) return k;
  }
  operands.push_back(std::move(value));
  return static_cast<std::uint32_t>(operands.size() - 1);
}

void renumber(Expr& body, const std::vector<std::uint32_t>& numbers) {
  for_each_expr(body, [&](Expr& part) {
    if (auto* element = std::get_if<LoopElement>(&part.node)) element->operand = numbers[element->operand];
  });
}

// Calls visit(element) for the elements of the operand.
void for_each_element(Expr& body, std::uint32_t operand, const std::function<void(Expr&)>& visit) {
  std::vector<Expr*> found;
  for_each_expr(body, [&](Expr& part) {
    const auto* element = std::get_if<LoopElement>(&part.node);
    if (element && element->operand == operand) found.push_back(&part);
  });
  for (Expr* part : found) visit(*part);
}

// Puts `value` in place of the elements of the operand; it is computed once.
void replace_elements(Function& function, ExprPtr& body, std::uint32_t operand, ExprPtr value) {
  int count = 0;
  for_each_element(*body, operand, [&](Expr&) { ++count; });
  if (count == 0) return;
  value->type = value->type.as_numpy();
  if (count == 1) return for_each_element(*body, operand, [&](Expr& element) { element = std::move(*value); });
  const LocalId local = new_hidden(function, value->type, value->span);
  for_each_element(*body, operand, [&](Expr& element) { element.node = ReadLocal{local}; });
  ExprPtr let = make(body->type, *body, Let{local, std::move(value), nullptr});
  std::get<Let>(let->node).body = std::move(body);
  body = std::move(let);
}

void fuse(Function& function, ArrayLoop producer, ArrayLoop& reader, std::uint32_t operand) {
  constexpr std::uint32_t kGone = ~std::uint32_t{0};
  const ShapeSteps own_steps = shape_steps(producer), reader_steps = shape_steps(reader);  // by the old numbers
  std::vector<ExprPtr> operands;
  std::vector<std::uint32_t> numbers, own_numbers;
  for (std::uint32_t k = 0; k < reader.operands.size(); ++k) {
    numbers.push_back(k == operand ? kGone : static_cast<std::uint32_t>(operands.size()));
    if (k != operand) operands.push_back(std::move(reader.operands[k]));
  }
  for (ExprPtr& value : producer.operands) own_numbers.push_back(add_operand(operands, std::move(value)));
  renumber(*producer.body, own_numbers);
  renumber(*reader.body, numbers);
  replace_elements(function, reader.body, kGone, std::move(producer.body));
  ShapeSteps steps;
  for (const std::int32_t step : reader_steps) {
    append_steps(steps, step == static_cast<std::int32_t>(operand) ? own_steps : ShapeSteps{step},
                 step == static_cast<std::int32_t>(operand) ? own_numbers : numbers);
  }
  reader.operands = std::move(operands);
  set_shape_steps(reader, std::move(steps));
}

}  // namespace

bool is_movable(const Expr& expr, const std::function<bool(const Expr&)>& is_stable) {
  if (std::holds_alternative<Constant>(expr.node)) return true;
  if (const auto* n = std::get_if<ReadLocal>(&expr.node)) return !n->check_set && is_stable(expr);
  if (const auto* n = std::get_if<ReadGlobal>(&expr.node)) return !n->check_set && is_stable(expr);
  if (const auto* n = std::get_if<Convert>(&expr.node)) return expr.type.is_array() && is_movable(*n->operand, is_stable);
  const auto* view = std::get_if<View>(&expr.node);
  return view && is_movable(*view->array, is_stable) &&
         std::all_of(view->subscripts.begin(), view->subscripts.end(),
                     [&](const Subscript& subscript) { return is_movable_slice(subscript, is_stable); });
}

SplitDefinition split_definition(Function& function, Stmt& definition, const IsMovable& can_move) {
  SplitDefinition result;
  result.loop = take_loop(std::move(std::get<AssignLocal>(definition.node).value));
  for (ExprPtr& operand : std::get<ArrayLoop>(result.loop->node).operands) {
    if (can_move(*operand)) continue;
    const LocalId local = new_hidden(function, operand->type, operand->span);
    ExprPtr read = make(operand->type, *operand, ReadLocal{local});
    result.stays.push_back(make_statement(definition, AssignLocal{local, std::move(operand)}));
    operand = std::move(read);
    result.held.push_back(local);
  }
  if (StmtPtr check = comparison_of_shapes(definition, *result.loop)) result.stays.push_back(std::move(check));
  return result;
}

void move_into_reader(Function& function, ExprPtr loop, const ArrayReader& reader, const Stmt& statement) {
  if (reader.kind == ArrayReader::Kind::Loop) {
    auto& node = std::get<ArrayLoop>(reader.loop().node);
    const auto at = std::find_if(node.operands.begin(), node.operands.end(), [&](const ExprPtr& operand) {
      return std::find(reader.path.begin(), reader.path.end(), operand.get()) != reader.path.end();
    });
    return fuse(function, std::move(std::get<ArrayLoop>(loop->node)), node,
                static_cast<std::uint32_t>(at - node.operands.begin()));
  }
  // The only error that is left, a target of another shape, is the assignment's.
  loop->site = reader.kind == ArrayReader::Kind::Assignment ? statement.site : reader.read().site;
  std::size_t at = reader.path.size() - 1;
  while (at > 0 && std::holds_alternative<Convert>(reader.path[at - 1]->node)) --at;
  *reader.path[at] = std::move(*loop);
}

}  // namespace kjit
