// NumPy's functions and methods of whole arrays that are neither element functions nor subscripts: shapes, order, joining.
// Entries: call_array_function, array_function_method, array_function_attribute.

#include <algorithm>

#include "library/handlers.h"
#include "library/library.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"
#include "typing/check/checker.h"

namespace kjit {

namespace {

bool is_none(const ast::Expr* expr) { return !expr || std::holds_alternative<ast::NoneLiteral>(expr->node); }

// Names that are known here, with the parameters behind the array; those in front of '|' are needed.
struct ArrayFunctionRow {
  std::string_view name;
  bool is_method;
  std::vector<std::string_view> parameters;
  std::size_t needed = 0;
};

const std::vector<ArrayFunctionRow>& rows() {
  static const std::vector<ArrayFunctionRow> kRows = {
      {"transpose", true, {"axes"}},
      {"swapaxes", true, {"axis1", "axis2"}, 2},
      {"moveaxis", false, {"source", "destination"}, 2},
      {"ravel", true, {"order"}},
      {"flatten", true, {"order"}},
      {"squeeze", true, {"axis"}},
      {"expand_dims", false, {"axis"}, 1},
      {"atleast_1d", false, {}},
      {"atleast_2d", false, {}},
      {"broadcast_to", false, {"shape"}, 1},
      {"diagonal", true, {"offset"}},
      {"diag", false, {"k"}},
      {"trace", true, {"offset"}},
      {"flip", false, {"axis"}},
      {"flipud", false, {}},
      {"fliplr", false, {}},
      {"roll", false, {"shift", "axis"}, 1},
      {"repeat", true, {"repeats", "axis"}, 1},
      {"diff", false, {"n", "axis"}},
      {"dot", true, {"b"}, 1},
      {"matmul", false, {"b"}, 1},
      {"vdot", false, {"b"}, 1},
      {"inner", false, {"b"}, 1},
      {"outer", false, {"b"}, 1},
      {"sort", true, {"axis"}},
      {"argsort", true, {"axis"}},
      {"searchsorted", true, {"v", "side"}, 1},
      {"unique", false, {}},
      {"nonzero", true, {}},
      {"flatnonzero", false, {}},
      {"argwhere", false, {}},
      {"where", false, {}},
      {"take", true, {"indices", "axis"}, 1},
      {"extract", false, {"arr"}, 1},
      {"compress", false, {"a"}},
      {"interp", false, {"xp", "fp"}, 2},
      {"real", false, {}},
      {"imag", false, {}},
      {"ascontiguousarray", false, {}},
      {"allclose", false, {"b", "rtol", "atol"}, 1},
      {"isclose", false, {"b", "rtol", "atol"}, 1},
      {"array_equal", false, {"b"}, 1},
      {"median", false, {}},
      {"percentile", false, {"q"}, 1},
      {"quantile", false, {"q"}, 1},
      {"bincount", false, {"minlength"}},
      {"tile", false, {"reps"}, 1},
  };
  return kRows;
}

const ArrayFunctionRow* find_row(std::string_view name) {
  const auto found = std::find_if(rows().begin(), rows().end(), [&](const ArrayFunctionRow& row) { return row.name == name; });
  return found == rows().end() ? nullptr : &*found;
}

constexpr std::string_view kJoins[] = {"concatenate", "stack", "vstack", "hstack", "meshgrid", "reshape"};

bool is_join(std::string_view name) { return std::find(std::begin(kJoins), std::end(kJoins), name) != std::end(kJoins); }

}  // namespace

// ---- shapes ------------------------------------------------------

// One I64 for each axis, from arguments that are numbers, or from one tuple.
std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::shape_arguments(
    const std::vector<const ast::Expr*>& given) {
  if (given.size() == 1) return check_shape(*this, *given[0]);
  std::vector<ExprPtr> shape;
  for (const ast::Expr* part : given) {
    shape.push_back(as_index(check(*part), part->span));
    if (shape.back()->type.is_unknown()) return std::nullopt;
  }
  return shape;
}

FunctionChecker::ExprPtr FunctionChecker::flatten(ExprPtr array, Span span) {
  if (array->type.rank() == 1) return array;
  std::vector<ExprPtr> shape;
  shape.push_back(int_constant(-1, span));
  return reshape(std::move(array), std::move(shape), span);
}

FunctionChecker::ExprPtr FunctionChecker::flip_axes(ExprPtr array, const std::vector<int>& axes, Span span) {
  for (const int axis : axes) {
    typed::Subscript subscript;
    subscript.is_slice = true;
    subscript.step = int_constant(-1, span);
    array = slice_axis(std::move(array), axis, std::move(subscript), span);
  }
  return array;
}

FunctionChecker::ExprPtr FunctionChecker::insert_axis(ExprPtr array, int at, Span span) {
  std::vector<std::int64_t> axes;
  for (int axis = 0; axis < array->type.rank(); ++axis) axes.push_back(axis);
  axes.insert(axes.begin() + at, -1);
  return axes_view(std::move(array), axes, span);
}

// a[1:] - a[:-1], n times.
FunctionChecker::ExprPtr FunctionChecker::differences(ExprPtr array, int axis, std::int64_t times, Span span) {
  for (; times > 0; --times) {
    array = with_value(std::move(array), [&](const typed::Expr& whole) {
      typed::Subscript upper, lower;
      upper.is_slice = lower.is_slice = true;
      upper.lower = int_constant(1, span);
      lower.upper = int_constant(-1, span);
      ExprPtr behind = slice_axis(clone(whole), axis, std::move(upper), span);
      ExprPtr before = slice_axis(clone(whole), axis, std::move(lower), span);
      if (whole.type.dtype() == Kind::Bool)
        return array_compare(typed::CompareOp::Ne, std::move(behind), std::move(before), span);
      return array_binary(typed::BinaryOp::Sub, std::move(behind), std::move(before), span);
    });
  }
  return array;
}

// ---- products ----------------------------------------------------

FunctionChecker::ExprPtr FunctionChecker::matrix_product(ExprPtr a, ExprPtr b, Span span) {
  if (a->type.is_unknown() || b->type.is_unknown()) return invalid(span);
  const bool fits = a->type.is_array() && b->type.is_array() && a->type.rank() <= 2 && b->type.rank() <= 2;
  if (!fits) {
    report<DiagId::E0502>(span, "@", to_string(a->type), to_string(b->type)).suggest("vectors and matrices are multiplied so");
    return invalid(span);
  }
  const Kind common = np_common(np_operand(a->type), np_operand(b->type));
  if (common == Kind::Bool) {
    report<DiagId::E0502>(span, "@", to_string(a->type), to_string(b->type)).suggest("convert with astype first");
    return invalid(span);
  }
  a = convert_elements(std::move(a), common, span);
  b = convert_elements(std::move(b), common, span);
  const int rank = a->type.rank() + b->type.rank() - 2;
  if (rank == 0) return dot(*this, std::move(a), std::move(b), span);
  std::vector<ExprPtr> args;
  args.push_back(std::move(a));
  args.push_back(std::move(b));
  return array_call(KJIT_ARRAY_MatMul, Type::array(common, rank, Layout::C), span, std::move(args));
}

// ---- joining -----------------------------------------------------

FunctionChecker::ExprPtr FunctionChecker::join_arrays(const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"arrays", "axis"});
  if (!taken) return invalid(span);
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&(*taken)[0]->node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&(*taken)[0]->node)) parts = &tuple->elements;
  if (!parts || parts->empty())
    return bad_argument(site, "a list or tuple of arrays, written here,", Kind::None, (*taken)[0]->span);
  std::vector<ExprPtr> arrays;
  std::optional<NpOperand> common;
  int rank = 0;
  for (const ast::ExprPtr& part : *parts) {
    const bool literal = std::holds_alternative<ast::List>(part->node);
    ExprPtr value = literal ? array_literal(*this, *part, std::nullopt) : check(*part);
    if (value->type.is_unknown()) return invalid(span);
    if (!value->type.is_array()) return bad_argument(site, "arrays", value->type, value->span);
    const NpOperand own = np_operand(value->type);
    common = common ? NpOperand{np_common(*common, own), false} : own;
    rank = value->type.rank();
    arrays.push_back(std::move(value));
  }
  const bool same = std::all_of(arrays.begin(), arrays.end(), [&](const ExprPtr& array) { return array->type.rank() == rank; });
  if (!same) return bad_argument(site, "arrays of one rank", arrays[0]->type, span);
  const bool adds_axis = site.name == "stack" || (site.name == "vstack" && rank == 1);
  const int result = rank + (adds_axis ? 1 : 0);
  int axis = site.name == "hstack" && rank > 1 ? 1 : 0;
  if ((*taken)[1] && (site.name == "stack" || site.name == "concatenate")) {
    if (is_none((*taken)[1])) {
      for (ExprPtr& array : arrays) array = flatten(std::move(array), span);
    } else {
      std::optional<int> given = constant_axis(*(*taken)[1], result);
      if (!given) return invalid(span);
      axis = *given;
    }
  }
  std::vector<ExprPtr> args;
  for (ExprPtr& array : arrays) {
    ExprPtr one = convert_elements(std::move(array), common->kind, span);
    args.push_back(adds_axis ? insert_axis(std::move(one), axis, span) : std::move(one));
  }
  const int final_rank = args[0]->type.rank();
  args.push_back(int_constant(axis, span));
  return array_call(KJIT_ARRAY_Concatenate, Type::array(common->kind, final_rank, Layout::C), span, std::move(args));
}

