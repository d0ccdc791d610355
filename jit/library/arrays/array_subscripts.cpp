// Subscripts with None, masks and arrays of integers. Entries: index_with_arrays, assign_with_arrays, update_with_arrays.

#include <algorithm>

#include "library/arrays/array_forms.h"
#include "library/arrays/kernel_functions.h"
#include "library/handlers.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

bool is_plain(const ast::Expr& index) {
  return std::holds_alternative<ast::Slice>(index.node) || std::holds_alternative<ast::EllipsisLiteral>(index.node);
}

// a[np.ix_(rows, columns)]: the call, or null.
const ast::Call* open_grid(FunctionChecker& c, const ast::Subscript& node) {
  const auto* call = node.indices.size() == 1 ? std::get_if<ast::Call>(&node.indices[0]->node) : nullptr;
  return call && c.path_of(*call->callee) == "numpy.ix_" ? call : nullptr;
}

// Each vector chooses along its own axis.
std::optional<ArraySelection> select_grid(FunctionChecker& c, const ast::Expr& expr, const ast::Call& grid, ExprPtr array) {
  const std::size_t count = grid.args.size();
  if (count == 0 || count > static_cast<std::size_t>(array->type.rank())) {
    c.report<DiagId::E0702>(expr.span, array->type.rank(), count);
    return std::nullopt;
  }
  ArraySelection result;
  for (std::size_t axis = 0; axis < count; ++axis) {
    ExprPtr vector = value_or_list(c, *grid.args[axis]);
    if (vector->type.is_unknown()) return std::nullopt;
    if (!vector->type.is_array() || vector->type.rank() != 1 || !Type(vector->type.dtype()).is_integer()) {
      c.report<DiagId::E0606>(grid.args[axis]->span, "ix_", "vectors of integers", to_string(vector->type));
      return std::nullopt;
    }
    std::vector<std::int64_t> axes(count, -1);
    axes[axis] = 0;
    vector = c.convert_elements(std::move(vector), Kind::I64, expr.span);
    result.indices.push_back(axes_view(c, std::move(vector), axes, expr.span));
    result.index_axes.push_back(static_cast<int>(axis));
  }
  result.base = std::move(array);
  return result;
}

bool is_tuple_of_arrays(const Type& type) {
  if (!type.is_tuple()) return false;
  const auto is_index = [](const Type& part) {
    return part.is_integer() || (part.is_array() && (Type(part.dtype()).is_integer() || part.dtype() == Kind::Bool));
  };
  return std::ranges::all_of(type.elements(), is_index) &&
         std::ranges::any_of(type.elements(), [](const Type& part) { return part.is_array(); });
}

// a[np.nonzero(mask)], a[t] with a tuple of arrays t: the first axes by the elements of a value that may be read often.
std::optional<ArraySelection> select_by_tuple(FunctionChecker& c, const ast::Expr& expr, const typed::Expr& tuple,
                                              ExprPtr array) {
  const std::size_t count = tuple.type.elements().size();
  if (count > static_cast<std::size_t>(array->type.rank())) {
    c.report<DiagId::E0702>(expr.span, array->type.rank(), count);
    return std::nullopt;
  }
  ArraySelection result;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Type type = tuple.type.elements()[i];
    ExprPtr part = c.make(type, expr.span, typed::TupleElement{c.clone(tuple), i});
    if (type.is_array() && type.dtype() == Kind::Bool) {
      c.report<DiagId::E0703>(expr.span, to_string(type)).suggest("write masks into the subscript: a[mask, 0]");
      return std::nullopt;
    }
    if (!type.is_array()) {
      std::vector<ExprPtr> one;
      one.push_back(c.int_constant(1, expr.span));
      part = new_array(c, typed::Fill::Value, Kind::I64, std::move(one), c.as_index(std::move(part), expr.span), expr.span);
    }
    result.indices.push_back(c.convert_elements(std::move(part), Kind::I64, expr.span));
    result.index_axes.push_back(static_cast<int>(i));
  }
  result.base = std::move(array);
  return result;
}

// The one index that is a tuple of arrays, checked and kept; or null.
const ast::Expr* tuple_index(FunctionChecker& c, const ast::Subscript& node) {
  const typed::Expr* index = node.indices.size() == 1 ? c.kept(*node.indices[0]) : nullptr;
  return index && is_tuple_of_arrays(index->type) ? node.indices[0].get() : nullptr;
}

