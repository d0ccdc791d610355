// Comparisons: chains, identity, membership, tuples. Entry: FunctionChecker::check_compare.

#include <cstdint>

#include "typing/check/checker.h"

namespace kjit {

namespace {

typed::CompareOp typed_compare(ast::CompareOp op) {
  switch (op) {
    case ast::CompareOp::Eq:
    case ast::CompareOp::Is: return typed::CompareOp::Eq;
    case ast::CompareOp::Ne:
    case ast::CompareOp::IsNot: return typed::CompareOp::Ne;
    case ast::CompareOp::Lt: return typed::CompareOp::Lt;
    case ast::CompareOp::Le: return typed::CompareOp::Le;
    case ast::CompareOp::Gt: return typed::CompareOp::Gt;
    case ast::CompareOp::Ge: return typed::CompareOp::Ge;
    default: KJIT_UNREACHABLE("membership is handled before");
  }
}

// a.ndim, np.ndim(x), len(t): numbers that follow from types.
bool asks_a_type(const ast::Expr& expr) {
  if (const auto* attribute = std::get_if<ast::Attribute>(&expr.node)) return attribute->name == "ndim";
  const auto* call = std::get_if<ast::Call>(&expr.node);
  if (!call) return false;
  if (const auto* name = std::get_if<ast::Name>(&call->callee->node)) return name->id == "len";
  return asks_a_type(*call->callee);
}

bool holds(typed::CompareOp op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case typed::CompareOp::Eq: return a == b;
    case typed::CompareOp::Ne: return a != b;
    case typed::CompareOp::Lt: return a < b;
    case typed::CompareOp::Le: return a <= b;
    case typed::CompareOp::Gt: return a > b;
    case typed::CompareOp::Ge: return a >= b;
  }
  KJIT_UNREACHABLE("comparisons are complete");
}

}  // namespace

// A comparison of two needs no temporaries, unless they are tuples. One of the number of axes is decided here, so that a branch
// for other arrays need not fit these.
FunctionChecker::ExprPtr FunctionChecker::compare_two(const ast::Expr& expr, const ast::Compare& node) {
  ExprPtr lhs = check(*node.first);
  ExprPtr rhs = check(*node.rest[0]);
  if (lhs->type.is_unknown() || rhs->type.is_unknown()) return invalid(expr.span);
  typed::CompareOp op = typed_compare(node.ops[0]);
  if (asks_a_type(*node.first) || asks_a_type(*node.rest[0])) {
    const std::optional<std::int64_t> a = int_value(*lhs), b = int_value(*rhs);
    if (a && b) return bool_constant(holds(op, *a, *b), expr.span);
  }
  if (!lhs->type.is_tuple() || !rhs->type.is_tuple()) return compare_values(op, std::move(lhs), std::move(rhs), expr.span);
  return with_value(std::move(lhs), [&](const typed::Expr& left) {
    return with_value(std::move(rhs), [&](const typed::Expr& right) { return compare_tuples(op, left, right, expr.span); });
  });
}

