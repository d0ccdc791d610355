// Functions that give the elements of one array with other axes or in another order: views where NumPy gives one.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

ExprPtr flip_axes(FunctionChecker& c, ExprPtr array, const std::vector<int>& axes, Span span) {
  for (const int axis : axes) {
    typed::Subscript subscript;
    subscript.is_slice = true;
    subscript.step = c.int_constant(-1, span);
    array = slice_axis(c, std::move(array), axis, std::move(subscript), span);
  }
  return array;
}

// The order of elements that a text names: true for "F". Empty: reported; "A" and "K" depend on the memory of an array, which its
// type does not tell.
std::optional<bool> by_columns(FunctionChecker& c, const CallSite& site, const ast::Expr* order) {
  if (is_none(order)) return false;
  const auto* text = std::get_if<ast::StringLiteral>(&order->node);
  if (text && (text->value == "C" || text->value == "F")) return text->value == "F";
  c.bad_argument(site, "order=\"C\" or \"F\"", Kind::Str, order->span);
  return std::nullopt;
}

// The arguments x and one more, which may be missing (null). The array is unknown if they are wrong, and reported.
struct ArrayAndOption {
  ExprPtr array;
  const ast::Expr* option;
};

ArrayAndOption array_and_option(FunctionChecker& c, const CallSite& site, std::string_view name) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"x", name});
  if (!taken) return {c.invalid(site.span()), nullptr};
  ExprPtr array = value_or_list(c, *(*taken)[0]);
  if (array->type.is_unknown()) return {c.invalid(site.span()), nullptr};
  if (!array->type.is_array()) return {c.bad_argument(site, "an array", array->type, array->span), nullptr};
  return {std::move(array), (*taken)[1]};
}

ExprPtr copied(FunctionChecker& c, ExprPtr array, Span span) {
  const Kind dtype = array->type.dtype();
  return c.astype(std::move(array), dtype, span);
}