// Checks the indices that are values, once; says whether any of them needs more than a View.
bool has_array_indices(FunctionChecker& c, const ast::Subscript& node) {
  if (open_grid(c, node)) return true;
  bool special = false;
  for (const ast::ExprPtr& index : node.indices) {
    if (is_plain(*index)) continue;
    if (std::holds_alternative<ast::NoneLiteral>(index->node) || c.path_of(*index) == "numpy.newaxis") {
      special = true;
      continue;
    }
    const bool list = std::holds_alternative<ast::List>(index->node);
    ExprPtr value = list ? array_literal(c, *index, std::nullopt) : c.check(*index);
    special = special || value->type.is_array() || (node.indices.size() == 1 && is_tuple_of_arrays(value->type));
    c.keep(*index, std::move(value));
  }
  return special;
}

// What a subscript with None, masks or arrays of integers means: a view to begin with, then index arrays on some of its axes.
std::optional<ArraySelection> select_with_arrays(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node,
                                                 ExprPtr array) {
  const int rank = array->type.rank();
  if (const ast::Call* grid = open_grid(c, node)) return select_grid(c, expr, *grid, std::move(array));
  if (const ast::Expr* index = tuple_index(c, node)) {
    ExprPtr tuple = c.check(*index);
    if (!c.is_trivial(*tuple)) tuple = c.hold(std::move(tuple));
    return select_by_tuple(c, expr, *tuple, std::move(array));
  }
  ArraySelection result;
  if (node.indices.size() == 1) {
    const typed::Expr* index = c.kept(*node.indices[0]);
    if (index && index->type.is_array() && index->type.dtype() == Kind::Bool) {
      result.mask = c.check(*node.indices[0]);
      if (result.mask->type.rank() > rank) {
        c.report<DiagId::E0702>(expr.span, rank, result.mask->type.rank());
        return std::nullopt;
      }
      result.base = std::move(array);
      return result;
    }
  }
  const auto is_new = [&](const ast::Expr& index) {
    return std::holds_alternative<ast::NoneLiteral>(index.node) || c.path_of(index) == "numpy.newaxis";
  };
  int given = 0;
  for (const ast::ExprPtr& index : node.indices) {
    given += !is_new(*index) && !std::holds_alternative<ast::EllipsisLiteral>(index->node);
  }
  if (given > rank) {
    c.report<DiagId::E0702>(expr.span, rank, given);
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
      if (!c.add_subscript(*index, static_cast<std::size_t>(rank - given), subscripts)) return std::nullopt;
      for (std::size_t i = before; i < subscripts.size(); ++i) axes.push_back(next++), ++kept;
      continue;
    }
    ExprPtr value = c.check(*index);
    if (value->type.is_unknown()) return std::nullopt;
    if (advanced_at.empty()) place_kept = kept;
    advanced_at.push_back(position);
    typed::Subscript subscript;
    const bool mask = value->type.is_array() && value->type.dtype() == Kind::Bool && value->type.rank() == 1;
    if (mask && c.is_trivial(*array)) {  // the same as the positions where it holds
      std::vector<ExprPtr> args;
      args.push_back(std::move(value));
      args.push_back(c.int_constant(0, index->span));
      args.push_back(c.clone(*array));
      args.push_back(c.int_constant(next, index->span));
      value = array_call(c, KJIT_ARRAY_NonzeroAxis, Type::array(Kind::I64, 1, Layout::C), index->span, std::move(args));
    }
    if (value->type.is_array()) {
      if (!Type(value->type.dtype()).is_integer()) {
        c.report<DiagId::E0703>(index->span, to_string(value->type))
            .suggest("beside other subscripts a mask has one axis, and the array is a variable");
        return std::nullopt;
      }
      subscript.is_slice = true;
      result.index_axes.push_back(static_cast<int>(axes.size()));
      axes.push_back(next++);
      result.indices.push_back(c.convert_elements(std::move(value), Kind::I64, index->span));
      any_array = true;
    } else {
      subscript.index = c.as_index(std::move(value), index->span);
      if (subscript.index->type.is_unknown()) return std::nullopt;
    }
    subscripts.push_back(std::move(subscript));
  }
  for (int i = static_cast<int>(subscripts.size()); i < rank; ++i) axes.push_back(next++);
  const bool adjacent = advanced_at.empty() || advanced_at.back() - advanced_at.front() + 1 == advanced_at.size();
  result.place = any_array && adjacent ? static_cast<int>(place_kept) : 0;
  if (next == 0) {
    c.report<DiagId::E0702>(expr.span, rank, given).suggest("use slices beside None, as in a[0:1]");
    return std::nullopt;
  }
  Type view = Type::array(array->type.dtype(), static_cast<int>(next), view_layout(array->type, subscripts));
  result.base = c.make(view, expr.span, typed::View{std::move(array), std::move(subscripts)});
  if (any_new) result.base = axes_view(c, std::move(result.base), axes, expr.span);
  return result;
}

