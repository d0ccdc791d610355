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

namespace {

// The element at a position, or a copy of what is there along the other axes.
ExprPtr take_one(FunctionChecker& c, ExprPtr array, ExprPtr index, int axis, Span span) {
  const Kind dtype = array->type.dtype();
  index = c.as_index(std::move(index), span);
  if (array->type.rank() == 1) {
    typed::Element element;
    element.array = std::move(array);
    element.indices.push_back(std::move(index));
    return c.make(Type(dtype).as_numpy(), span, std::move(element));
  }
  typed::Subscript subscript;
  subscript.index = std::move(index);
  return c.astype(slice_axis(c, std::move(array), axis, std::move(subscript), span), dtype, span);
}

}  // namespace

ExprPtr array_take(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  const ast::Expr& source = *given.options[0];
  const bool literal = std::holds_alternative<ast::List>(source.node);
  ExprPtr indices = literal ? array_literal(c, source, std::nullopt) : c.check(source);
  if (indices->type.is_unknown()) return c.invalid(span);
  const bool single = indices->type.is_integer();
  if (!single && (!indices->type.is_array() || !Type(indices->type.dtype()).is_integer())) {
    return c.bad_argument(given.site, "an integer or an array of integers", indices->type, span);
  }
  std::optional<int> axis = 0;
  if (is_none(given.options[1])) {
    given.array = flatten(c, std::move(given.array), span);
  } else if (axis = constant_axis(c, *given.options[1], given.rank()); !axis) {
    return c.invalid(span);
  }
  if (single) return take_one(c, std::move(given.array), std::move(indices), *axis, span);
  ArraySelection selection;
  selection.base = std::move(given.array);
  selection.indices.push_back(c.convert_elements(std::move(indices), Kind::I64, span));
  selection.index_axes.push_back(*axis);
  selection.place = *axis;
  return select_elements(c, std::move(selection), span);
}

// np.put(a, indices, values): a.flat[indices] = values, which are used again from the first one on if they are fewer.
ExprPtr array_put(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  if (given.rank() > 1 && !given.array->type.is_contiguous()) {
    return c.bad_argument(given.site, "an array in C order", given.array->type, given.array->span);
  }
  const Kind dtype = given.array->type.dtype();
  const auto vector = [&](const ast::Expr& source, Kind kind, bool (*fits)(Kind, Kind)) -> ExprPtr {
    const bool literal = std::holds_alternative<ast::List>(source.node);
    ExprPtr value = literal ? array_literal(c, source, std::nullopt) : c.check(source);
    if (value->type.is_unknown()) return nullptr;
    const Type type = value->type.is_array() ? Type(value->type.dtype()) : value->type;
    if (!type.is_scalar() || !fits(type.kind(), kind)) {
      c.bad_argument(given.site, "numbers of the array's kind", value->type, source.span);
      return nullptr;
    }
    if (value->type.is_array()) return flatten(c, c.convert_elements(std::move(value), kind, span), span);
    std::vector<ExprPtr> one;
    one.push_back(c.int_constant(1, span));
    return new_array(c, typed::Fill::Value, kind, std::move(one), c.convert(std::move(value), kind), span);
  };
  const auto whole = [](Kind from, Kind) { return Type(from).is_integer(); };
  const auto same_kind = [](Kind from, Kind to) { return np_same_kind(from, to) || Type(from).is_integer(); };
  ExprPtr indices = vector(*given.options[0], Kind::I64, whole);
  ExprPtr values = indices ? vector(*given.options[1], dtype, same_kind) : nullptr;
  if (!values) return c.invalid(span);
  ExprPtr base = flatten(c, std::move(given.array), span);
  return c.with_value(std::move(base), [&](const typed::Expr& target) {
    return c.with_value(std::move(indices), [&](const typed::Expr& places) {
      return c.with_value(std::move(values), [&](const typed::Expr& all) {
        const auto size = [&](const typed::Expr& array) { return c.make(Kind::I64, span, typed::ArrayDim{c.clone(array), 0}); };
        std::vector<ExprPtr> range;
        range.push_back(c.int_constant(0, span));
        range.push_back(size(places));
        range.push_back(c.int_constant(1, span));
        ExprPtr numbers = c.builtin_call(Builtin::ArangeI64, Type::array(Kind::I64, 1, Layout::C), span, std::move(range));
        ArraySelection chosen;
        chosen.base = c.clone(all);
        chosen.indices.push_back(c.array_binary(typed::BinaryOp::Mod, std::move(numbers), size(all), span));
        chosen.index_axes.push_back(0);
        ExprPtr stored = select_elements(c, std::move(chosen), span);
        return scatter_elements(c, c.clone(target), c.clone(places), std::move(stored), span);
      });
    });
  });
}

// np.extract(condition, a), np.compress(condition, a): the condition is the first array. It may be shorter or longer than what it
// chooses from, as long as it holds nowhere behind the end.
ExprPtr array_extract(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr other = given.options[0] ? c.check(*given.options[0]) : c.bad_argument(given.site, "an array", Kind::None, span);
  if (other->type.is_unknown()) return c.invalid(span);
  if (!other->type.is_array()) return c.bad_argument(given.site, "an array", other->type, span);
  if (given.site.name == "compress" && given.rank() != 1)
    return c.bad_argument(given.site, "a vector as condition", given.array->type, span);
  std::vector<ExprPtr> args;
  args.push_back(flatten(c, std::move(given.array), span));
  args.push_back(c.int_constant(0, span));
  ArraySelection selection;
  selection.indices.push_back(array_call(c, KJIT_ARRAY_NonzeroAxis, Type::array(Kind::I64, 1, Layout::C), span, std::move(args)));
  selection.index_axes.push_back(0);
  selection.base = flatten(c, std::move(other), span);
  return select_elements(c, std::move(selection), span);
}

}  // namespace kjit