// The array itself if its elements lie in C order, which may be known only when it runs; else a copy.
ExprPtr contiguous(FunctionChecker& c, ExprPtr array, Span span) {
  if (array->type.is_contiguous()) return array;
  const Type type = Type::array(array->type.dtype(), array->type.rank(), Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  return array_call(c, KJIT_ARRAY_Contiguous, type, span, std::move(args));
}

// The given axis out of the array, negative from the end, and put in at another.
ExprPtr with_axes(FunctionChecker& c, ArrayArguments given, void (*rearrange)(std::vector<std::int64_t>&, int from, int to)) {
  const int rank = given.rank();
  std::optional<int> from = constant_axis(c, *given.options[0], rank), to = constant_axis(c, *given.options[1], rank);
  if (!from || !to) return c.invalid(given.span());
  std::vector<std::int64_t> axes;
  for (int axis = 0; axis < rank; ++axis) axes.push_back(axis);
  rearrange(axes, *from, *to);
  return axes_view(c, std::move(given.array), axes, given.span());
}

// The diagonal of the first two axes as a view, behind the others; an unknown type if its offset is no number.
ExprPtr diagonal_view(FunctionChecker& c, const CallSite& site, ExprPtr array, const ast::Expr* shift) {
  const Span span = site.span();
  ExprPtr offset = is_none(shift) ? c.int_constant(0, span) : c.argument_i64(site, c.check(*shift));
  if (offset->type.is_unknown()) return c.invalid(span);
  const int rank = array->type.rank();
  if (rank < 2) return c.bad_argument(site, "an array of two axes", array->type, span);
  const Kind dtype = array->type.dtype();
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(std::move(offset));
  args.push_back(c.int_constant(0, span));
  args.push_back(c.int_constant(1, span));
  return array_call(c, KJIT_ARRAY_Diagonal, Type::array(dtype, rank - 1, Layout::Strided), span, std::move(args));
}

// The sums of diagonals, which lie along the last axis.
ExprPtr sum_of_diagonals(FunctionChecker& c, ExprPtr view, Span span) {
  if (!view->type.is_array()) return view;
  const int rank = view->type.rank();
  if (rank == 1) return reduce_array(c, Builtin::ArraySum, std::move(view), span);
  const Kind kind = accumulator(view->type.dtype());
  return sum_axes(c, std::move(view), {rank - 1}, kind, span);
}

// roll and repeat: a number, and an axis or all elements in a row.
ExprPtr along_axis(FunctionChecker& c, ArrayArguments given, int function) {
  const Span span = given.span();
  ExprPtr count = c.argument_i64(given.site, c.check(*given.options[0]));
  if (count->type.is_unknown()) return c.invalid(span);
  std::optional<int> axis = 0;
  if (is_none(given.options[1])) {
    given.array = flatten(c, std::move(given.array), span);
  } else if (axis = constant_axis(c, *given.options[1], given.rank()); !axis) {
    return c.invalid(span);
  }
  const Type type = Type::array(given.array->type.dtype(), given.rank(), Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  args.push_back(std::move(count));
  args.push_back(c.int_constant(*axis, span));
  return array_call(c, function, type, span, std::move(args));
}

}  // namespace

ExprPtr array_reshape(FunctionChecker& c, ArrayArguments given) {
  std::optional<std::vector<ExprPtr>> shape = check_shape(c, *given.options[0]);
  if (!shape) return c.invalid(given.span());
  return reshape_in_order(c, given.site, std::move(given.array), std::move(*shape), given.options[1]);
}

ExprPtr reshape_in_order(FunctionChecker& c, const CallSite& site, ExprPtr array, std::vector<ExprPtr> shape,
                         const ast::Expr* order) {
  const Span span = site.span();
  const std::optional<bool> columns = by_columns(c, site, order);
  if (!columns) return c.invalid(span);
  if (!*columns) return reshape(c, std::move(array), std::move(shape), span);
  std::reverse(shape.begin(), shape.end());
  ExprPtr turned = reshape(c, transpose(c, std::move(array), span), std::move(shape), span);
  return transpose(c, std::move(turned), span);
}

ExprPtr array_transpose(FunctionChecker& c, ArrayArguments given) {
  const int rank = given.rank();
  if (is_none(given.options[0])) return transpose(c, std::move(given.array), given.span());
  std::optional<std::vector<int>> axes = constant_axes(c, given.options[0], rank);
  if (!axes) return c.invalid(given.span());
  if (axes->size() != static_cast<std::size_t>(rank))
    return c.bad_argument(given.site, "all axes", given.array->type, given.span());
  return axes_view(c, std::move(given.array), {axes->begin(), axes->end()}, given.span());
}

// The last two axes change places.
ExprPtr array_matrix_transpose(FunctionChecker& c, ArrayArguments given) {
  const int rank = given.rank();
  if (rank < 2) return c.bad_argument(given.site, "an array of two axes", given.array->type, given.span());
  return with_axis_moved(c, std::move(given.array), rank - 1, rank - 2, given.span());
}

ExprPtr array_as_type(FunctionChecker& c, ArrayArguments given) {
  std::optional<Kind> dtype = c.dtype_of(*given.options[0]);
  if (!dtype) return c.invalid(given.span());
  const bool same = given.array->type.dtype() == *dtype;
  return same ? copied(c, std::move(given.array), given.span())
              : c.convert_elements(std::move(given.array), *dtype, given.span());
}

ExprPtr array_swapaxes(FunctionChecker& c, ArrayArguments given) {
  return with_axes(c, std::move(given), [](std::vector<std::int64_t>& axes, int from, int to) {
    std::swap(axes[static_cast<std::size_t>(from)], axes[static_cast<std::size_t>(to)]);
  });
}

ExprPtr array_moveaxis(FunctionChecker& c, ArrayArguments given) {
  return with_axes(c, std::move(given), [](std::vector<std::int64_t>& axes, int from, int to) {
    axes.erase(axes.begin() + from);
    axes.insert(axes.begin() + to, from);
  });
}

ExprPtr array_ravel(FunctionChecker& c, ArrayArguments given) {
  const std::optional<bool> columns = by_columns(c, given.site, given.options[0]);
  if (!columns) return c.invalid(given.span());
  ExprPtr array = *columns ? transpose(c, std::move(given.array), given.span()) : std::move(given.array);
  return flatten(c, contiguous(c, std::move(array), given.span()), given.span());
}

ExprPtr array_flatten(FunctionChecker& c, ArrayArguments given) {
  const std::optional<bool> columns = by_columns(c, given.site, given.options[0]);
  if (!columns) return c.invalid(given.span());
  ExprPtr array = *columns ? transpose(c, std::move(given.array), given.span()) : std::move(given.array);
  return flatten(c, copied(c, std::move(array), given.span()), given.span());
}

ExprPtr array_ascontiguous(FunctionChecker& c, ArrayArguments given) {
  return contiguous(c, std::move(given.array), given.span());
}

ExprPtr array_squeeze(FunctionChecker& c, ArrayArguments given) {
  const int rank = given.rank();
  const auto wants = [&](const char* what) { return c.bad_argument(given.site, what, given.array->type, given.span()); };
  if (is_none(given.options[0])) return wants("an axis (the rank is part of the type)");
  std::optional<std::vector<int>> dropped = constant_axes(c, given.options[0], rank);
  if (!dropped) return c.invalid(given.span());
  if (dropped->size() == static_cast<std::size_t>(rank)) return wants("an axis that stays");
  std::vector<std::int64_t> axes;
  for (int axis = 0; axis < rank; ++axis) {
    if (std::find(dropped->begin(), dropped->end(), axis) == dropped->end()) axes.push_back(axis);
  }
  return axes_view(c, std::move(given.array), axes, given.span());
}

ExprPtr array_expand_dims(FunctionChecker& c, ArrayArguments given) {
  std::optional<int> at = constant_axis(c, *given.options[0], given.rank() + 1);
  return at ? insert_axis(c, std::move(given.array), *at, given.span()) : c.invalid(given.span());
}

// A number becomes an array of one element.
ExprPtr array_atleast_1d(FunctionChecker& c, ArrayArguments given) {
  if (given.array->type.is_array()) return std::move(given.array);
  const Kind kind = given.array->type.kind();
  std::vector<ExprPtr> one;
  one.push_back(c.int_constant(1, given.span()));
  return new_array(c, typed::Fill::Value, kind, std::move(one), std::move(given.array), given.span());
}

ExprPtr array_atleast_2d(FunctionChecker& c, ArrayArguments given) {
  return given.rank() == 1 ? insert_axis(c, std::move(given.array), 0, given.span()) : std::move(given.array);
}

// (n) becomes (1, n, 1), (m, n) becomes (m, n, 1).
ExprPtr array_atleast_3d(FunctionChecker& c, ArrayArguments given) {
  const int rank = given.rank();
  if (rank > 2) return std::move(given.array);
  ExprPtr array = rank == 1 ? insert_axis(c, std::move(given.array), 0, given.span()) : std::move(given.array);
  return insert_axis(c, std::move(array), 2, given.span());
}

ExprPtr array_broadcast_to(FunctionChecker& c, ArrayArguments given) {
  std::optional<std::vector<ExprPtr>> shape = check_shape(c, *given.options[0]);
  if (!shape) return c.invalid(given.span());
  const Type type = Type::array(given.array->type.dtype(), static_cast<int>(shape->size()), Layout::Strided);
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  for (ExprPtr& size : *shape) args.push_back(std::move(size));
  return array_call(c, KJIT_ARRAY_BroadcastTo, type, given.span(), std::move(args));
}

ExprPtr array_diagonal(FunctionChecker& c, ArrayArguments given) {
  return diagonal_view(c, given.site, std::move(given.array), given.options[0]);
}

ExprPtr array_diag(FunctionChecker& c, ArrayArguments given) {
  if (given.rank() == 1) {
    ExprPtr offset =
        is_none(given.options[0]) ? c.int_constant(0, given.span()) : c.argument_i64(given.site, c.check(*given.options[0]));
    std::vector<ExprPtr> args;
    args.push_back(std::move(given.array));
    args.push_back(std::move(offset));
    return call_prelude_function(c, "diagflat", std::move(args), given.span());
  }
  if (given.rank() > 2) return c.bad_argument(given.site, "an array of one or two axes", given.array->type, given.span());
  ExprPtr view = diagonal_view(c, given.site, std::move(given.array), given.options[0]);
  return view->type.is_array() ? copied(c, std::move(view), given.span()) : std::move(view);
}

ExprPtr array_trace(FunctionChecker& c, ArrayArguments given) {
  ExprPtr view = diagonal_view(c, given.site, std::move(given.array), given.options[0]);
  return sum_of_diagonals(c, std::move(view), given.span());
}

// np.linalg.diagonal and np.linalg.trace: of the last two axes.
ExprPtr call_last_diagonal(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  ArrayAndOption taken = array_and_option(c, site, "offset");
  ExprPtr array = std::move(taken.array);
  if (array->type.is_unknown()) return array;
  const int rank = array->type.rank();
  if (rank > 2) {
    array = with_axis_moved(c, std::move(array), rank - 2, 0, span);
    array = with_axis_moved(c, std::move(array), rank - 1, 1, span);
  }
  ExprPtr view = diagonal_view(c, site, std::move(array), taken.option);
  return site.name == "trace" ? sum_of_diagonals(c, std::move(view), span) : std::move(view);
}

ExprPtr array_flip(FunctionChecker& c, ArrayArguments given) {
  std::optional<std::vector<int>> axes = constant_axes(c, given.options[0], given.rank());
  return axes ? flip_axes(c, std::move(given.array), *axes, given.span()) : c.invalid(given.span());
}

ExprPtr array_flipud(FunctionChecker& c, ArrayArguments given) { return flip_axes(c, std::move(given.array), {0}, given.span()); }

ExprPtr array_fliplr(FunctionChecker& c, ArrayArguments given) {
  if (given.rank() < 2) return c.bad_argument(given.site, "an array of two axes", given.array->type, given.span());
  return flip_axes(c, std::move(given.array), {1}, given.span());
}

namespace {

ExprPtr roll_call(FunctionChecker& c, ExprPtr array, ExprPtr shift, int axis, Span span) {
  const Type type = Type::array(array->type.dtype(), array->type.rank(), Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(std::move(shift));
  args.push_back(c.int_constant(axis, span));
  return array_call(c, KJIT_ARRAY_Roll, type, span, std::move(args));
}

// All elements in a row, which take the array's shape again.
ExprPtr roll_all(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr shift = c.argument_i64(given.site, c.check(*given.options[0]));
  if (shift->type.is_unknown()) return c.invalid(span);
  return c.with_value(std::move(given.array), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> shape;
    for (int axis = 0; axis < whole.type.rank(); ++axis)
      shape.push_back(c.make(Kind::I64, span, typed::ArrayDim{c.clone(whole), static_cast<std::uint32_t>(axis)}));
    ExprPtr rolled = roll_call(c, flatten(c, c.clone(whole), span), std::move(shift), 0, span);
    return reshape(c, std::move(rolled), std::move(shape), span);
  });
}

}  // namespace

ExprPtr array_roll(FunctionChecker& c, ArrayArguments given) {
  if (is_none(given.options[1]) && given.rank() > 1) return roll_all(c, std::move(given));
  const auto* shifts = std::get_if<ast::Tuple>(&given.options[0]->node);
  const auto* axes = given.options[1] ? std::get_if<ast::Tuple>(&given.options[1]->node) : nullptr;
  if (!shifts && !axes) return along_axis(c, std::move(given), KJIT_ARRAY_Roll);
  if (!axes || (shifts && shifts->elements.size() != axes->elements.size()))
    return c.bad_argument(given.site, "a shift for each axis, written here,", given.array->type, given.span());
  ExprPtr array = std::move(given.array);
  for (std::size_t i = 0; i < axes->elements.size(); ++i) {
    std::optional<int> axis = constant_axis(c, *axes->elements[i], array->type.rank());
    ExprPtr shift = c.argument_i64(given.site, c.check(shifts ? *shifts->elements[i] : *given.options[0]));
    if (!axis || shift->type.is_unknown()) return c.invalid(given.span());
    array = roll_call(c, std::move(array), std::move(shift), *axis, given.span());
  }
  return array;
}

// np.fft.fftshift and ifftshift: half of each of these axes is rolled round.
ExprPtr call_fftshift(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  ArrayAndOption taken = array_and_option(c, site, "axes");
  ExprPtr array = std::move(taken.array);
  if (array->type.is_unknown()) return array;
  std::optional<std::vector<int>> axes = constant_axes(c, taken.option, array->type.rank());
  if (!axes) return c.invalid(span);
  for (const int axis : *axes) {
    array = c.with_value(std::move(array), [&](const typed::Expr& whole) {
      ExprPtr size = c.make(Kind::I64, span, typed::ArrayDim{c.clone(whole), static_cast<std::uint32_t>(axis)});
      ExprPtr half = c.binary(typed::BinaryOp::FloorDiv, std::move(size), c.int_constant(2, span), span);
      if (site.name == "ifftshift") half = c.binary(typed::BinaryOp::Sub, c.int_constant(0, span), std::move(half), span);
      return roll_call(c, c.clone(whole), std::move(half), axis, span);
    });
  }
  return array;
}

// As often as a number says, or each element as often as an array of numbers does.
ExprPtr array_repeat(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr count = value_or_list(c, *given.options[0]);
  if (count->type.is_unknown()) return c.invalid(span);
  if (!count->type.is_array()) {
    c.keep(*given.options[0], std::move(count));
    return along_axis(c, std::move(given), KJIT_ARRAY_Repeat);
  }
  if (count->type.rank() != 1 || !Type(count->type.dtype()).is_integer())
    return c.bad_argument(given.site, "a number, or a vector of integers", count->type, count->span);
  const bool flat = is_none(given.options[1]);
  std::optional<int> axis = flat ? 0 : constant_axis(c, *given.options[1], given.rank());
  if (!axis) return c.invalid(span);
  if (flat) given.array = flatten(c, std::move(given.array), span);
  const int last = given.rank() - 1;
  std::vector<ExprPtr> args;
  args.push_back(with_axis_moved(c, std::move(given.array), *axis, last, span));
  args.push_back(std::move(count));
  ExprPtr result = call_prelude_function(c, "repeat_by", std::move(args), span);
  return result->type.is_array() ? with_axis_moved(c, std::move(result), last, *axis, span) : std::move(result);
}

namespace {

// Each axis is repeated as a whole: a view with an axis in front of each, repeated by a stride of 0, is copied.
ExprPtr tiled(FunctionChecker& c, const typed::Expr& array, const std::vector<ExprPtr>& times, Span span) {
  const Kind dtype = array.type.dtype();
  std::vector<std::int64_t> axes;
  std::vector<ExprPtr> wide, shape;
  for (std::size_t axis = 0; axis < times.size(); ++axis) {
    axes.push_back(-1);
    axes.push_back(static_cast<std::int64_t>(axis));
    const auto size = [&] { return c.make(Kind::I64, span, typed::ArrayDim{c.clone(array), static_cast<std::uint32_t>(axis)}); };
    wide.push_back(c.clone(*times[axis]));
    wide.push_back(size());
    shape.push_back(c.binary(typed::BinaryOp::Mul, c.clone(*times[axis]), size(), span));
  }
  std::vector<ExprPtr> args;
  args.push_back(axes_view(c, c.clone(array), axes, span));
  if (args[0]->type.is_unknown()) return c.invalid(span);
  for (ExprPtr& size : wide) args.push_back(std::move(size));
  const Type type = Type::array(dtype, static_cast<int>(axes.size()), Layout::Strided);
  ExprPtr repeated = array_call(c, KJIT_ARRAY_BroadcastTo, type, span, std::move(args));
  return reshape(c, c.astype(std::move(repeated), dtype, span), std::move(shape), span);
}

}  // namespace

// As often along each axis as the numbers say; axes that the array has not are in front.
ExprPtr array_tile(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::optional<std::vector<ExprPtr>> times = check_shape(c, *given.options[0]);
  if (!times) return c.invalid(span);
  while (given.rank() < static_cast<int>(times->size())) given.array = insert_axis(c, std::move(given.array), 0, span);
  while (static_cast<int>(times->size()) < given.rank()) times->insert(times->begin(), c.int_constant(1, span));
  return with_trivial(c, *times, [&] {
    return c.with_value(std::move(given.array), [&](const typed::Expr& whole) { return tiled(c, whole, *times, span); });
  });
}

ExprPtr array_real(FunctionChecker& c, ArrayArguments given) {
  return complex_part(c, std::move(given.array), false, given.span());
}
ExprPtr array_imag(FunctionChecker& c, ArrayArguments given) {
  return complex_part(c, std::move(given.array), true, given.span());
}

}  // namespace kjit