// a < b < c: each operand once, from left to right, the later ones only while the earlier comparisons hold.
FunctionChecker::ExprPtr FunctionChecker::check_compare(const ast::Expr& expr, const ast::Compare& node) {
  bool membership = node.ops[0] == ast::CompareOp::In || node.ops[0] == ast::CompareOp::NotIn;
  if (membership && node.ops.size() == 1) {
    return check_membership(expr, *node.first, *node.rest[0], node.ops[0] == ast::CompareOp::NotIn);
  }
  bool identity = node.ops[0] == ast::CompareOp::Is || node.ops[0] == ast::CompareOp::IsNot;
  if (node.ops.size() == 1 && !identity) return compare_two(expr, node);
  std::function<ExprPtr(const typed::Expr&, std::size_t)> chain = [&](const typed::Expr& lhs, std::size_t i) -> ExprPtr {
    ExprPtr rhs = check(*node.rest[i]);
    if (lhs.type.is_unknown() || rhs->type.is_unknown()) {
      for (std::size_t k = i + 1; k < node.rest.size(); ++k) check(*node.rest[k]);
      return invalid(expr.span);
    }
    return with_value(std::move(rhs), [&](const typed::Expr& right) {
      ExprPtr first = truth(compare_pair(node.ops[i], lhs, right, expr.span));  // of arrays there is none
      if (i + 1 == node.ops.size() || first->type.is_unknown()) return first;
      ExprPtr rest = chain(right, i + 1);
      if (rest->type.is_unknown()) return rest;
      return make(Kind::Bool, expr.span, typed::Conditional{std::move(first), std::move(rest), bool_constant(false, expr.span)});
    });
  };
  ExprPtr first = check(*node.first);
  if (first->type.is_unknown()) {
    for (const ast::ExprPtr& rest : node.rest) check(*rest);
    return invalid(expr.span);
  }
  return with_value(std::move(first), [&](const typed::Expr& lhs) { return chain(lhs, 0); });
}

FunctionChecker::ExprPtr FunctionChecker::compare_pair(ast::CompareOp op, const typed::Expr& lhs, const typed::Expr& rhs,
                                                       Span span) {
  if (op == ast::CompareOp::Is || op == ast::CompareOp::IsNot) return compare_identity(op == ast::CompareOp::Is, lhs, rhs, span);
  if (op == ast::CompareOp::In || op == ast::CompareOp::NotIn) {
    report<DiagId::E0512>(span, to_string(lhs.type), to_string(rhs.type), "in")
        .suggest("put the membership test into parentheses");
    return invalid(span);
  }
  typed::CompareOp typed_op = typed_compare(op);
  if (lhs.type.is_tuple() && rhs.type.is_tuple()) return compare_tuples(typed_op, lhs, rhs, span);
  return compare_values(typed_op, clone(lhs), clone(rhs), span);
}

// `is` is for None, and for two names of one array. A variable that may hold None or something else does not exist, so the answer
// for None is known here -- except for an optional parameter that is assigned later: its test counts as long as nothing was
// assigned before it.
FunctionChecker::ExprPtr FunctionChecker::compare_identity(bool same, const typed::Expr& lhs, const typed::Expr& rhs, Span span) {
  auto is_none = [&](const typed::Expr& expr) {
    const auto* read = std::get_if<typed::ReadLocal>(&expr.node);
    if (expr.type.is(Kind::None) || !read || spec_.is_stub || scope_.is_module()) return expr.type.is(Kind::None);
    const std::string& name = function_.locals[read->local].name;
    for (std::size_t i = 0; i < scope_.definition->parameters.size(); ++i) {
      std::size_t argument = scope_.captures.size() + i;
      if (scope_.definition->parameters[i].name == name && !name.empty()) return spec_.arguments[argument].is(Kind::None);
    }
    return false;
  };
  if (const OptionalParameter* optional = reassigned_optional(lhs); optional && rhs.type.is(Kind::None)) {
    ExprPtr none = read_temp(optional->is_none, span);
    return same ? std::move(none) : negate(std::move(none), span);
  }
  if (is_none(lhs) || is_none(rhs)) return bool_constant((is_none(lhs) && is_none(rhs)) == same, span);
  if (lhs.type.is(Kind::Bool) && rhs.type.is(Kind::Bool)) {
    return compare_values(same ? typed::CompareOp::Eq : typed::CompareOp::Ne, clone(lhs), clone(rhs), span);
  }
  if (lhs.type == rhs.type && lhs.type.is_array()) {
    std::vector<ExprPtr> args;
    args.push_back(clone(lhs));
    args.push_back(clone(rhs));
    ExprPtr result = builtin_call(Builtin::SameBuffer, Kind::Bool, span, std::move(args));
    return same ? std::move(result) : negate(std::move(result), span);
  }
  report<DiagId::E0512>(span, to_string(lhs.type), to_string(rhs.type), same ? "is" : "is not")
      .suggest(same ? "use ==" : "use !=");
  return invalid(span);
}

