// Expressions of whole arrays: operators become array loops, and loops without a name are fused into the one that uses them.
// Entries: array_binary, array_unary, array_compare.

#include <algorithm>

#include "runtime/mask_step.h"
#include "typing/arrays/fusion_rules.h"
#include "typing/arrays/np_promotion.h"
#include "typing/check/tree_builder.h"
#include "typing/tree/loop_shapes.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

bool has_calls(const typed::Expr& expr) {
  bool found = false;
  typed::for_each_expr(expr, [&](const typed::Expr& part) {
    const auto* builtin = std::get_if<typed::BuiltinCall>(&part.node);
    const bool effect = builtin && !builtin_row(builtin->builtin).is_repeatable();
    found = found || effect || std::holds_alternative<typed::Call>(part.node);
  });
  return found;
}

}  // namespace

// ---- parts of a loop ---------------------------------------------

// Fused are loops of the result's rank that are cheap or fill its index space, unless what is evaluated between could change what
// they read.
std::vector<bool> TreeBuilder::decide_fusion(const std::vector<ExprPtr>& values) {
  int rank = 0, nodes = 0;
  for (const ExprPtr& value : values) {
    if (value->type.is_array()) rank = std::max(rank, value->type.rank());
  }
  std::vector<bool> fused(values.size(), false);
  std::vector<const typed::Expr*> all;
  all.reserve(values.size());
  for (const ExprPtr& value : values) all.push_back(value.get());
  bool calls_follow = false;
  for (std::size_t k = values.size(); k-- > 0;) {
    if (const auto* loop = std::get_if<typed::ArrayLoop>(&values[k]->node)) {
      const int size = node_count(*loop->body);
      fused[k] = !calls_follow && values[k]->type.rank() == rank && nodes + size <= kLargestBody &&
                 (is_cheap(*loop->body) || covers(*values[k], all));
      if (fused[k]) nodes += size;
    }
    calls_follow = calls_follow || has_calls(*values[k]);
  }
  return fused;
}

std::uint32_t TreeBuilder::add_operand(LoopParts& parts, ExprPtr value) {
  for (std::uint32_t k = 0; k < parts.operands.size(); ++k) {
    if (same_operand(*parts.operands[k], *value)) return k;
  }
  parts.operands.push_back(std::move(value));
  return static_cast<std::uint32_t>(parts.operands.size() - 1);
}

// The scalar that stands for the value in the body.
typed::ExprPtr TreeBuilder::add_part(LoopParts& parts, ExprPtr value, bool fused) {
  if (std::holds_alternative<typed::Constant>(value->node)) return value;
  Span span = value->span;
  if (auto* loop = std::get_if<typed::ArrayLoop>(&value->node); loop && fused) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(loop->operands.size());
    const typed::ShapeSteps steps = typed::shape_steps(*loop);
    for (ExprPtr& operand : loop->operands) numbers.push_back(add_operand(parts, std::move(operand)));
    typed::append_steps(parts.shapes, steps, numbers);
    ++parts.shape_count;
    typed::for_each_expr(*loop->body, [&](typed::Expr& part) {
      if (auto* element = std::get_if<typed::LoopElement>(&part.node)) element->operand = numbers[element->operand];
    });
    ExprPtr body = std::move(loop->body);
    body->type = body->type.as_numpy();  // an element of an array, not a Python number
    return body;
  }
  Type type = value->type.is_array() ? Type(value->type.dtype()).as_numpy() : value->type;
  const bool has_shape = value->type.is_array();
  const std::uint32_t number = add_operand(parts, std::move(value));
  if (has_shape) parts.shapes.push_back(static_cast<std::int32_t>(number)), ++parts.shape_count;
  return make(type, span, typed::LoopElement{number});
}

TreeBuilder::LoopParts TreeBuilder::loop_parts(std::vector<ExprPtr> values) {
  LoopParts parts;
  const std::vector<bool> fused = decide_fusion(values);
  for (std::size_t k = 0; k < values.size(); ++k) parts.bodies.push_back(add_part(parts, std::move(values[k]), fused[k]));
  return parts;
}

typed::ExprPtr TreeBuilder::finish_loop(LoopParts parts, ExprPtr body, Span span) {
  const std::int32_t all = -parts.shape_count;
  return finish_with(std::move(parts), all, std::move(body), span);
}

typed::ExprPtr TreeBuilder::finish_masked_loop(LoopParts parts, ExprPtr body, Span span) {
  return finish_with(std::move(parts), KJIT_MASK_STEP, std::move(body), span);
}