// The selection as arguments of Gather, or, with `values`, of Scatter.
std::vector<ExprPtr> selection_args(FunctionChecker& c, ExprPtr base, ExprPtr values, const ArraySelection& selection,
                                    std::vector<ExprPtr> indices, Span span) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(base));
  if (values) args.push_back(std::move(values));
  args.push_back(c.int_constant(selection.place, span));
  for (ExprPtr& index : indices) args.push_back(std::move(index));
  for (const int axis : selection.index_axes) args.push_back(c.int_constant(axis, span));
  return args;
}

Type selected_type(const ArraySelection& selection) {
  const Type& base = selection.base->type;
  if (selection.mask) return Type::array(base.dtype(), base.rank() - selection.mask->type.rank() + 1, Layout::C);
  int shape = 0;
  for (const ExprPtr& index : selection.indices) shape = std::max(shape, index->type.rank());
  return Type::array(base.dtype(), base.rank() - static_cast<int>(selection.indices.size()) + shape, Layout::C);
}

}  // namespace

ExprPtr select_elements(FunctionChecker& c, ArraySelection selection, Span span) {
  const Type type = selected_type(selection);
  std::vector<ExprPtr> args;
  if (selection.mask) {
    args.push_back(std::move(selection.base));
    args.push_back(std::move(selection.mask));
    return array_call(c, KJIT_ARRAY_SelectMask, type, span, std::move(args));
  }
  if (selection.indices.empty()) return std::move(selection.base);
  args = selection_args(c, std::move(selection.base), nullptr, selection, std::move(selection.indices), span);
  return array_call(c, KJIT_ARRAY_Gather, type, span, std::move(args));
}

// a[index] = values, of a vector, as an expression without a value.
ExprPtr scatter_elements(FunctionChecker& c, ExprPtr vector, ExprPtr index, ExprPtr values, Span span) {
  ArraySelection selection;
  selection.index_axes.push_back(0);
  std::vector<ExprPtr> indices;
  indices.push_back(std::move(index));
  return array_call(c, KJIT_ARRAY_Scatter, Kind::None, span,
                    selection_args(c, std::move(vector), std::move(values), selection, std::move(indices), span));
}

// Null: an ordinary subscript.
ExprPtr index_with_arrays(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr& array) {
  if (!has_array_indices(c, node)) return nullptr;
  if (const ast::Expr* index = tuple_index(c, node)) {
    return c.with_value(std::move(array), [&](const typed::Expr& whole) {
      return c.with_value(c.check(*index), [&](const typed::Expr& tuple) {
        std::optional<ArraySelection> selection = select_by_tuple(c, expr, tuple, c.clone(whole));
        return selection ? select_elements(c, std::move(*selection), expr.span) : c.invalid(expr.span);
      });
    });
  }
  std::optional<ArraySelection> selection = select_with_arrays(c, expr, node, std::move(array));
  return selection ? select_elements(c, std::move(*selection), expr.span) : c.invalid(expr.span);
}

