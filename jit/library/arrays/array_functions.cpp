// The table of functions and methods of whole arrays, and how a call finds its row. Entries: call_array_function,
// array_function_method, array_function_attribute.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/library.h"
#include "typing/check/checker.h"

namespace kjit {

bool is_none(const ast::Expr* expr) { return !expr || std::holds_alternative<ast::NoneLiteral>(expr->node); }

namespace {

const std::vector<ArrayFunctionRow>& rows() {
  static const std::vector<ArrayFunctionRow> kRows = {
      {"transpose", true, {"axes"}, 0, array_transpose},
      {"swapaxes", true, {"axis1", "axis2"}, 2, array_swapaxes},
      {"moveaxis", false, {"source", "destination"}, 2, array_moveaxis},
      {"ravel", true, {"order"}, 0, array_ravel},
      {"flatten", true, {"order"}, 0, array_flatten},
      {"squeeze", true, {"axis"}, 0, array_squeeze},
      {"expand_dims", false, {"axis"}, 1, array_expand_dims},
      {"atleast_1d", false, {}, 0, array_atleast_1d},
      {"atleast_2d", false, {}, 0, array_atleast_2d},
      {"broadcast_to", false, {"shape"}, 1, array_broadcast_to},
      {"diagonal", true, {"offset"}, 0, array_diagonal},
      {"diag", false, {"k"}, 0, array_diag},
      {"trace", true, {"offset"}, 0, array_trace},
      {"flip", false, {"axis"}, 0, array_flip},
      {"flipud", false, {}, 0, array_flipud},
      {"fliplr", false, {}, 0, array_fliplr},
      {"roll", false, {"shift", "axis"}, 1, array_roll},
      {"repeat", true, {"repeats", "axis"}, 1, array_repeat},
      {"diff", false, {"n", "axis"}, 0, array_diff},
      {"dot", true, {"b"}, 1, array_dot},
      {"matmul", false, {"b"}, 1, array_matmul},
      {"vdot", false, {"b"}, 1, array_inner},
      {"inner", false, {"b"}, 1, array_inner},
      {"outer", false, {"b"}, 1, array_outer},
      {"sort", true, {"axis"}, 0, array_sort},
      {"argsort", true, {"axis"}, 0, array_argsort},
      {"searchsorted", true, {"v", "side"}, 1, array_searchsorted},
      {"unique", false, {}, 0, array_unique},
      {"nonzero", true, {}, 0, array_nonzero},
      {"flatnonzero", false, {}, 0, array_flatnonzero},
      {"argwhere", false, {}, 0, array_argwhere},
      {"where", false, {}, 0, array_nonzero},
      {"take", true, {"indices", "axis"}, 1, array_take},
      {"extract", false, {"arr"}, 1, array_extract},
      {"compress", false, {"a"}, 0, array_extract},
      {"interp", false, {"xp", "fp"}, 2, array_interp},
      {"real", false, {}, 0, array_real},
      {"imag", false, {}, 0, array_imag},
      {"ascontiguousarray", false, {}, 0, array_ascontiguous},
      {"allclose", false, {"b", "rtol", "atol"}, 1, array_allclose},
      {"isclose", false, {"b", "rtol", "atol"}, 1, array_isclose},
      {"array_equal", false, {"b"}, 1, array_equal},
      {"median", false, {}, 0, array_median},
      {"percentile", false, {"q"}, 1, array_percentile},
      {"quantile", false, {"q"}, 1, array_quantile},
      {"bincount", false, {"minlength"}, 0, array_bincount},
      {"tile", false, {"reps"}, 1, array_tile},
  };
  return kRows;
}

const std::vector<std::string_view> kFoldParameters = {"axis", "dtype", "keepdims", "initial", "where", "ddof"};

}  // namespace

const ArrayFunctionRow* find_array_function(std::string_view name) {
  const auto found = std::find_if(rows().begin(), rows().end(), [&](const ArrayFunctionRow& row) { return row.name == name; });
  return found == rows().end() ? nullptr : &*found;
}

namespace {

// a.clip(low, high) and the like: the element function with the array in front.
ExprPtr element_method(FunctionChecker& c, const CallSite& site, ExprPtr array) {
  const Span span = site.span();
  std::vector<ExprPtr> values;
  values.push_back(std::move(array));
  std::vector<bool> limits = {false, false};
  if (site.name == "clip") {
    std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"min", "max"});
    if (!taken) return c.invalid(span);
    for (std::size_t side = 0; side < 2; ++side) {
      limits[side] = !is_none((*taken)[side]);
      if (limits[side]) values.push_back(c.check(*(*taken)[side]));
    }
  } else {
    std::vector<std::string_view> names;
    if (site.name == "round") names = {"decimals"};
    std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, std::move(names));
    if (!taken) return c.invalid(span);
    for (const ast::Expr* arg : *taken) {
      if (arg) values.push_back(c.check(*arg));
    }
  }
  for (const ExprPtr& value : values) {
    if (value->type.is_unknown()) return c.invalid(span);
    if (!value->type.is_array() && !value->type.is_scalar()) return c.bad_argument(site, "numbers", value->type, value->span);
  }
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  std::vector<ExprPtr> bodies = std::move(parts.bodies);
  ExprPtr body;
  if (site.name == "clip") {
    body = c.element_clip(std::move(bodies), limits, span);
  } else if (site.name == "round") {
    const Type type = bodies[0]->type;
    if (!type.is_float()) {
      body = std::move(bodies[0]);
    } else if (bodies.size() == 1 || c.int_value(*bodies[1]) == 0) {
      bodies.resize(1);
      body = c.builtin_call(Builtin::Rint, type, span, std::move(bodies));
    } else {
      bodies[0] = c.convert(std::move(bodies[0]), Kind::F64);
      bodies[1] = c.convert(std::move(bodies[1]), Kind::I64);
      body = c.convert(c.builtin_call(Builtin::NpRound, Kind::F64, span, std::move(bodies)), type);
    }
  } else if (bodies[0]->type.is_complex()) {
    const Type type = bodies[0]->type;
    body = c.builtin_call(Builtin::Conjugate, type, span, std::move(bodies));
  } else {
    body = std::move(bodies[0]);
  }
  return c.finish_loop(std::move(parts), std::move(body), span);
}

}  // namespace

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

