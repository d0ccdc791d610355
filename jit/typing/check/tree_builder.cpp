// Nodes, constants and hidden locals. Entry: TreeBuilder.

#include "typing/check/tree_builder.h"

#include <algorithm>

#include "support/limits.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

typed::LocalId TreeBuilder::new_local(const std::string& name, const Type& type, Span span) {
  function_.locals.push_back({name, type, span, false});
  return static_cast<typed::LocalId>(function_.locals.size() - 1);
}

// Numbers, arrays and texts in a value of the type; counts no further than `most` + 1, as a small tree of types may stand for any
// number.
static std::size_t count_values(const Type& type, std::size_t most) {
  if (!type.is_tuple() && !type.is_function()) return 1;
  std::size_t count = 0;
  for (const Type& element : type.elements()) {
    count += count_values(element, most - count);
    if (count > most) break;
  }
  return std::max<std::size_t>(count, 1);  // an empty tuple is one, too
}

static bool has_many_values(const typed::Expr& expr, std::size_t most = limits::kTupleValues) {
  return count_values(expr.type, most) > most;
}

// A tuple of constants, nested ones included.
static bool is_table(const typed::Expr& expr) {
  const auto* tuple = std::get_if<typed::MakeTuple>(&expr.node);
  return tuple && std::all_of(tuple->elements.begin(), tuple->elements.end(), [](const typed::ExprPtr& element) {
           return std::holds_alternative<typed::Constant>(element->node) || is_table(*element);
         });
}

// Does it make, or take, a tuple of too many values? A table is data while it is
// only chosen from, and as large as constants of the module may be.
static bool handles_many_values(const typed::Expr& expr) {
  if (is_table(expr)) return has_many_values(expr, limits::kConstantSize);
  if (has_many_values(expr)) return true;
  if (std::holds_alternative<typed::TupleElement>(expr.node) || std::holds_alternative<typed::TupleElementDynamic>(expr.node))
    return false;
  bool takes = false;
  typed::for_each_child(expr, [&](const typed::Expr& child) { takes = takes || has_many_values(child); });
  return takes;
}

typed::ExprPtr TreeBuilder::measured(ExprPtr expr) {
  if (handles_many_values(*expr)) {
    report<DiagId::E0908>(expr->span, limits::kTupleValues)
        .suggest("an array serves better: np.array([1, 2, 3]); each value of a tuple is a variable of its own");
    expr->type = Kind::Unknown;
    expr->node = typed::Constant{};
    heights_.erase(expr.get());
    return expr;
  }
  std::uint32_t below = 0;
  typed::for_each_child(*expr, [&](typed::Expr& child) {
    const auto found = heights_.find(&child);
    below = std::max(below, found == heights_.end() ? 1 : found->second);
  });
  if (below == 0) {
    heights_.erase(expr.get());  // its address may have been that of a node that is gone
  } else {
    heights_[expr.get()] = below + 1;
  }
  if (below + 1 <= limits::kTypedHeight) return expr;
  report<DiagId::E0903>(expr->span, limits::kTypedHeight)
      .suggest("split it over several statements: comparisons of tuples and constants of the module count with all their parts");
  return read_temp(new_temp(expr->type, expr->span), expr->span);
}

typed::ExprPtr TreeBuilder::int_constant(std::int64_t value, Span span) { return make(Kind::I64, span, typed::Constant{value}); }

typed::ExprPtr TreeBuilder::float_constant(double value, Span span) { return make(Kind::F64, span, typed::Constant{value}); }

typed::ExprPtr TreeBuilder::bool_constant(bool value, Span span) { return make(Kind::Bool, span, typed::Constant{value}); }

typed::ExprPtr TreeBuilder::str_constant(std::string value, Span span) {
  return make(Kind::Str, span, typed::Constant{std::move(value)});
}

typed::ExprPtr TreeBuilder::none_constant(Span span) { return make(Kind::None, span, typed::Constant{}); }

typed::ExprPtr TreeBuilder::builtin_call(Builtin builtin, Type type, Span span, std::vector<ExprPtr> args, bool checked) {
  return make(std::move(type), span, typed::BuiltinCall{builtin, std::move(args), checked});
}

bool TreeBuilder::is_trivial(const typed::Expr& expr) {
  return std::holds_alternative<typed::Constant>(expr.node) || std::holds_alternative<typed::ReadLocal>(expr.node) ||
         std::holds_alternative<typed::ReadGlobal>(expr.node) || std::holds_alternative<typed::LoopElement>(expr.node);
}

typed::ExprPtr TreeBuilder::clone(const typed::Expr& trivial) {
  if (const auto* constant = std::get_if<typed::Constant>(&trivial.node)) return make(trivial.type, trivial.span, *constant);
  if (const auto* local = std::get_if<typed::ReadLocal>(&trivial.node)) return make(trivial.type, trivial.span, *local);
  if (const auto* global = std::get_if<typed::ReadGlobal>(&trivial.node)) return make(trivial.type, trivial.span, *global);
  if (const auto* element = std::get_if<typed::LoopElement>(&trivial.node)) return make(trivial.type, trivial.span, *element);
  KJIT_UNREACHABLE("only trivial expressions are cloned");
}

typed::LocalId TreeBuilder::new_temp(const Type& type, Span span) { return new_local("", type, span); }

typed::ExprPtr TreeBuilder::read_temp(typed::LocalId temp, Span span) {
  return make(function_.locals[temp].type, span, typed::ReadLocal{temp});
}

typed::ExprPtr TreeBuilder::with_value(ExprPtr value, const std::function<ExprPtr(const typed::Expr&)>& use) {
  if (is_trivial(*value)) return use(*value);
  Span span = value->span;
  typed::LocalId temp = new_temp(value->type, span);
  ExprPtr body = use(*read_temp(temp, span));
  Type type = body->type;
  Span whole = body->span;
  return make(type, whole, typed::Let{temp, std::move(value), std::move(body)});
}

typed::ExprPtr TreeBuilder::hold(ExprPtr value) {
  if (std::holds_alternative<typed::Constant>(value->node)) return value;
  Span span = value->span;
  typed::LocalId temp = new_temp(value->type, span);
  emit(span, typed::AssignLocal{temp, std::move(value)});
  return read_temp(temp, span);
}

typed::Block TreeBuilder::in_block(const std::function<void()>& build) {
  typed::Block block;
  typed::Block* outer = std::exchange(out_, &block);
  build();
  out_ = outer;
  return block;
}

}  // namespace kjit
