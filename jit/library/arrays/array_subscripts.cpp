// Views that rearrange axes, and subscripts with None, masks and arrays of integers. Entries: index_with_arrays,
// assign_with_arrays, update_with_arrays, array_view_method.

#include <algorithm>

#include "library/handlers.h"
#include "library/library.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"
#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::array_call(int function, Type result, Span span, std::vector<ExprPtr> args) {
  args.push_back(int_constant(function, span));
  const Builtin row = result.is(Kind::None) ? Builtin::ArrayCallInto : Builtin::ArrayCall;
  return builtin_call(row, std::move(result), span, std::move(args));
}

// ---- axes --------------------------------------------------------

FunctionChecker::ExprPtr FunctionChecker::axes_view(ExprPtr array, const std::vector<std::int64_t>& axes, Span span) {
  std::int64_t last = -1;
  bool in_order = array->type.is_contiguous();
  for (const std::int64_t axis : axes) {
    if (axis < 0) continue;
    in_order = in_order && axis > last;
    last = axis;
  }
  if (axes.size() > KJIT_MAX_RANK) {
    report<DiagId::E0712>(span, static_cast<int>(KJIT_MAX_RANK));
    return invalid(span);
  }
  Type type = Type::array(array->type.dtype(), static_cast<int>(axes.size()), in_order ? Layout::C : Layout::Strided);
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  for (const std::int64_t axis : axes) args.push_back(int_constant(axis, span));
  return array_call(KJIT_ARRAY_Axes, type, span, std::move(args));
}

// A constant axis in [0, rank).
std::optional<int> FunctionChecker::constant_axis(const ast::Expr& expr, int rank) {
  ExprPtr value = check(expr);
  if (value->type.is_unknown()) return std::nullopt;
  std::optional<std::int64_t> axis = int_value(*value);
  if (!axis) {
    report<DiagId::E0606>(expr.span, "axis", "a constant", to_string(value->type)).suggest("axes decide types: write the number");
    return std::nullopt;
  }
  if (*axis < -rank || *axis >= rank) {
    report<DiagId::E0704>(expr.span, *axis, rank);
    return std::nullopt;
  }
  return static_cast<int>(*axis < 0 ? *axis + rank : *axis);
}

// None (all), a constant or a tuple of constants.
std::optional<std::vector<int>> FunctionChecker::constant_axes(const ast::Expr* expr, int rank) {
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
    std::optional<int> axis = constant_axis(*part, rank);
    if (!axis) return std::nullopt;
    if (std::find(axes.begin(), axes.end(), *axis) != axes.end()) {
      report<DiagId::E0606>(part->span, "axis", "each axis once", "a repeated one");
      return std::nullopt;
    }
    axes.push_back(*axis);
  }
  return axes;
}

FunctionChecker::ExprPtr FunctionChecker::transpose(ExprPtr array, Span span) {
  std::vector<std::int64_t> axes;
  for (int axis = array->type.rank(); axis-- > 0;) axes.push_back(axis);
  return axes_view(std::move(array), axes, span);
}