// The parameter that `expr` reads, if it was left out and may have been assigned by now: above, or in an earlier round of a loop.
const FunctionChecker::OptionalParameter* FunctionChecker::reassigned_optional(const typed::Expr& expr) const {
  const auto* read = std::get_if<typed::ReadLocal>(&expr.node);
  if (!read) return nullptr;
  auto found = optional_.find(function_.locals[read->local].name);
  bool may_be_set = found != optional_.end() && (found->second.assigned || loop_depth_ > 0);
  return may_be_set ? &found->second : nullptr;
}

typed::ExprPtr TreeBuilder::compare_values(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  const Type left = lhs->type, right = rhs->type;
  bool equality = op == typed::CompareOp::Eq || op == typed::CompareOp::Ne;
  if (equality && left.is(Kind::Dtype) && right.is(Kind::Dtype)) {
    return bool_constant((left.dtype() == right.dtype()) == (op == typed::CompareOp::Eq), span);
  }
  if (equality && (left.is(Kind::None) || right.is(Kind::None))) {
    return bool_constant((left == right) == (op == typed::CompareOp::Eq), span);
  }
  if (left.is(Kind::Str) && right.is(Kind::Str)) {
    const auto* a = std::get_if<typed::Constant>(&lhs->node);
    const auto* b = std::get_if<typed::Constant>(&rhs->node);
    if (a && b && equality) {  // `__name__ == "__main__"`
      return bool_constant((std::get<std::string>(a->value) == std::get<std::string>(b->value)) == (op == typed::CompareOp::Eq),
                           span);
    }
    return make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});
  }
  if (left.is_array() || right.is_array()) {
    return array_compare(op, std::move(lhs), std::move(rhs), span);
  }
  bool comparable = left.is_scalar() && right.is_scalar() && (equality || (!left.is_complex() && !right.is_complex()));
  if (!comparable) {
    Diagnostic& diag = report<DiagId::E0512>(span, to_string(left), to_string(right), spelling(op));
    if (left.is_complex() || right.is_complex()) diag.suggest("compare abs(...), .real or .imag");
    return invalid(span);
  }
  // Integers compare exactly, whatever their widths.
  bool exact = left.is_integer() && right.is_integer() && !left.is(Kind::U64) && !right.is(Kind::U64);
  if (!exact && !adapt_literal(lhs, rhs, span)) return invalid(span);
  if (lhs->type == rhs->type) return make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});

  bool wide_integer = (lhs->type.is_integer() && bit_width(lhs->type.kind()) == 64) ||
                      (rhs->type.is_integer() && bit_width(rhs->type.kind()) == 64);
  bool has_float = lhs->type.is_float() || rhs->type.is_float();
  if (wide_integer && has_float) {
    // Python compares int and float exactly. A literal that a double holds can be one; else the comparison keeps both types.
    auto widen = [&](ExprPtr value) {
      if (value->type.is_float()) return convert(std::move(value), Kind::F64);
      std::optional<std::int64_t> literal = int_value(*value);
      bool exact = literal && *literal <= (std::int64_t{1} << 53) && *literal >= -(std::int64_t{1} << 53);
      return exact ? convert(std::move(value), Kind::F64) : std::move(value);
    };
    lhs = widen(std::move(lhs));
    rhs = widen(std::move(rhs));
    return make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});
  }
  std::optional<Kind> common = promote(lhs->type.kind(), rhs->type.kind());
  if (!common) return bad_operands(spelling(op), left, right, span);
  if (*common == Kind::F32 && !(left.is_float() && right.is_float())) common = Kind::F64;
  lhs = convert(std::move(lhs), *common);
  rhs = convert(std::move(rhs), *common);
  return make(Kind::Bool, span, typed::Compare{op, std::move(lhs), std::move(rhs)});
}

