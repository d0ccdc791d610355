// What functions and subscripts of whole arrays are made of: views that rearrange axes, and constants that name them.

#include "library/arrays/array_forms.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "runtime/abi.h"

namespace kjit {

ExprPtr array_call(FunctionChecker& c, int function, Type result, Span span, std::vector<ExprPtr> args) {
  args.push_back(c.int_constant(function, span));
  const Builtin row = result.is(Kind::None) ? Builtin::ArrayCallInto : Builtin::ArrayCall;
  return c.builtin_call(row, std::move(result), span, std::move(args));
}

// ---- axes --------------------------------------------------------

ExprPtr axes_view(FunctionChecker& c, ExprPtr array, const std::vector<std::int64_t>& axes, Span span) {
  std::int64_t last = -1;
  bool in_order = array->type.is_contiguous();
  for (const std::int64_t axis : axes) {
    if (axis < 0) continue;
    in_order = in_order && axis > last;
    last = axis;
  }
  if (axes.size() > KJIT_MAX_RANK) {
    c.report<DiagId::E0712>(span, static_cast<int>(KJIT_MAX_RANK));
    return c.invalid(span);
  }
  Type type = Type::array(array->type.dtype(), static_cast<int>(axes.size()), in_order ? Layout::C : Layout::Strided);
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  for (const std::int64_t axis : axes) args.push_back(c.int_constant(axis, span));
  return array_call(c, KJIT_ARRAY_Axes, type, span, std::move(args));
}

// A constant axis in [0, rank).
std::optional<int> constant_axis(FunctionChecker& c, const ast::Expr& expr, int rank) {
  ExprPtr value = c.check(expr);
  if (value->type.is_unknown()) return std::nullopt;
  std::optional<std::int64_t> axis = c.int_value(*value);
  if (!axis) {
    c.report<DiagId::E0606>(expr.span, "axis", "a constant", to_string(value->type))
        .suggest("axes decide types: write the number");
    return std::nullopt;
  }
  if (*axis < -rank || *axis >= rank) {
    c.report<DiagId::E0606>(expr.span, "axis",
                            fmt::format("a number from {} to {} (the array has {} axes)", -rank, rank - 1, rank),
                            std::to_string(*axis));
    return std::nullopt;
  }
  return static_cast<int>(*axis < 0 ? *axis + rank : *axis);
}

// None (all), a constant or a tuple of constants.
std::optional<std::vector<int>> constant_axes(FunctionChecker& c, const ast::Expr* expr, int rank) {
  std::vector<int> axes;
  if (!expr || std::holds_alternative<ast::NoneLiteral>(expr->node)) {
    for (int axis = 0; axis < rank; ++axis) axes.push_back(axis);
    return axes;
  }
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr->node)) parts = &tuple->elements;
  if (const auto* list = std::get_if<ast::List>(&expr->node)) parts = &list->elements;
  std::vector<const ast::Expr*> given = {expr};
  if (parts) {
    given.clear();
    for (const ast::ExprPtr& part : *parts) given.push_back(part.get());
  }
  for (const ast::Expr* part : given) {
    std::optional<int> axis = constant_axis(c, *part, rank);
    if (!axis) return std::nullopt;
    if (std::find(axes.begin(), axes.end(), *axis) != axes.end()) {
      c.report<DiagId::E0606>(part->span, "axis", "each axis once", "a repeated one");
      return std::nullopt;
    }
    axes.push_back(*axis);
  }
  return axes;
}

ExprPtr transpose(FunctionChecker& c, ExprPtr array, Span span) {
  std::vector<std::int64_t> axes;
  for (int axis = array->type.rank(); axis-- > 0;) axes.push_back(axis);
  return axes_view(c, std::move(array), axes, span);
}

ExprPtr reshape(FunctionChecker& c, ExprPtr array, std::vector<ExprPtr> shape, Span span) {
  Type type = Type::array(array->type.dtype(), static_cast<int>(shape.size()), array->type.layout());
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  for (ExprPtr& size : shape) args.push_back(std::move(size));
  return array_call(c, KJIT_ARRAY_Reshape, type, span, std::move(args));
}

ExprPtr complex_part(FunctionChecker& c, ExprPtr array, bool imaginary, Span span) {
  const Type type = array->type;
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  if (!Type(type.dtype()).is_complex()) {
    if (!imaginary) return std::move(args[0]);
    FunctionChecker::LoopParts parts = c.loop_parts(std::move(args));
    return c.finish_loop(std::move(parts), c.convert(c.int_constant(0, span), type.dtype()), span);
  }
  args.push_back(c.int_constant(imaginary ? 1 : 0, span));
  return array_call(c, KJIT_ARRAY_ComplexPart, Type::array(real_part_kind(type.dtype()), type.rank(), Layout::Strided), span,
                    std::move(args));
}

// A view with `subscript` on one axis, whole on the others.
ExprPtr slice_axis(FunctionChecker& c, ExprPtr array, int axis, typed::Subscript subscript, Span span) {
  std::vector<typed::Subscript> subscripts(static_cast<std::size_t>(axis));
  for (typed::Subscript& whole : subscripts) whole.is_slice = true;
  subscripts.push_back(std::move(subscript));
  const int rank = array->type.rank() - (subscripts.back().is_slice ? 0 : 1);
  Type type = Type::array(array->type.dtype(), rank, view_layout(array->type, subscripts));
  return c.make(type, span, typed::View{std::move(array), std::move(subscripts)});
}

ExprPtr flatten(FunctionChecker& c, ExprPtr array, Span span) {
  if (array->type.rank() == 1) return array;
  std::vector<ExprPtr> shape;
  shape.push_back(c.int_constant(-1, span));
  return reshape(c, std::move(array), std::move(shape), span);
}

ExprPtr insert_axis(FunctionChecker& c, ExprPtr array, int at, Span span) {
  std::vector<std::int64_t> axes;
  for (int axis = 0; axis < array->type.rank(); ++axis) axes.push_back(axis);
  axes.insert(axes.begin() + at, -1);
  return axes_view(c, std::move(array), axes, span);
}

}  // namespace kjit