// np.meshgrid(x, y): copies, in 'xy' order unless indexing="ij".
FunctionChecker::ExprPtr FunctionChecker::meshgrid(const CallSite& site) {
  const Span span = site.span();
  bool by_rows = false;
  for (const ast::Keyword& keyword : site.call.keywords) {
    const auto* text = std::get_if<ast::StringLiteral>(&keyword.value->node);
    if (keyword.name != "indexing" || !text) return bad_argument(site, "indexing as a text", Kind::None, keyword.name_span);
    by_rows = text->value == "ij";
  }
  if (site.call.args.size() != 2) return bad_argument(site, "two vectors", Kind::None, span);
  ExprPtr x = check(*site.call.args[0]), y = check(*site.call.args[1]);
  if (x->type.is_unknown() || y->type.is_unknown()) return invalid(span);
  for (const ExprPtr* vector : {&x, &y}) {
    if (!(*vector)->type.is_array() || (*vector)->type.rank() != 1)
      return bad_argument(site, "two vectors", (*vector)->type, span);
  }
  return with_value(std::move(x), [&](const typed::Expr& first) {
    return with_value(std::move(y), [&](const typed::Expr& second) {
      std::vector<ExprPtr> grids;
      std::vector<Type> types;
      for (const typed::Expr* vector : {&first, &second}) {
        const bool along_rows = (vector == &first) == by_rows;
        const auto size = [&](const typed::Expr& array) { return make(Kind::I64, span, typed::ArrayDim{clone(array), 0}); };
        std::vector<ExprPtr> args;
        args.push_back(insert_axis(clone(*vector), along_rows ? 1 : 0, span));
        args.push_back(size(by_rows ? first : second));
        args.push_back(size(by_rows ? second : first));
        ExprPtr view =
            array_call(KJIT_ARRAY_BroadcastTo, Type::array(vector->type.dtype(), 2, Layout::Strided), span, std::move(args));
        grids.push_back(astype(std::move(view), vector->type.dtype(), span));
        types.push_back(grids.back()->type);
      }
      return make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(grids)});
    });
  });
}