FunctionChecker::ExprPtr FunctionChecker::reshape(ExprPtr array, std::vector<ExprPtr> shape, Span span) {
  Type type = Type::array(array->type.dtype(), static_cast<int>(shape.size()), array->type.layout());
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  for (ExprPtr& size : shape) args.push_back(std::move(size));
  return array_call(KJIT_ARRAY_Reshape, type, span, std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::complex_part(ExprPtr array, bool imaginary, Span span) {
  const Type type = array->type;
  std::vector<ExprPtr> args;
  if (!Type(type.dtype()).is_complex()) {
    if (!imaginary) return array;
    LoopParts parts = loop_parts([&] {
      std::vector<ExprPtr> one;
      one.push_back(std::move(array));
      return one;
    }());
    return finish_loop(std::move(parts), convert(int_constant(0, span), type.dtype()), span);
  }
  args.push_back(std::move(array));
  args.push_back(int_constant(imaginary ? 1 : 0, span));
  return array_call(KJIT_ARRAY_ComplexPart, Type::array(real_part_kind(type.dtype()), type.rank(), Layout::Strided), span,
                    std::move(args));
}

// A view with `subscript` on one axis, whole on the others.
FunctionChecker::ExprPtr FunctionChecker::slice_axis(ExprPtr array, int axis, typed::Subscript subscript, Span span) {
  std::vector<typed::Subscript> subscripts(static_cast<std::size_t>(axis));
  for (typed::Subscript& whole : subscripts) whole.is_slice = true;
  subscripts.push_back(std::move(subscript));
  const int rank = array->type.rank() - (subscripts.back().is_slice ? 0 : 1);
  Type type = Type::array(array->type.dtype(), rank, view_layout(array->type, subscripts));
  return make(type, span, typed::View{std::move(array), std::move(subscripts)});
}

// ---- subscripts --------------------------------------------------

namespace {

bool is_plain(const ast::Expr& index) {
  return std::holds_alternative<ast::Slice>(index.node) || std::holds_alternative<ast::EllipsisLiteral>(index.node);
}

}  // namespace

// Checks the indices that are values, once; says whether any of them needs more than a View.
bool FunctionChecker::has_array_indices(const ast::Subscript& node) {
  bool special = false;
  for (const ast::ExprPtr& index : node.indices) {
    if (is_plain(*index)) continue;
    if (std::holds_alternative<ast::NoneLiteral>(index->node) || path_of(*index) == "numpy.newaxis") {
      special = true;
      continue;
    }
    const bool list = std::holds_alternative<ast::List>(index->node);
    ExprPtr value = list ? array_literal(*this, *index, std::nullopt) : check(*index);
    special = special || value->type.is_array();
    checked_[index.get()] = std::move(value);
  }
  return special;
}

// What a subscript with None, masks or arrays of integers means: a view to begin with, then index arrays on some of its axes.
std::optional<FunctionChecker::ArraySelection> FunctionChecker::select_with_arrays(const ast::Expr& expr,
                                                                                   const ast::Subscript& node, ExprPtr array) {
  const int rank = array->type.rank();
  ArraySelection result;
  if (node.indices.size() == 1) {
    auto found = checked_.find(node.indices[0].get());
    if (found != checked_.end() && found->second->type.is_array() && found->second->type.dtype() == Kind::Bool) {
      result.mask = std::move(found->second);
      checked_.erase(found);
      if (result.mask->type.rank() > rank) {
        report<DiagId::E0702>(expr.span, rank, result.mask->type.rank());
        return std::nullopt;
      }
      result.base = std::move(array);
      return result;
    }
  }
  const auto is_new = [&](const ast::Expr& index) {
    return std::holds_alternative<ast::NoneLiteral>(index.node) || path_of(index) == "numpy.newaxis";
  };
  int given = 0;
  for (const ast::ExprPtr& index : node.indices) {
    given += !is_new(*index) && !std::holds_alternative<ast::EllipsisLiteral>(index->node);
  }
  if (given > rank) {
    report<DiagId::E0702>(expr.span, rank, given);
    return std::nullopt;
  }
  std::vector<typed::Subscript> subscripts;
  std::vector<std::int64_t> axes;        // of the view, and new ones
  std::vector<std::size_t> advanced_at;  // places among the indices, in order, of those that NumPy calls advanced
  std::int64_t next = 0;
  bool any_array = false, any_new = false;
  std::size_t place_kept = 0, kept = 0;  // axes kept in front of the first advanced index
  std::size_t position = 0;
  for (const ast::ExprPtr& index : node.indices) {
    ++position;
    if (is_new(*index)) {
      axes.push_back(-1);
      ++kept;
      any_new = true;
      continue;
    }
    if (is_plain(*index)) {
      const std::size_t before = subscripts.size();
      if (!add_subscript(*index, static_cast<std::size_t>(rank - given), subscripts)) return std::nullopt;
      for (std::size_t i = before; i < subscripts.size(); ++i) axes.push_back(next++), ++kept;
      continue;
    }
    auto found = checked_.find(index.get());
    ExprPtr value = found == checked_.end() ? check(*index) : std::move(found->second);
    if (found != checked_.end()) checked_.erase(found);
    if (value->type.is_unknown()) return std::nullopt;
    if (advanced_at.empty()) place_kept = kept;
    advanced_at.push_back(position);
    typed::Subscript subscript;
    if (value->type.is_array()) {
      if (!Type(value->type.dtype()).is_integer()) {
        report<DiagId::E0703>(index->span, to_string(value->type)).suggest("a mask stands alone: a[mask]");
        return std::nullopt;
      }
      subscript.is_slice = true;
      result.index_axes.push_back(static_cast<int>(axes.size()));
      axes.push_back(next++);
      result.indices.push_back(convert_elements(std::move(value), Kind::I64, index->span));
      any_array = true;
    } else {
      subscript.index = as_index(std::move(value), index->span);
      if (subscript.index->type.is_unknown()) return std::nullopt;
    }
    subscripts.push_back(std::move(subscript));
  }
  for (int i = static_cast<int>(subscripts.size()); i < rank; ++i) axes.push_back(next++);
  const bool adjacent = advanced_at.empty() || advanced_at.back() - advanced_at.front() + 1 == advanced_at.size();
  result.place = any_array && adjacent ? static_cast<int>(place_kept) : 0;
  if (next == 0) {
    report<DiagId::E0702>(expr.span, rank, given).suggest("use slices beside None, as in a[0:1]");
    return std::nullopt;
  }
  Type view = Type::array(array->type.dtype(), static_cast<int>(next), view_layout(array->type, subscripts));
  result.base = make(view, expr.span, typed::View{std::move(array), std::move(subscripts)});
  if (any_new) result.base = axes_view(std::move(result.base), axes, expr.span);
  return result;
}

// The selection as arguments of Gather, or, with `values`, of Scatter.
std::vector<FunctionChecker::ExprPtr> FunctionChecker::selection_args(ExprPtr base, ExprPtr values,
                                                                      const ArraySelection& selection,
                                                                      std::vector<ExprPtr> indices, Span span) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(base));
  if (values) args.push_back(std::move(values));
  args.push_back(int_constant(selection.place, span));
  for (ExprPtr& index : indices) args.push_back(std::move(index));
  for (const int axis : selection.index_axes) args.push_back(int_constant(axis, span));
  return args;
}