typed::ExprPtr TreeBuilder::finish_with(LoopParts parts, std::int32_t last_step, ExprPtr body, Span span) {
  if (body->type.is_unknown()) return invalid(span);
  int rank = 0;
  for (const ExprPtr& operand : parts.operands) {
    if (operand->type.is_array()) rank = std::max(rank, operand->type.rank());
  }
  Type type = Type::array(body->type.kind(), rank, Layout::C);
  typed::ArrayLoop loop{std::move(parts.operands), std::move(body)};
  if (parts.shape_count > 1) parts.shapes.push_back(last_step);
  typed::set_shape_steps(loop, std::move(parts.shapes));
  return make(type, span, std::move(loop));
}

// ---- operators ---------------------------------------------------

// A Python integer that the element type does not hold is an OverflowError in NumPy.
bool TreeBuilder::fits_element(const typed::Expr& value, Kind kind, Span span) {
  std::optional<std::int64_t> number = np_operand(value.type).weak ? int_value(value) : std::nullopt;
  if (!number || !Type(kind).is_integer()) return true;
  if (fold_constant(typed::Constant{*number}, Kind::I64, kind, span)) return true;
  report<DiagId::E0513>(value.span, std::to_string(*number), to_string(Type(kind)))
      .suggest("convert the array with astype first");
  return false;
}

// What is negative fails as 1 ** n does.
typed::ExprPtr TreeBuilder::checked_exponents(const Type& base, ExprPtr exponents, Span span) {
  const Type number = exponents->type.is_array() ? Type(exponents->type.dtype()) : exponents->type;
  const Type element = base.is_array() ? Type(base.dtype()) : base;
  const bool whole = number.is_signed() && (element.is_integer() || element.is(Kind::Bool));
  if (!whole || std::holds_alternative<typed::Constant>(exponents->node)) return exponents;
  return with_value(std::move(exponents), [&](const typed::Expr& n) {
    const auto of_array = [&](Builtin reduction, const Type& type, ExprPtr array) {
      std::vector<ExprPtr> args;
      args.push_back(std::move(array));
      return builtin_call(reduction, type, span, std::move(args));
    };
    const bool many = n.type.is_array();
    ExprPtr least = many ? of_array(Builtin::ArrayMin, number, clone(n)) : clone(n);
    ExprPtr zero = convert(int_constant(0, span), number);
    ExprPtr negative =
        many ? of_array(Builtin::ArrayAny, Kind::Bool, array_compare(typed::CompareOp::Lt, clone(n), int_constant(0, span), span))
             : make(Kind::Bool, span, typed::Compare{typed::CompareOp::Lt, clone(n), clone(*zero)});
    ExprPtr exponent = make(number, span, typed::Conditional{std::move(negative), std::move(least), std::move(zero)});
    ExprPtr one = convert(int_constant(1, span), number);
    ExprPtr test = make(number, span, typed::Binary{typed::BinaryOp::Pow, std::move(one), std::move(exponent)});
    return with_value(std::move(test), [&](const typed::Expr&) { return clone(n); });
  });
}

typed::ExprPtr TreeBuilder::scalar_power(ExprPtr lhs, ExprPtr rhs, Kind kind, Span span) {
  std::optional<double> exponent = float_value(*rhs);
  if (std::optional<std::int64_t> whole = int_value(*rhs)) exponent = static_cast<double>(*whole);
  const bool real = Type(kind).is_float();
  if (Type(kind).is_integer() && exponent && *exponent < 0) {
    report<DiagId::E0502>(span, "**", to_string(Type(kind)), "a negative integer").suggest("make one of them a float");
    return invalid(span);
  }
  lhs = convert(std::move(lhs), kind);
  const auto product = [&](ExprPtr a, ExprPtr b) {
    return make(kind, span, typed::Binary{typed::BinaryOp::Mul, std::move(a), std::move(b)});
  };
  const auto square = [&](ExprPtr value) {
    return with_value(std::move(value), [&](const typed::Expr& base) { return product(clone(base), clone(base)); });
  };
  if (exponent == 2.0) return square(std::move(lhs));
  // At most 2 ulp from the exact value, as element functions are, and ten times faster than they.
  if (exponent == 3.0 && !Type(kind).is_complex()) {
    return with_value(std::move(lhs),
                      [&](const typed::Expr& base) { return product(product(clone(base), clone(base)), clone(base)); });
  }
  if (exponent == 4.0 && !Type(kind).is_complex()) return square(square(std::move(lhs)));
  if (exponent == 1.0) return lhs;
  if (real && exponent == 0.5) {
    std::vector<ExprPtr> args;
    args.push_back(std::move(lhs));
    return builtin_call(Builtin::Sqrt, kind, span, std::move(args));
  }
  if (real && exponent == -1.0) {
    return make(kind, span, typed::Binary{typed::BinaryOp::TrueDiv, convert(float_constant(1.0, span), kind), std::move(lhs)});
  }
  rhs = convert(std::move(rhs), kind);
  if (!real) return make(kind, span, typed::Binary{typed::BinaryOp::Pow, std::move(lhs), std::move(rhs)});
  std::vector<ExprPtr> args;
  args.push_back(std::move(lhs));
  args.push_back(std::move(rhs));
  return builtin_call(Builtin::NpPower, kind, span, std::move(args));
}