// The root of the sum of the squares; other norms have no form here.
FunctionChecker::ExprPtr FunctionChecker::norm(const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(span);
  ExprPtr array = std::move((*args)[0]);
  const bool real = array->type.is_array() && !Type(array->type.dtype()).is_complex();
  if (!real) return bad_argument(site, "an array of real numbers", array->type, span);
  const Kind kind = np_float_for(array->type.dtype());
  array = convert_elements(std::move(array), kind, span);
  ExprPtr squares = array_binary(typed::BinaryOp::Pow, std::move(array), int_constant(2, span), span);
  std::vector<ExprPtr> sum;
  sum.push_back(reduce_array("sum", std::move(squares), span));
  return builtin_call(Builtin::Sqrt, Type(kind).as_numpy(), span, std::move(sum));
}

// ---- one function ------------------------------------------------

FunctionChecker::ExprPtr FunctionChecker::rearrange(const CallSite& site, ExprPtr array,
                                                    const std::vector<const ast::Expr*>& options) {
  const Span span = site.span();
  const std::string_view name = site.name;
  const int rank = array->type.rank();
  if (name == "transpose") {
    if (is_none(options[0])) return transpose(std::move(array), span);
    std::optional<std::vector<int>> axes = constant_axes(options[0], rank);
    if (!axes) return invalid(span);
    if (axes->size() != static_cast<std::size_t>(rank)) return bad_argument(site, "all axes", array->type, span);
    return axes_view(std::move(array), {axes->begin(), axes->end()}, span);
  }
  if (name == "swapaxes" || name == "moveaxis") {
    std::optional<int> from = constant_axis(*options[0], rank), to = constant_axis(*options[1], rank);
    if (!from || !to) return invalid(span);
    std::vector<std::int64_t> axes;
    for (int axis = 0; axis < rank; ++axis) axes.push_back(axis);
    if (name == "swapaxes") {
      std::swap(axes[static_cast<std::size_t>(*from)], axes[static_cast<std::size_t>(*to)]);
    } else {
      axes.erase(axes.begin() + *from);
      axes.insert(axes.begin() + *to, *from);
    }
    return axes_view(std::move(array), axes, span);
  }
  if (name == "ravel") return flatten(std::move(array), span);
  if (name == "flatten") {
    const Kind dtype = array->type.dtype();
    return flatten(astype(std::move(array), dtype, span), span);
  }
  if (name == "ascontiguousarray") {
    const Kind dtype = array->type.dtype();
    return array->type.is_contiguous() ? std::move(array) : astype(std::move(array), dtype, span);
  }
  if (name == "squeeze") {
    if (is_none(options[0])) return bad_argument(site, "an axis (the rank is part of the type)", array->type, span);
    std::optional<std::vector<int>> dropped = constant_axes(options[0], rank);
    if (!dropped) return invalid(span);
    if (dropped->size() == static_cast<std::size_t>(rank)) return bad_argument(site, "an axis that stays", array->type, span);
    std::vector<std::int64_t> axes;
    for (int axis = 0; axis < rank; ++axis) {
      if (std::find(dropped->begin(), dropped->end(), axis) == dropped->end()) axes.push_back(axis);
    }
    return axes_view(std::move(array), axes, span);
  }
  if (name == "expand_dims") {
    std::optional<int> at = constant_axis(*options[0], rank + 1);
    return at ? insert_axis(std::move(array), *at, span) : invalid(span);
  }
  if (name == "atleast_1d") return array;
  if (name == "atleast_2d") return rank == 1 ? insert_axis(std::move(array), 0, span) : std::move(array);
  if (name == "broadcast_to") {
    std::optional<std::vector<ExprPtr>> shape = check_shape(*this, *options[0]);
    if (!shape) return invalid(span);
    const Type type = Type::array(array->type.dtype(), static_cast<int>(shape->size()), Layout::Strided);
    std::vector<ExprPtr> args;
    args.push_back(std::move(array));
    for (ExprPtr& size : *shape) args.push_back(std::move(size));
    return array_call(KJIT_ARRAY_BroadcastTo, type, span, std::move(args));
  }
  if (name == "diagonal" || name == "trace" || name == "diag") {
    ExprPtr offset = is_none(options[0]) ? int_constant(0, span) : argument_i64(site, check(*options[0]));
    if (offset->type.is_unknown()) return invalid(span);
    if (rank < 2) return bad_argument(site, "an array of two axes", array->type, span);
    const Kind dtype = array->type.dtype();
    std::vector<ExprPtr> args;
    args.push_back(std::move(array));
    args.push_back(std::move(offset));
    args.push_back(int_constant(0, span));
    args.push_back(int_constant(1, span));
    ExprPtr view = array_call(KJIT_ARRAY_Diagonal, Type::array(dtype, rank - 1, Layout::Strided), span, std::move(args));
    if (name == "trace" && rank == 2) return reduce_array("sum", std::move(view), span);
    return name == "diag" ? astype(std::move(view), dtype, span) : std::move(view);
  }
  if (name == "flipud") return flip_axes(std::move(array), {0}, span);
  if (name == "fliplr")
    return rank < 2 ? bad_argument(site, "an array of two axes", array->type, span) : flip_axes(std::move(array), {1}, span);
  std::optional<std::vector<int>> axes = constant_axes(options[0], rank);  // flip
  return axes ? flip_axes(std::move(array), *axes, span) : invalid(span);
}