Type FunctionChecker::selected_type(const ArraySelection& selection) {
  const Type& base = selection.base->type;
  if (selection.mask) return Type::array(base.dtype(), base.rank() - selection.mask->type.rank() + 1, Layout::C);
  int shape = 0;
  for (const ExprPtr& index : selection.indices) shape = std::max(shape, index->type.rank());
  return Type::array(base.dtype(), base.rank() - static_cast<int>(selection.indices.size()) + shape, Layout::C);
}

FunctionChecker::ExprPtr FunctionChecker::select(ArraySelection selection, Span span) {
  const Type type = selected_type(selection);
  std::vector<ExprPtr> args;
  if (selection.mask) {
    args.push_back(std::move(selection.base));
    args.push_back(std::move(selection.mask));
    return array_call(KJIT_ARRAY_SelectMask, type, span, std::move(args));
  }
  if (selection.indices.empty()) return std::move(selection.base);
  args = selection_args(std::move(selection.base), nullptr, selection, std::move(selection.indices), span);
  return array_call(KJIT_ARRAY_Gather, type, span, std::move(args));
}

// Null: an ordinary subscript.
FunctionChecker::ExprPtr FunctionChecker::index_with_arrays(const ast::Expr& expr, const ast::Subscript& node, ExprPtr& array) {
  if (!has_array_indices(node)) return nullptr;
  std::optional<ArraySelection> selection = select_with_arrays(expr, node, std::move(array));
  return selection ? select(std::move(*selection), expr.span) : invalid(expr.span);
}

// One number as an array that can be broadcast.
FunctionChecker::ExprPtr FunctionChecker::as_values(ExprPtr value, Kind dtype, Span span) {
  if (value->type.is_array()) return convert_elements(std::move(value), dtype, span);
  std::vector<ExprPtr> shape;
  shape.push_back(int_constant(1, span));
  return new_array(*this, typed::Fill::Value, dtype, std::move(shape), convert(std::move(value), dtype), span);
}

void FunctionChecker::put(ArraySelection selection, ExprPtr value, Span span) {
  const Kind dtype = selection.base->type.dtype();
  const Type stored = value->type.is_array() ? Type(value->type.dtype()) : value->type;
  if (!stored.is_scalar() || !storable(stored.kind(), dtype)) {
    report<DiagId::E0706>(span, to_string(value->type), to_string(Type(dtype)));
    return;
  }
  if (selection.mask && selection.mask->type.rank() == selection.base->type.rank() && value->type.is_scalar()) {
    // a[mask] = x is a[...] = where(mask, x, a), in one loop.
    ExprPtr base = is_trivial(*selection.base) ? std::move(selection.base) : hold(std::move(selection.base));
    std::vector<ExprPtr> values;
    values.push_back(std::move(selection.mask));
    values.push_back(convert(std::move(value), dtype));
    values.push_back(clone(*base));
    LoopParts parts = loop_parts(std::move(values));
    std::vector<ExprPtr> bodies = std::move(parts.bodies);
    ExprPtr body = make(dtype, span, typed::Conditional{truth(std::move(bodies[0])), std::move(bodies[1]), std::move(bodies[2])});
    ExprPtr loop = finish_loop(std::move(parts), std::move(body), span);
    emit(span, typed::AssignView{std::move(loop), whole_view(std::move(base), span)});
    return;
  }
  ExprPtr values = as_values(std::move(value), dtype, span);
  std::vector<ExprPtr> args;
  if (selection.mask) {
    args.push_back(std::move(selection.base));
    args.push_back(std::move(selection.mask));
    args.push_back(std::move(values));
    emit(span, typed::Evaluate{array_call(KJIT_ARRAY_PutMask, Kind::None, span, std::move(args))});
    return;
  }
  if (selection.indices.empty()) {
    emit(span, typed::AssignView{std::move(values), whole_view(std::move(selection.base), span)});
    return;
  }
  args = selection_args(std::move(selection.base), std::move(values), selection, std::move(selection.indices), span);
  emit(span, typed::Evaluate{array_call(KJIT_ARRAY_Scatter, Kind::None, span, std::move(args))});
}