// Of bools: + is or, * is and.
typed::ExprPtr TreeBuilder::element_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  using enum typed::BinaryOp;
  std::optional<OperatorTypes> types = np_operator_types(op, np_operand(lhs->type), np_operand(rhs->type));
  if (!types) {
    report<DiagId::E0502>(span, spelling(op), to_string(lhs->type), to_string(rhs->type));
    return invalid(span);
  }
  if (op != TrueDiv && (!fits_element(*lhs, types->operand, span) || !fits_element(*rhs, types->operand, span)))
    return invalid(span);
  // NumPy's ** takes a square for np.square, whose smallest type is int8.
  const bool is_square_of_bools = lhs->type.is(Kind::Bool) && np_operand(rhs->type).weak && int_value(*rhs) == 2;
  if (op == Pow && is_square_of_bools) types->operand = Kind::I8;
  if (op == Pow) return scalar_power(std::move(lhs), std::move(rhs), types->operand, span);
  if (types->operand == Kind::Bool) op = op == Add ? BitOr : op == Mul ? BitAnd : op;
  lhs = convert(std::move(lhs), types->operand);
  rhs = convert(std::move(rhs), types->operand);
  return make(types->result, span, typed::Binary{op, std::move(lhs), std::move(rhs)});
}

namespace {

// May it be an operand of a whole-array operator: an array, or a number that is broadcast?
bool has_elements(const Type& type) { return type.is_array() || type.is_scalar(); }

}  // namespace

typed::ExprPtr TreeBuilder::array_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  if (!has_elements(lhs->type) || !has_elements(rhs->type)) {
    report<DiagId::E0502>(span, spelling(op), to_string(lhs->type), to_string(rhs->type));
    return invalid(span);
  }
  if (op == typed::BinaryOp::Pow) rhs = checked_exponents(lhs->type, std::move(rhs), span);
  std::vector<ExprPtr> values;
  values.push_back(std::move(lhs));
  values.push_back(std::move(rhs));
  LoopParts parts = loop_parts(std::move(values));
  ExprPtr body = element_binary(op, std::move(parts.bodies[0]), std::move(parts.bodies[1]), span);
  return finish_loop(std::move(parts), std::move(body), span);
}

typed::ExprPtr TreeBuilder::array_unary(ast::UnaryOp op, ExprPtr operand, Span span) {
  const Type dtype = operand->type.dtype();
  const bool invert = op == ast::UnaryOp::Invert;
  if (invert ? !dtype.is_integer() && !dtype.is(Kind::Bool) : dtype.is(Kind::Bool)) {
    report<DiagId::E0510>(span, invert ? "~" : op == ast::UnaryOp::Minus ? "-" : "+", to_string(operand->type));
    return invalid(span);
  }
  std::vector<ExprPtr> values;
  values.push_back(std::move(operand));
  LoopParts parts = loop_parts(std::move(values));
  ExprPtr body = std::move(parts.bodies[0]);
  if (op != ast::UnaryOp::Plus) {
    typed::UnaryOp typed_op = !invert                ? typed::UnaryOp::Negate
                              : dtype.is(Kind::Bool) ? typed::UnaryOp::Not
                                                     : typed::UnaryOp::Invert;
    body = make(dtype, span, typed::Unary{typed_op, std::move(body)});
  }
  return finish_loop(std::move(parts), std::move(body), span);
}

