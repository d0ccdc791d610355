// Functions that pick elements, or tell where they are.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

ExprPtr nonzero_positions(FunctionChecker& c, ExprPtr array, Span span) {
  return c.with_value(std::move(array), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> positions;
    std::vector<Type> types;
    for (int axis = 0; axis < whole.type.rank(); ++axis) {
      std::vector<ExprPtr> args;
      args.push_back(c.clone(whole));
      args.push_back(c.int_constant(axis, span));
      types.push_back(Type::array(Kind::I64, 1, Layout::C));
      positions.push_back(array_call(c, KJIT_ARRAY_NonzeroAxis, types.back(), span, std::move(args)));
    }
    return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(positions)});
  });
}

}  // namespace

ExprPtr array_nonzero(FunctionChecker& c, ArrayArguments given) {
  return nonzero_positions(c, std::move(given.array), given.span());
}

ExprPtr array_flatnonzero(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::vector<ExprPtr> args;
  args.push_back(flatten(c, std::move(given.array), span));
  args.push_back(c.int_constant(0, span));
  return array_call(c, KJIT_ARRAY_NonzeroAxis, Type::array(Kind::I64, 1, Layout::C), span, std::move(args));
}

ExprPtr array_argwhere(FunctionChecker& c, ArrayArguments given) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  return array_call(c, KJIT_ARRAY_Argwhere, Type::array(Kind::I64, 2, Layout::C), given.span(), std::move(args));
}

ExprPtr array_take(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  const ast::Expr& source = *given.options[0];
  const bool literal = std::holds_alternative<ast::List>(source.node);
  ExprPtr indices = literal ? array_literal(c, source, std::nullopt) : c.check(source);
  if (indices->type.is_unknown()) return c.invalid(span);
  if (!indices->type.is_array() || !Type(indices->type.dtype()).is_integer()) {
    return c.bad_argument(given.site, "an array of integers", indices->type, span);
  }
  std::optional<int> axis = 0;
  if (is_none(given.options[1])) {
    given.array = flatten(c, std::move(given.array), span);
  } else if (axis = constant_axis(c, *given.options[1], given.rank()); !axis) {
    return c.invalid(span);
  }
  ArraySelection selection;
  selection.base = std::move(given.array);
  selection.indices.push_back(c.convert_elements(std::move(indices), Kind::I64, span));
  selection.index_axes.push_back(*axis);
  selection.place = *axis;
  return select_elements(c, std::move(selection), span);
}

// np.extract(condition, a), np.compress(condition, a): the condition is the first array.
ExprPtr array_extract(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr other = given.options[0] ? c.check(*given.options[0]) : c.bad_argument(given.site, "an array", Kind::None, span);
  if (other->type.is_unknown()) return c.invalid(span);
  if (!other->type.is_array()) return c.bad_argument(given.site, "an array", other->type, span);
  ArraySelection selection;
  selection.mask = c.convert_elements(flatten(c, std::move(given.array), span), Kind::Bool, span);
  selection.base = flatten(c, std::move(other), span);
  return select_elements(c, std::move(selection), span);
}

}  // namespace kjit