// The array that a target subscripts, if its subscript needs more than a View; else null, with what was checked kept.
FunctionChecker::ExprPtr FunctionChecker::target_with_arrays(const ast::Subscript& target) {
  if (!path_of(*target.value).empty()) return nullptr;
  ExprPtr array = check(*target.value);
  if (array->type.is_array() && has_array_indices(target)) return array;
  checked_[target.value.get()] = std::move(array);
  return nullptr;
}

bool FunctionChecker::assign_with_arrays(const ast::Expr& target, const ast::Subscript& subscript, ExprPtr& value) {
  ExprPtr array = target_with_arrays(subscript);
  if (!array) return false;
  std::optional<ArraySelection> selection = select_with_arrays(target, subscript, std::move(array));
  if (selection && !value->type.is_unknown()) put(std::move(*selection), std::move(value), target.span);
  return true;
}

// a[mask] op= value, a[indices] op= value: reads, computes and stores, as NumPy does.
bool FunctionChecker::update_with_arrays(const ast::Expr& target, const ast::Subscript& subscript, typed::BinaryOp op,
                                         const ast::Expr& operand, Span span) {
  ExprPtr array = target_with_arrays(subscript);
  if (!array) return false;
  std::optional<ArraySelection> selection = select_with_arrays(target, subscript, std::move(array));
  if (!selection) return true;
  ArraySelection again;
  selection->base = is_trivial(*selection->base) ? std::move(selection->base) : hold(std::move(selection->base));
  again.base = clone(*selection->base);
  again.place = selection->place;
  again.index_axes = selection->index_axes;
  if (selection->mask) {
    selection->mask = is_trivial(*selection->mask) ? std::move(selection->mask) : hold(std::move(selection->mask));
    again.mask = clone(*selection->mask);
  }
  for (ExprPtr& index : selection->indices) {
    index = is_trivial(*index) ? std::move(index) : hold(std::move(index));
    again.indices.push_back(clone(*index));
  }
  ExprPtr value = check(operand);
  if (value->type.is_unknown()) return true;
  const Kind dtype = again.base->type.dtype();
  const bool in_one_loop = again.mask && again.mask->type.rank() == again.base->type.rank() && value->type.is_scalar();
  ExprPtr old = in_one_loop ? clone(*again.base) : select(std::move(again), span);
  ExprPtr result = array_binary(op, std::move(old), std::move(value), span);
  if (result->type.is_unknown()) return true;
  if (!np_same_kind(result->type.dtype(), dtype)) {
    report<DiagId::E0706>(span, to_string(result->type), to_string(Type(dtype))).suggest("NumPy refuses this, too");
    return true;
  }
  if (!in_one_loop) {
    put(std::move(*selection), std::move(result), span);
    return true;
  }
  std::vector<ExprPtr> values;
  ExprPtr base = std::move(selection->base);
  values.push_back(std::move(selection->mask));
  values.push_back(convert_elements(std::move(result), dtype, span));
  values.push_back(clone(*base));
  LoopParts parts = loop_parts(std::move(values));
  std::vector<ExprPtr> bodies = std::move(parts.bodies);
  ExprPtr body = make(dtype, span, typed::Conditional{truth(std::move(bodies[0])), std::move(bodies[1]), std::move(bodies[2])});
  ExprPtr loop = finish_loop(std::move(parts), std::move(body), span);
  emit(span, typed::AssignView{std::move(loop), whole_view(std::move(base), span)});
  return true;
}

}  // namespace kjit