// Elements of tuples: tuples again, or what has one truth value.
FunctionChecker::ExprPtr FunctionChecker::compare_elements(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  if (!lhs->type.is_tuple() || !rhs->type.is_tuple()) return truth(compare_values(op, std::move(lhs), std::move(rhs), span));
  return with_value(std::move(lhs), [&](const typed::Expr& left) {
    return with_value(std::move(rhs), [&](const typed::Expr& right) { return compare_tuples(op, left, right, span); });
  });
}

// == and != element by element; the orderings compare at the first difference.
FunctionChecker::ExprPtr FunctionChecker::compare_tuples(typed::CompareOp op, const typed::Expr& lhs, const typed::Expr& rhs,
                                                         Span span) {
  using enum typed::CompareOp;
  std::size_t left = lhs.type.elements().size(), right = rhs.type.elements().size();
  bool equality = op == Eq || op == Ne;
  if (equality && left != right) return bool_constant(op == Ne, span);
  auto element = [&](const typed::Expr& tuple, std::size_t i) {
    return make(tuple.type.elements()[i], span, typed::TupleElement{clone(tuple), static_cast<std::uint32_t>(i)});
  };
  std::size_t common = std::min(left, right);
  bool longer_decides = op == Lt   ? left < right
                        : op == Le ? left <= right
                        : op == Gt ? left > right
                        : op == Ge ? left >= right
                                   : op == Eq;
  ExprPtr result = bool_constant(longer_decides, span);
  for (std::size_t i = common; i-- > 0;) {
    ExprPtr equal = compare_elements(Eq, element(lhs, i), element(rhs, i), span);
    if (equal->type.is_unknown()) return equal;
    ExprPtr different = equality ? bool_constant(op == Ne, span) : compare_elements(op, element(lhs, i), element(rhs, i), span);
    if (different->type.is_unknown()) return different;
    result = make(Kind::Bool, span, typed::Conditional{std::move(equal), std::move(result), std::move(different)});
  }
  return result;
}

FunctionChecker::ExprPtr FunctionChecker::check_membership(const ast::Expr& expr, const ast::Expr& item,
                                                           const ast::Expr& container, bool negated) {
  ExprPtr value = check(item);
  const auto* list = std::get_if<ast::List>(&container.node);
  ExprPtr in = list ? check_tuple(container, list->elements) : check(container);
  if (value->type.is_unknown() || in->type.is_unknown()) return invalid(expr.span);
  if (in->type.is(Kind::Str) && value->type.is(Kind::Str)) {
    std::vector<ExprPtr> args;
    args.push_back(std::move(in));
    args.push_back(std::move(value));
    ExprPtr found = builtin_call(Builtin::StrContains, Kind::Bool, expr.span, std::move(args));
    return negated ? negate(std::move(found), expr.span) : std::move(found);
  }
  if (!in->type.is_tuple()) {
    report<DiagId::E0512>(expr.span, to_string(value->type), to_string(in->type), "in")
        .suggest(in->type.is_array() ? "loop over the elements" : "`in` takes a tuple or a string");
    return invalid(expr.span);
  }
  return with_value(std::move(value), [&](const typed::Expr& needle) {
    return with_value(std::move(in), [&](const typed::Expr& tuple) {
      ExprPtr result = bool_constant(negated, expr.span);
      for (std::size_t i = tuple.type.elements().size(); i-- > 0;) {
        ExprPtr element =
            make(tuple.type.elements()[i], expr.span, typed::TupleElement{clone(tuple), static_cast<std::uint32_t>(i)});
        ExprPtr equal = with_value(std::move(element), [&](const typed::Expr& other) {
          return truth(compare_pair(ast::CompareOp::Eq, needle, other, expr.span));
        });
        if (equal->type.is_unknown()) return equal;
        ExprPtr found = bool_constant(!negated, expr.span);
        result = make(Kind::Bool, expr.span, typed::Conditional{std::move(equal), std::move(found), std::move(result)});
      }
      return result;
    });
  });
}

}  // namespace kjit