namespace {

// One number as an array that can be broadcast.
ExprPtr as_values(FunctionChecker& c, ExprPtr value, Kind dtype, Span span) {
  if (value->type.is_array()) return c.convert_elements(std::move(value), dtype, span);
  std::vector<ExprPtr> shape;
  shape.push_back(c.int_constant(1, span));
  return new_array(c, typed::Fill::Value, dtype, std::move(shape), c.convert(std::move(value), dtype), span);
}

// a[mask] = x is a[...] = where(mask, x, a), in one loop.
void store_where(FunctionChecker& c, ExprPtr base, ExprPtr mask, ExprPtr value, Span span) {
  const Kind dtype = base->type.dtype();
  if (!c.is_trivial(*base)) base = c.hold(std::move(base));
  std::vector<ExprPtr> values;
  values.push_back(std::move(mask));
  values.push_back(std::move(value));
  values.push_back(c.clone(*base));
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  std::vector<ExprPtr> bodies = std::move(parts.bodies);
  ExprPtr condition = c.truth(std::move(bodies[0]));
  ExprPtr body = c.make(dtype, span, typed::Conditional{std::move(condition), std::move(bodies[1]), std::move(bodies[2])});
  ExprPtr loop = c.finish_masked_loop(std::move(parts), std::move(body), span);
  c.emit(span, typed::AssignView{std::move(loop), c.whole_view(std::move(base), span)});
}

void store_elements(FunctionChecker& c, ArraySelection selection, ExprPtr value, Span span) {
  const Kind dtype = selection.base->type.dtype();
  const Type stored = value->type.is_array() ? Type(value->type.dtype()) : value->type;
  if (!stored.is_scalar() || !storable(stored.kind(), dtype)) {
    c.report<DiagId::E0706>(span, to_string(value->type), to_string(Type(dtype)));
    return;
  }
  if (selection.mask && selection.mask->type.rank() == selection.base->type.rank() && value->type.is_scalar()) {
    return store_where(c, std::move(selection.base), std::move(selection.mask), c.convert(std::move(value), dtype), span);
  }
  ExprPtr values = as_values(c, std::move(value), dtype, span);
  std::vector<ExprPtr> args;
  if (selection.mask) {
    args.push_back(std::move(selection.base));
    args.push_back(std::move(selection.mask));
    args.push_back(std::move(values));
    c.emit(span, typed::Evaluate{array_call(c, KJIT_ARRAY_PutMask, Kind::None, span, std::move(args))});
    return;
  }
  if (selection.indices.empty()) {
    c.emit(span, typed::AssignView{std::move(values), c.whole_view(std::move(selection.base), span)});
    return;
  }
  args = selection_args(c, std::move(selection.base), std::move(values), selection, std::move(selection.indices), span);
  c.emit(span, typed::Evaluate{array_call(c, KJIT_ARRAY_Scatter, Kind::None, span, std::move(args))});
}

// The array that a target subscripts, if its subscript needs more than a View; else null, with what was checked kept.
ExprPtr target_with_arrays(FunctionChecker& c, const ast::Subscript& target) {
  if (!c.path_of(*target.value).empty()) return nullptr;
  ExprPtr array = c.check(*target.value);
  if (array->type.is_array() && has_array_indices(c, target)) return array;
  c.keep(*target.value, std::move(array));
  return nullptr;
}

}  // namespace

bool assign_with_arrays(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& subscript, ExprPtr& value) {
  ExprPtr array = target_with_arrays(c, subscript);
  if (!array) return false;
  std::optional<ArraySelection> selection = select_with_arrays(c, target, subscript, std::move(array));
  if (selection && !value->type.is_unknown()) store_elements(c, std::move(*selection), std::move(value), target.span);
  return true;
}

// a[mask] op= value, a[indices] op= value: reads, computes and stores, as NumPy does.
bool update_with_arrays(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& subscript, typed::BinaryOp op,
                        const ast::Expr& operand, Span span) {
  ExprPtr array = target_with_arrays(c, subscript);
  if (!array) return false;
  std::optional<ArraySelection> selection = select_with_arrays(c, target, subscript, std::move(array));
  if (!selection) return true;
  ArraySelection again;
  selection->base = c.is_trivial(*selection->base) ? std::move(selection->base) : c.hold(std::move(selection->base));
  again.base = c.clone(*selection->base);
  again.place = selection->place;
  again.index_axes = selection->index_axes;
  if (selection->mask) {
    selection->mask = c.is_trivial(*selection->mask) ? std::move(selection->mask) : c.hold(std::move(selection->mask));
    again.mask = c.clone(*selection->mask);
  }
  for (ExprPtr& index : selection->indices) {
    index = c.is_trivial(*index) ? std::move(index) : c.hold(std::move(index));
    again.indices.push_back(c.clone(*index));
  }
  ExprPtr value = c.check(operand);
  if (value->type.is_unknown()) return true;
  const Kind dtype = again.base->type.dtype();
  const bool in_one_loop = again.mask && again.mask->type.rank() == again.base->type.rank() && value->type.is_scalar();
  ExprPtr old = in_one_loop ? c.clone(*again.base) : select_elements(c, std::move(again), span);
  ExprPtr result = c.array_binary(op, std::move(old), std::move(value), span);
  if (result->type.is_unknown()) return true;
  if (!np_same_kind(result->type.dtype(), dtype)) {
    c.report<DiagId::E0706>(span, to_string(result->type), to_string(Type(dtype))).suggest("NumPy refuses this, too");
    return true;
  }
  if (!in_one_loop) {
    store_elements(c, std::move(*selection), std::move(result), span);
    return true;
  }
  result = c.convert_elements(std::move(result), dtype, span);
  store_where(c, std::move(selection->base), std::move(selection->mask), std::move(result), span);
  return true;
}

}  // namespace kjit