// Integers are compared by their numbers, whatever their types; others in their common type.
typed::ExprPtr TreeBuilder::element_compare(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  const NpOperand a = np_operand(lhs->type), b = np_operand(rhs->type);
  Kind common = np_common(a, b);
  const auto is_whole = [](Kind kind) { return Type(kind).is_integer() || kind == Kind::Bool; };
  if (is_whole(a.kind) && is_whole(b.kind) && common != Kind::Bool) {
    const bool left_wide = a.kind == Kind::U64, right_wide = b.kind == Kind::U64;
    if (left_wide != right_wide && !int_value(*(left_wide ? rhs : lhs)))
      return compare_mixed(op, std::move(lhs), std::move(rhs), span);
    if (left_wide || right_wide) {
      const std::optional<std::int64_t> number = left_wide == right_wide ? std::nullopt : int_value(*(left_wide ? rhs : lhs));
      if (number && *number < 0) return compare_mixed(op, std::move(lhs), std::move(rhs), span);
      common = Kind::U64;
    } else {
      common = Kind::I64;
    }
  }
  const bool equality = op == typed::CompareOp::Eq || op == typed::CompareOp::Ne;
  if (Type(common).is_complex() && !equality) {
    report<DiagId::E0502>(span, spelling(op), to_string(lhs->type), to_string(rhs->type)).suggest("compare abs(...) or .real");
    return invalid(span);
  }
  lhs = convert(std::move(lhs), common);
  rhs = convert(std::move(rhs), common);
  return make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});
}

// A U64 against a signed integer: one that is negative is less than all of them.
typed::ExprPtr TreeBuilder::compare_mixed(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  const bool signed_left = !lhs->type.is(Kind::U64);
  ExprPtr& whole = signed_left ? lhs : rhs;
  whole = convert(std::move(whole), Kind::I64);
  using enum typed::CompareOp;
  const bool if_negative = op == Ne || (signed_left ? op == Lt || op == Le : op == Gt || op == Ge);
  ExprPtr moved = std::move(whole);
  return with_value(std::move(moved), [&](const typed::Expr& number) {
    ExprPtr negative = make(Kind::Bool, span, typed::Compare{Lt, clone(number), int_constant(0, span)});
    (signed_left ? lhs : rhs) = make(Kind::U64, span, typed::Convert{clone(number)});
    ExprPtr plain = make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});
    return make(Kind::Bool, span, typed::Conditional{std::move(negative), bool_constant(if_negative, span), std::move(plain)});
  });
}

typed::ExprPtr TreeBuilder::array_compare(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  if (!has_elements(lhs->type) || !has_elements(rhs->type)) {
    report<DiagId::E0502>(span, spelling(op), to_string(lhs->type), to_string(rhs->type));
    return invalid(span);
  }
  std::vector<ExprPtr> values;
  values.push_back(std::move(lhs));
  values.push_back(std::move(rhs));
  LoopParts parts = loop_parts(std::move(values));
  ExprPtr body = element_compare(op, std::move(parts.bodies[0]), std::move(parts.bodies[1]), span);
  return finish_loop(std::move(parts), std::move(body), span);
}

// The array with elements converted, in the same loop if it is one.
typed::ExprPtr TreeBuilder::convert_elements(ExprPtr array, Kind dtype, Span span) {
  if (array->type.dtype() == dtype) return array;
  std::vector<ExprPtr> values;
  values.push_back(std::move(array));
  LoopParts parts = loop_parts(std::move(values));
  ExprPtr body = std::move(parts.bodies[0]);
  if (body->type.is_complex() && !Type(dtype).is_complex() && dtype != Kind::Bool) {
    std::vector<ExprPtr> args;
    Kind part = real_part_kind(body->type.kind());
    args.push_back(std::move(body));
    body = builtin_call(Builtin::Real, part, span, std::move(args));
  }
  return finish_loop(std::move(parts), convert(std::move(body), dtype), span);
}

// ---- assignment --------------------------------------------------

// view op= value
void TreeBuilder::update_view(typed::BinaryOp op, ExprPtr view, ExprPtr value, Span span) {
  const Kind dtype = view->type.dtype();
  ExprPtr held = is_trivial(*view) ? std::move(view) : hold(std::move(view));
  ExprPtr result = array_binary(op, clone(*held), std::move(value), span);
  if (result->type.is_unknown()) return;
  if (!np_same_kind(result->type.dtype(), dtype)) {
    report<DiagId::E0706>(span, to_string(result->type), to_string(Type(dtype)))
        .suggest("NumPy refuses this, too: convert the array first, or write a = a " + std::string(spelling(op)) + " b");
    return;
  }
  result = convert_elements(std::move(result), dtype, span);
  emit(span, typed::AssignView{std::move(result), whole_view(std::move(held), span)});
}

// The array itself as a view, a[...].
typed::ExprPtr TreeBuilder::whole_view(ExprPtr array, Span span) {
  Type type = array->type;
  typed::View view;
  view.array = std::move(array);
  return make(type, span, std::move(view));
}

}  // namespace kjit
