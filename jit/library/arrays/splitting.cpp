// Functions that cut an array into several, as a tuple of views: how many there are is part of the type.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"

namespace kjit {

namespace {

using Bounds = std::vector<ExprPtr>;  // where parts begin and end; null: at the edge

ExprPtr size_along(FunctionChecker& c, const typed::Expr& array, int axis, Span span) {
  return c.make(Kind::I64, span, typed::ArrayDim{c.clone(array), static_cast<std::uint32_t>(axis)});
}

// Of so many parts of one length, or (`fairly`) of nearly one length.
Bounds equal_bounds(FunctionChecker& c, const typed::Expr& array, int axis, std::int64_t count, bool fairly, Span span) {
  Bounds bounds;
  bounds.push_back(nullptr);
  for (std::int64_t i = 1; i < count; ++i) {
    std::vector<ExprPtr> args;
    args.push_back(size_along(c, array, axis, span));
    args.push_back(c.int_constant(count, span));
    if (fairly) {
      args.push_back(c.int_constant(i, span));
      bounds.push_back(call_prelude_function(c, "part_begin", std::move(args), span));
    } else {
      ExprPtr length = call_prelude_function(c, "equal_part", std::move(args), span);
      bounds.push_back(c.binary(typed::BinaryOp::Mul, std::move(length), c.int_constant(i, span), span));
    }
  }
  bounds.push_back(nullptr);
  return bounds;
}

// Where the array is cut: the elements of a list or tuple. Empty: reported.
std::optional<Bounds> listed_bounds(FunctionChecker& c, const CallSite& site, const std::vector<ast::ExprPtr>& places) {
  Bounds bounds;
  bounds.push_back(nullptr);
  for (const ast::ExprPtr& place : places) {
    bounds.push_back(c.argument_i64(site, c.check(*place)));
    if (bounds.back()->type.is_unknown()) return std::nullopt;
  }
  bounds.push_back(nullptr);
  return bounds;
}

ExprPtr parts_between(FunctionChecker& c, const typed::Expr& array, int axis, const Bounds& bounds, Span span) {
  std::vector<ExprPtr> parts;
  std::vector<Type> types;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    typed::Subscript subscript;
    subscript.is_slice = true;
    if (bounds[i]) subscript.lower = c.clone(*bounds[i]);
    if (bounds[i + 1]) subscript.upper = c.clone(*bounds[i + 1]);
    parts.push_back(slice_axis(c, c.clone(array), axis, std::move(subscript), span));
    types.push_back(parts.back()->type);
  }
  return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(parts)});
}

// Empty: reported. hsplit cuts columns, or the elements of a vector; vsplit rows, dsplit along the third axis.
std::optional<int> axis_of(FunctionChecker& c, const CallSite& site, const ast::Expr* given, const Type& array) {
  const bool deep = site.name == "dsplit", sideways = site.name == "hsplit";
  const int needed = deep ? 3 : site.name == "vsplit" ? 2 : 1;
  if (array.rank() < needed) {
    c.bad_argument(site, needed == 3 ? "an array of three axes" : "an array of two axes", array, site.span());
    return std::nullopt;
  }
  if (given) return constant_axis(c, *given, array.rank());
  return deep ? 2 : sideways && array.rank() > 1 ? 1 : 0;
}

}  // namespace

ExprPtr call_split(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  const bool has_axis = site.name == "split" || site.name == "array_split";
  std::vector<std::string_view> names = {"ary", "indices_or_sections"};
  if (has_axis) names.push_back("axis");
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, std::move(names));
  if (!taken) return c.invalid(span);
  ExprPtr array = value_or_list(c, *(*taken)[0]);
  if (array->type.is_unknown()) return c.invalid(span);
  if (!array->type.is_array()) return c.bad_argument(site, "an array", array->type, array->span);
  const std::optional<int> axis = axis_of(c, site, has_axis ? (*taken)[2] : nullptr, array->type);
  if (!axis) return c.invalid(span);
  const ast::Expr& where = *(*taken)[1];
  const std::vector<ast::ExprPtr>* places = nullptr;
  if (const auto* list = std::get_if<ast::List>(&where.node)) places = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&where.node)) places = &tuple->elements;
  ExprPtr sections = places ? nullptr : c.check(where);
  const std::optional<std::int64_t> count = sections ? c.int_value(*sections) : std::nullopt;
  if (!places && (!count || *count < 1 || *count > 255)) {
    return c.bad_argument(site, "a number of parts, or a list of places, written here,", sections->type, where.span);
  }
  return c.with_value(std::move(array), [&](const typed::Expr& whole) -> ExprPtr {
    std::optional<Bounds> bounds =
        places ? listed_bounds(c, site, *places) : equal_bounds(c, whole, *axis, *count, site.name == "array_split", span);
    if (!bounds) return c.invalid(span);
    return with_trivial(c, *bounds, [&] { return parts_between(c, whole, *axis, *bounds, span); });
  });
}

}  // namespace kjit