FunctionChecker::ExprPtr FunctionChecker::ordered(const CallSite& site, ExprPtr array,
                                                  const std::vector<const ast::Expr*>& options) {
  const Span span = site.span();
  const std::string_view name = site.name;
  const Kind dtype = array->type.dtype();
  std::vector<ExprPtr> args;
  if (name == "searchsorted") {
    bool right = false;
    if (!is_none(options[1])) {
      const auto* text = std::get_if<ast::StringLiteral>(&options[1]->node);
      if (!text) return bad_argument(site, "side as a text", Kind::None, options[1]->span);
      right = text->value == "right";
      if (!right && text->value != "left") return bad_argument(site, "side=\"left\" or \"right\"", Kind::Str, options[1]->span);
    }
    ExprPtr wanted = check(*options[0]);
    if (wanted->type.is_unknown()) return invalid(span);
    const Type element = wanted->type.is_array() ? Type(wanted->type.dtype()) : wanted->type;
    if (array->type.rank() != 1) return bad_argument(site, "a vector", array->type, span);
    if (!element.is_scalar()) return bad_argument(site, "numbers", wanted->type, span);
    const Kind common = np_common(np_operand(array->type), np_operand(wanted->type));
    const Type type =
        wanted->type.is_array() ? Type::array(Kind::I64, wanted->type.rank(), Layout::C) : Type(Kind::I64).as_numpy();
    args.push_back(convert_elements(std::move(array), common, span));
    args.push_back(wanted->type.is_array() ? convert_elements(std::move(wanted), common, span)
                                           : convert(std::move(wanted), common));
    args.push_back(int_constant(right ? 1 : 0, span));
    return array_call(KJIT_ARRAY_SearchSorted, type, span, std::move(args));
  }
  if (name == "unique") {
    args.push_back(std::move(array));
    return array_call(KJIT_ARRAY_Unique, Type::array(dtype, 1, Layout::C), span, std::move(args));
  }
  int axis = array->type.rank() - 1;
  if (options[0] && is_none(options[0])) {
    array = flatten(std::move(array), span);
    axis = 0;
  } else if (options[0]) {
    std::optional<int> given = constant_axis(*options[0], array->type.rank());
    if (!given) return invalid(span);
    axis = *given;
  }
  const int rank = array->type.rank();
  const bool in_place = name == "sort" && site.path.empty();
  args.push_back(std::move(array));
  args.push_back(int_constant(axis, span));
  if (in_place) return array_call(KJIT_ARRAY_SortInPlace, Kind::None, span, std::move(args));
  const Kind result = name == "argsort" ? Kind::I64 : dtype;
  return array_call(name == "argsort" ? KJIT_ARRAY_Argsort : KJIT_ARRAY_Sort, Type::array(result, rank, Layout::C), span,
                    std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::nonzero_positions(ExprPtr array, Span span) {
  return with_value(std::move(array), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> positions;
    std::vector<Type> types;
    for (int axis = 0; axis < whole.type.rank(); ++axis) {
      std::vector<ExprPtr> args;
      args.push_back(clone(whole));
      args.push_back(int_constant(axis, span));
      types.push_back(Type::array(Kind::I64, 1, Layout::C));
      positions.push_back(array_call(KJIT_ARRAY_NonzeroAxis, types.back(), span, std::move(args)));
    }
    return make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(positions)});
  });
}