FunctionChecker::ExprPtr FunctionChecker::call_array_function(const CallSite& site) {
  if (!site.path.starts_with("numpy.") || site.path.substr(6) != site.name) return nullptr;
  if (site.name == "meshgrid") return kjit::meshgrid(*this, site);
  if (site.name == "reshape") {
    if (site.call.args.size() != 2 || !site.call.keywords.empty())
      return bad_argument(site, "an array and a shape", Kind::None, site.span());
    ExprPtr array = check(*site.call.args[0]);
    std::optional<std::vector<ExprPtr>> shape = check_shape(*this, *site.call.args[1]);
    if (array->type.is_unknown() || !shape) return invalid(site.span());
    if (!array->type.is_array()) return bad_argument(site, "an array", array->type, array->span);
    return reshape(std::move(array), std::move(*shape), site.span());
  }
  if (is_join(site.name)) return kjit::join_arrays(*this, site);
  const ArrayFunctionRow* row = find_array_function(site.name);
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
    return array_interp(*this, {site, std::move(array), {site.call.args[1].get(), site.call.args[2].get()}});
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
  return fold ? call_fold(site, std::move(array), options) : row->handler(*this, {site, std::move(array), std::move(options)});
}

// Null: no such method here; the array is as before.
FunctionChecker::ExprPtr FunctionChecker::array_function_method(const CallSite& site, ExprPtr& array) {
  const Span span = site.span();
  const std::string_view name = site.name;
  std::vector<const ast::Expr*> given;
  for (const ast::ExprPtr& arg : site.call.args) given.push_back(arg.get());
  if (name == "reshape") {
    if (given.empty() || !site.call.keywords.empty()) return bad_argument(site, "a shape and nothing else", array->type, span);
    std::optional<std::vector<ExprPtr>> shape = shape_arguments(given);
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
  if (name == "clip" || name == "round" || name == "conj" || name == "conjugate")
    return element_method(*this, site, std::move(array));
  const ArrayFunctionRow* row = find_array_function(name);
  if (row && !row->is_method) row = nullptr;
  const bool fold = !row && is_fold_name(name) && name != "average" && name != "count_nonzero" && !name.starts_with("nan");
  const bool plain = given.empty() && site.call.keywords.empty();
  const bool old = name == "sum" || name == "prod" || name == "min" || name == "max" || name == "mean" || name == "var" ||
                   name == "std" || name == "any" || name == "all" || name == "argmin" || name == "argmax";
  if ((!row && !fold) || (fold && plain && old)) return nullptr;
  std::optional<std::vector<const ast::Expr*>> options =
      take_args(site, row ? row->needed : 0, fold ? kFoldParameters : row->parameters);
  if (!options) return invalid(span);
  return fold ? call_fold(site, std::move(array), *options) : row->handler(*this, {site, std::move(array), std::move(*options)});
}

// Null: no such attribute here.
FunctionChecker::ExprPtr FunctionChecker::array_function_attribute(const std::string& name, ExprPtr& array, Span span) {
  if (name == "T") return transpose(std::move(array), span);
  if (name == "real" || name == "imag") return complex_part(std::move(array), name == "imag", span);
  return nullptr;
}

}  // namespace kjit