// |a - b| <= atol + rtol * |b|, element by element; equal values are close, NaN never is.
FunctionChecker::ExprPtr FunctionChecker::closeness(ExprPtr a, ExprPtr b, ExprPtr rtol, ExprPtr atol, Span span) {
  std::vector<ExprPtr> values;
  values.push_back(std::move(a));
  values.push_back(std::move(b));
  values.push_back(convert(std::move(rtol), Kind::F64));
  values.push_back(convert(std::move(atol), Kind::F64));
  LoopParts parts = loop_parts(std::move(values));
  std::vector<ExprPtr> bodies = std::move(parts.bodies);
  ExprPtr result = with_value(convert(std::move(bodies[0]), Kind::F64), [&](const typed::Expr& x) {
    return with_value(convert(std::move(bodies[1]), Kind::F64), [&](const typed::Expr& y) {
      const auto magnitude = [&](ExprPtr value) {
        std::vector<ExprPtr> args;
        args.push_back(std::move(value));
        return builtin_call(Builtin::Fabs, Kind::F64, span, std::move(args));
      };
      const auto arith = [&](typed::BinaryOp op, ExprPtr l, ExprPtr r) {
        return make(Kind::F64, span, typed::Binary{op, std::move(l), std::move(r)});
      };
      std::vector<ExprPtr> finite;
      finite.push_back(clone(y));
      ExprPtr distance = magnitude(arith(typed::BinaryOp::Sub, clone(x), clone(y)));
      ExprPtr limit = arith(typed::BinaryOp::Add, std::move(bodies[3]),
                            arith(typed::BinaryOp::Mul, std::move(bodies[2]), magnitude(clone(y))));
      ExprPtr near = make(Kind::Bool, span, typed::Compare{typed::CompareOp::Le, std::move(distance), std::move(limit)});
      ExprPtr both = make(Kind::Bool, span,
                          typed::Binary{typed::BinaryOp::BitAnd, std::move(near),
                                        builtin_call(Builtin::IsFinite, Kind::Bool, span, std::move(finite))});
      ExprPtr equal = make(Kind::Bool, span, typed::Compare{typed::CompareOp::Eq, clone(x), clone(y)});
      return make(Kind::Bool, span, typed::Binary{typed::BinaryOp::BitOr, std::move(both), std::move(equal)});
    });
  });
  return finish_loop(std::move(parts), std::move(result), span);
}

namespace {

ExprPtr interpolate(FunctionChecker& c, const CallSite& site, ExprPtr x, const ast::Expr* xs, const ast::Expr* ys) {
  const Span span = site.span();
  ExprPtr xp = c.check(*xs), fp = c.check(*ys);
  if (xp->type.is_unknown() || fp->type.is_unknown()) return c.invalid(span);
  for (const ExprPtr* table : {&xp, &fp}) {
    const bool vector = (*table)->type.is_array() && (*table)->type.rank() == 1 && !Type((*table)->type.dtype()).is_complex();
    if (!vector) return c.bad_argument(site, "vectors of real numbers", (*table)->type, span);
  }
  const Type type = x->type.is_array() ? Type::array(Kind::F64, x->type.rank(), Layout::C) : Type(Kind::F64).as_numpy();
  std::vector<ExprPtr> args;
  args.push_back(x->type.is_array() ? c.convert_elements(std::move(x), Kind::F64, span) : c.convert(std::move(x), Kind::F64));
  args.push_back(c.convert_elements(std::move(xp), Kind::F64, span));
  args.push_back(c.convert_elements(std::move(fp), Kind::F64, span));
  return c.array_call(KJIT_ARRAY_Interp, type, span, std::move(args));
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::apply_array_function(const CallSite& site, ExprPtr array,
                                                               const std::vector<const ast::Expr*>& options) {
  const Span span = site.span();
  const std::string_view name = site.name;
  const int rank = array->type.rank();
  if (name == "sort" || name == "argsort" || name == "searchsorted" || name == "unique")
    return ordered(site, std::move(array), options);
  if (name == "nonzero" || name == "where") return nonzero_positions(std::move(array), span);
  if (name == "real" || name == "imag") return complex_part(std::move(array), name == "imag", span);
  if (name == "flatnonzero" || name == "argwhere") {
    std::vector<ExprPtr> args;
    args.push_back(name == "flatnonzero" ? flatten(std::move(array), span) : std::move(array));
    if (name == "argwhere") return array_call(KJIT_ARRAY_Argwhere, Type::array(Kind::I64, 2, Layout::C), span, std::move(args));
    args.push_back(int_constant(0, span));
    return array_call(KJIT_ARRAY_NonzeroAxis, Type::array(Kind::I64, 1, Layout::C), span, std::move(args));
  }
  if (name == "dot" || name == "matmul" || name == "vdot" || name == "inner" || name == "outer" || name == "allclose" ||
      name == "isclose" || name == "array_equal") {
    ExprPtr other = check(*options[0]);
    if (other->type.is_unknown()) return invalid(span);
    if (name == "isclose" || name == "allclose") {
      for (const ExprPtr* side : {&array, &other}) {
        const Type given = (*side)->type;
        const Type element = given.is_array() ? Type(given.dtype()) : given;
        if (!element.is_scalar() || element.is_complex()) return bad_argument(site, "real numbers", given, span);
      }
      ExprPtr rtol = is_none(options[1]) ? float_constant(1e-5, span) : check(*options[1]);
      ExprPtr atol = is_none(options[2]) ? float_constant(1e-8, span) : check(*options[2]);
      if (rtol->type.is_unknown() || atol->type.is_unknown()) return invalid(span);
      for (const ExprPtr* limit : {&rtol, &atol}) {
        if (!(*limit)->type.is_scalar() || (*limit)->type.is_complex())
          return bad_argument(site, "a number", (*limit)->type, span);
      }
      ExprPtr close = closeness(std::move(array), std::move(other), std::move(rtol), std::move(atol), span);
      return name == "isclose" ? std::move(close) : reduce_array("all", std::move(close), span);
    }
    if (name == "array_equal") {
      return reduce_array("all", array_compare(typed::CompareOp::Eq, std::move(array), std::move(other), span), span);
    }
    const bool ordered_pair = name != "isclose" && name != "allclose";
    if (name == "outer" && !other->type.is_array()) return bad_argument(site, "two arrays", other->type, span);
    if (ordered_pair && !other->type.is_array() && !other->type.is_scalar())
      return bad_argument(site, "an array", other->type, span);
    if (name == "outer") {
      array = insert_axis(flatten(std::move(array), span), 1, span);
      return array_binary(typed::BinaryOp::Mul, std::move(array), flatten(std::move(other), span), span);
    }
    if (other->type.is_scalar() && name == "dot")
      return array_binary(typed::BinaryOp::Mul, std::move(array), std::move(other), span);
    const bool vectors = rank == 1 && other->type.is_array() && other->type.rank() == 1;
    if ((name == "vdot" || name == "inner") && !vectors) return bad_argument(site, "two vectors", other->type, span);
    return matrix_product(std::move(array), std::move(other), span);
  }
  if (name == "roll" || name == "repeat") {
    ExprPtr count = argument_i64(site, check(*options[0]));
    if (count->type.is_unknown()) return invalid(span);
    std::optional<int> axis = 0;
    std::vector<ExprPtr> shape;
    if (is_none(options[1])) {
      if (name == "roll" && rank > 1) return bad_argument(site, "an axis", array->type, span);
      array = flatten(std::move(array), span);
    } else {
      axis = constant_axis(*options[1], rank);
      if (!axis) return invalid(span);
    }
    const Type type = Type::array(array->type.dtype(), array->type.rank(), Layout::C);
    std::vector<ExprPtr> args;
    args.push_back(std::move(array));
    args.push_back(std::move(count));
    args.push_back(int_constant(*axis, span));
    return array_call(name == "roll" ? KJIT_ARRAY_Roll : KJIT_ARRAY_Repeat, type, span, std::move(args));
  }
  if (name == "diff") {
    std::optional<std::int64_t> times = is_none(options[0]) ? std::optional<std::int64_t>(1) : int_value(*check(*options[0]));
    std::optional<int> axis = is_none(options[1]) ? std::optional<int>(rank - 1) : constant_axis(*options[1], rank);
    if (!times || !axis) return bad_argument(site, "constants", array->type, span);
    return differences(std::move(array), *axis, *times, span);
  }
  if (name == "take") {
    const bool literal = std::holds_alternative<ast::List>(options[0]->node);
    ExprPtr indices = literal ? array_literal(*this, *options[0], std::nullopt) : check(*options[0]);
    if (indices->type.is_unknown()) return invalid(span);
    if (!indices->type.is_array() || !Type(indices->type.dtype()).is_integer())
      return bad_argument(site, "an array of integers", indices->type, span);
    ArraySelection selection;
    std::optional<int> axis = 0;
    if (is_none(options[1])) {
      array = flatten(std::move(array), span);
    } else if (axis = constant_axis(*options[1], rank); !axis) {
      return invalid(span);
    }
    selection.base = std::move(array);
    selection.indices.push_back(convert_elements(std::move(indices), Kind::I64, span));
    selection.index_axes.push_back(*axis);
    selection.place = *axis;
    return select(std::move(selection), span);
  }
  if (name == "extract" || name == "compress") {  // np.extract(condition, a)
    ExprPtr other = options[0] ? check(*options[0]) : nullptr;
    if (!other) return bad_argument(site, "an array", Kind::None, span);
    if (other->type.is_unknown()) return invalid(span);
    if (!other->type.is_array()) return bad_argument(site, "an array", other->type, span);
    ArraySelection selection;
    selection.mask = convert_elements(flatten(std::move(array), span), Kind::Bool, span);
    selection.base = flatten(std::move(other), span);
    return select(std::move(selection), span);
  }
  if (name == "median" || name == "percentile" || name == "quantile") {
    ExprPtr q = name == "median" ? float_constant(0.5, span) : check(*options[0]);
    if (q->type.is_unknown()) return invalid(span);
    if (!q->type.is_scalar() || q->type.is_complex()) return bad_argument(site, "one real number", q->type, q->span);
    if (Type(array->type.dtype()).is_complex()) return bad_argument(site, "real numbers", array->type, span);
    q = convert(std::move(q), Kind::F64);
    if (name == "percentile")
      q = make(Kind::F64, span, typed::Binary{typed::BinaryOp::TrueDiv, std::move(q), float_constant(100.0, span)});
    std::vector<ExprPtr> args;
    args.push_back(convert_elements(std::move(array), Kind::F64, span));
    args.push_back(std::move(q));
    args.push_back(int_constant(name == "median" ? 1 : 0, span));
    return array_call(KJIT_ARRAY_Quantile, Type(Kind::F64).as_numpy(), span, std::move(args));
  }
  if (name == "bincount") {
    if (rank != 1 || !Type(array->type.dtype()).is_integer())
      return bad_argument(site, "a vector of integers", array->type, span);
    ExprPtr least = is_none(options[0]) ? int_constant(0, span) : argument_i64(site, check(*options[0]));
    if (least->type.is_unknown()) return invalid(span);
    std::vector<ExprPtr> args;
    args.push_back(convert_elements(std::move(array), Kind::I64, span));
    args.push_back(std::move(least));
    return array_call(KJIT_ARRAY_Bincount, Type::array(Kind::I64, 1, Layout::C), span, std::move(args));
  }
  if (name == "tile") {
    ExprPtr times = argument_i64(site, check(*options[0]));
    if (times->type.is_unknown()) return invalid(span);
    if (rank != 1) return bad_argument(site, "a vector", array->type, span);
    return with_value(std::move(array), [&](const typed::Expr& whole) {
      std::vector<ExprPtr> args;
      args.push_back(insert_axis(clone(whole), 0, span));
      args.push_back(std::move(times));
      args.push_back(make(Kind::I64, span, typed::ArrayDim{clone(whole), 0}));
      ExprPtr rows =
          array_call(KJIT_ARRAY_BroadcastTo, Type::array(whole.type.dtype(), 2, Layout::Strided), span, std::move(args));
      return flatten(astype(std::move(rows), whole.type.dtype(), span), span);
    });
  }
  if (name == "interp") return interpolate(*this, site, std::move(array), options[0], options[1]);
  return rearrange(site, std::move(array), options);
}

// ---- entries -----------------------------------------------------

namespace {

const std::vector<std::string_view> kFoldParameters = {"axis", "dtype", "keepdims", "initial", "where", "ddof"};

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::call_array_function(const CallSite& site) {
  if (!site.path.starts_with("numpy.") || site.path.substr(6) != site.name) return nullptr;
  if (site.name == "meshgrid") return meshgrid(site);
  if (site.name == "reshape") {
    if (site.call.args.size() != 2) return bad_argument(site, "an array and a shape", Kind::None, site.span());
    ExprPtr array = check(*site.call.args[0]);
    std::optional<std::vector<ExprPtr>> shape = check_shape(*this, *site.call.args[1]);
    if (array->type.is_unknown() || !shape) return invalid(site.span());
    if (!array->type.is_array()) return bad_argument(site, "an array", array->type, array->span);
    return reshape(std::move(array), std::move(*shape), site.span());
  }
  if (is_join(site.name)) return join_arrays(site);
  const ArrayFunctionRow* row = find_row(site.name);
  const bool fold = !row && is_fold_name(site.name);
  if (!row && !fold) return nullptr;
  const bool plain = fold && site.call.keywords.empty() && site.call.args.size() == 1;
  const bool own_form = has_own_form(site.path);
  if (site.call.args.empty()) return own_form ? nullptr : bad_argument(site, "an array", Kind::None, site.span());
  const ast::Expr& source = *site.call.args[0];
  const bool literal = std::holds_alternative<ast::List>(source.node);
  if (plain && own_form && literal) return nullptr;
  ExprPtr array = literal ? array_literal(*this, source, std::nullopt) : check(source);
  if (array->type.is_unknown()) return invalid(site.span());
  if (site.name == "interp" && array->type.is_scalar() && !array->type.is_complex() && site.call.args.size() == 3) {
    return interpolate(*this, site, std::move(array), site.call.args[1].get(), site.call.args[2].get());
  }
  if (!array->type.is_array() || (plain && own_form)) {
    if (!own_form) return bad_argument(site, "an array", array->type, array->span);
    checked_[&source] = std::move(array);
    return nullptr;
  }
  std::vector<std::string_view> names = {"a"};
  const std::vector<std::string_view>& behind = fold ? kFoldParameters : row->parameters;
  names.insert(names.end(), behind.begin(), behind.end());
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1 + (row ? row->needed : 0), names);
  if (!taken) return invalid(site.span());
  std::vector<const ast::Expr*> options(taken->begin() + 1, taken->end());
  return fold ? call_fold(site, std::move(array), options) : apply_array_function(site, std::move(array), options);
}

// Null: no such method here; the array is as before.
FunctionChecker::ExprPtr FunctionChecker::array_function_method(const CallSite& site, ExprPtr& array) {
  const Span span = site.span();
  const std::string_view name = site.name;
  std::vector<const ast::Expr*> given;
  for (const ast::ExprPtr& arg : site.call.args) given.push_back(arg.get());
  if (name == "reshape") {
    std::optional<std::vector<ExprPtr>> shape = given.empty() ? std::nullopt : shape_arguments(given);
    return shape ? reshape(std::move(array), std::move(*shape), span) : invalid(span);
  }
  if (name == "transpose" && given.size() > 1) {
    std::vector<std::int64_t> axes;
    for (const ast::Expr* arg : given) {
      std::optional<int> axis = constant_axis(*arg, array->type.rank());
      if (!axis) return invalid(span);
      axes.push_back(*axis);
    }
    if (axes.size() != static_cast<std::size_t>(array->type.rank())) return bad_argument(site, "all axes", array->type, span);
    return axes_view(std::move(array), axes, span);
  }
  if (name == "clip" || name == "round" || name == "conj" || name == "conjugate") return element_method(site, std::move(array));
  const ArrayFunctionRow* row = find_row(name);
  if (row && !row->is_method) row = nullptr;
  const bool fold = !row && is_fold_name(name) && name != "average" && name != "count_nonzero" && !name.starts_with("nan");
  const bool plain = given.empty() && site.call.keywords.empty();
  const bool old = name == "sum" || name == "prod" || name == "min" || name == "max" || name == "mean" || name == "var" ||
                   name == "std" || name == "any" || name == "all" || name == "argmin" || name == "argmax";
  if ((!row && !fold) || (fold && plain && old)) return nullptr;
  std::optional<std::vector<const ast::Expr*>> options =
      take_args(site, row ? row->needed : 0, fold ? kFoldParameters : row->parameters);
  if (!options) return invalid(span);
  return fold ? call_fold(site, std::move(array), *options) : apply_array_function(site, std::move(array), *options);
}

// a.clip(low, high) and the like: the element function with the array in front.
FunctionChecker::ExprPtr FunctionChecker::element_method(const CallSite& site, ExprPtr array) {
  const Span span = site.span();
  std::vector<ExprPtr> values;
  values.push_back(std::move(array));
  std::vector<bool> limits = {false, false};
  if (site.name == "clip") {
    std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 0, {"min", "max"});
    if (!taken) return invalid(span);
    for (std::size_t side = 0; side < 2; ++side) {
      limits[side] = !is_none((*taken)[side]);
      if (limits[side]) values.push_back(check(*(*taken)[side]));
    }
  } else {
    std::vector<std::string_view> names;
    if (site.name == "round") names = {"decimals"};
    std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 0, std::move(names));
    if (!taken) return invalid(span);
    for (const ast::Expr* arg : *taken) {
      if (arg) values.push_back(check(*arg));
    }
  }
  for (const ExprPtr& value : values) {
    if (value->type.is_unknown()) return invalid(span);
    if (!value->type.is_array() && !value->type.is_scalar()) return bad_argument(site, "numbers", value->type, value->span);
  }
  LoopParts parts = loop_parts(std::move(values));
  std::vector<ExprPtr> bodies = std::move(parts.bodies);
  ExprPtr body;
  if (site.name == "clip") {
    body = element_clip(std::move(bodies), limits, span);
  } else if (site.name == "round") {
    const Type type = bodies[0]->type;
    if (!type.is_float()) {
      body = std::move(bodies[0]);
    } else if (bodies.size() == 1 || int_value(*bodies[1]) == 0) {
      bodies.resize(1);
      body = builtin_call(Builtin::Rint, type, span, std::move(bodies));
    } else {
      bodies[0] = convert(std::move(bodies[0]), Kind::F64);
      bodies[1] = convert(std::move(bodies[1]), Kind::I64);
      body = convert(builtin_call(Builtin::NpRound, Kind::F64, span, std::move(bodies)), type);
    }
  } else if (bodies[0]->type.is_complex()) {
    const Type type = bodies[0]->type;
    body = builtin_call(Builtin::Conjugate, type, span, std::move(bodies));
  } else {
    body = std::move(bodies[0]);
  }
  return finish_loop(std::move(parts), std::move(body), span);
}

// Null: no such attribute here.
FunctionChecker::ExprPtr FunctionChecker::array_function_attribute(const std::string& name, ExprPtr& array, Span span) {
  if (name == "T") return transpose(std::move(array), span);
  if (name == "real" || name == "imag") return complex_part(std::move(array), name == "imag", span);
  return nullptr;
}

}  // namespace kjit
