// The table of functions and methods of whole arrays, and how a call finds its row. Entries: call_array_function, array_method,
// array_function_attribute.

#include <algorithm>
#include <iterator>
#include <string>

#include "library/arrays/array_rows.h"
#include "library/library.h"
#include "runtime/abi.h"

namespace kjit {

bool is_none(const ast::Expr* expr) { return !expr || std::holds_alternative<ast::NoneLiteral>(expr->node); }

const ast::Expr* ArrayArguments::option(std::string_view name) const {
  const auto found = std::find(row.parameters.begin(), row.parameters.end(), name);
  return found == row.parameters.end() ? nullptr : options[static_cast<std::size_t>(found - row.parameters.begin())];
}

namespace {

ArrayFunctionRow reduction(ArrayFunctionRow row) {
  row.is_reduction = true;
  return row;
}

const std::vector<ArrayFunctionRow>& rows() {
  constexpr Called kFunction = Called::Function, kMethod = Called::Method, kBoth = Called::Both;
  static const std::vector<ArrayFunctionRow> kRows = {
      {"reshape", kBoth, {"shape", "order"}, 1, array_reshape},
      {"matrix_transpose", kFunction, {}, 0, array_matrix_transpose},
      {"astype", kFunction, {"dtype"}, 1, array_as_type},
      {"transpose", kBoth, {"axes"}, 0, array_transpose},
      {"swapaxes", kBoth, {"axis1", "axis2"}, 2, array_swapaxes},
      {"moveaxis", kFunction, {"source", "destination"}, 2, array_moveaxis},
      {"ravel", kBoth, {"order"}, 0, array_ravel},
      {"flatten", kMethod, {"order"}, 0, array_flatten},
      {"squeeze", kBoth, {"axis"}, 0, array_squeeze},
      {"expand_dims", kFunction, {"axis"}, 1, array_expand_dims},
      {"atleast_1d", kFunction, {}, 0, array_atleast_1d, 0, AxisRule::Any, false, true},
      {"atleast_2d", kFunction, {}, 0, array_atleast_2d},
      {"atleast_3d", kFunction, {}, 0, array_atleast_3d},
      {"broadcast_to", kFunction, {"shape"}, 1, array_broadcast_to},
      {"diagonal", kBoth, {"offset"}, 0, array_diagonal},
      {"diag", kFunction, {"k"}, 0, array_diag},
      {"trace", kBoth, {"offset"}, 0, array_trace},
      {"flip", kFunction, {"axis"}, 0, array_flip},
      {"flipud", kFunction, {}, 0, array_flipud},
      {"fliplr", kFunction, {}, 0, array_fliplr},
      {"roll", kFunction, {"shift", "axis"}, 1, array_roll},
      {"repeat", kBoth, {"repeats", "axis"}, 1, array_repeat},
      {"diff", kFunction, {"n", "axis", "prepend", "append"}, 0, array_diff},
      {"dot", kBoth, {"b"}, 1, array_dot},
      {"matmul", kFunction, {"b"}, 1, array_matmul},
      {"vdot", kFunction, {"b"}, 1, array_vdot},
      {"inner", kFunction, {"b"}, 1, array_inner},
      {"outer", kFunction, {"b"}, 1, array_outer},
      {"sort", kBoth, {"axis", "kind"}, 0, array_sort},
      {"argsort", kBoth, {"axis", "kind"}, 0, array_argsort},
      {"searchsorted", kBoth, {"v", "side"}, 1, array_searchsorted},
      {"unique", kFunction, {"return_index", "return_inverse", "return_counts"}, 0, array_unique_with},
      {"nonzero", kBoth, {}, 0, array_nonzero},
      {"flatnonzero", kFunction, {}, 0, array_flatnonzero},
      {"argwhere", kFunction, {}, 0, array_argwhere},
      {"where", kFunction, {}, 0, array_nonzero},
      {"take", kBoth, {"indices", "axis"}, 1, array_take},
      {"put", kFunction, {"ind", "v"}, 2, array_put},
      {"extract", kFunction, {"arr"}, 1, array_extract},
      {"compress", kFunction, {"a"}, 0, array_extract},
      {"interp", kFunction, {"xp", "fp"}, 2, array_interp, 0, AxisRule::Any, false, true},
      {"real", kFunction, {}, 0, array_real},
      {"imag", kFunction, {}, 0, array_imag},
      {"ascontiguousarray", kFunction, {}, 0, array_ascontiguous},
      {"allclose", kFunction, {"b", "rtol", "atol", "equal_nan"}, 1, array_allclose, 0, AxisRule::Any, false, true},
      {"isclose", kFunction, {"b", "rtol", "atol", "equal_nan"}, 1, array_isclose, 0, AxisRule::Any, false, true},
      {"array_equal", kFunction, {"b"}, 1, array_equal},
      {"median", kFunction, {"axis", "keepdims"}, 0, array_median},
      {"percentile", kFunction, {"q", "axis", "keepdims"}, 1, array_percentile},
      {"quantile", kFunction, {"q", "axis", "keepdims"}, 1, array_quantile},
      {"bincount", kFunction, {"weights", "minlength"}, 0, array_bincount},
      {"tile", kFunction, {"reps"}, 1, array_tile},

      reduction({"sum", kBoth, {"axis", "dtype", "keepdims", "initial", "where"}, 0, array_accumulate, KJIT_FOLD_SUM}),
      reduction({"prod", kBoth, {"axis", "dtype", "keepdims", "initial", "where"}, 0, array_accumulate, KJIT_FOLD_PROD}),
      reduction({"min", kBoth, {"axis", "keepdims", "initial", "where"}, 0, array_extremum, KJIT_FOLD_MIN}),
      reduction({"max", kBoth, {"axis", "keepdims", "initial", "where"}, 0, array_extremum, KJIT_FOLD_MAX}),
      reduction({"amin", kFunction, {"axis", "keepdims", "initial", "where"}, 0, array_extremum, KJIT_FOLD_MIN}),
      reduction({"amax", kFunction, {"axis", "keepdims", "initial", "where"}, 0, array_extremum, KJIT_FOLD_MAX}),
      reduction({"any", kBoth, {"axis", "keepdims", "where"}, 0, array_test, KJIT_FOLD_ANY}),
      reduction({"all", kBoth, {"axis", "keepdims", "where"}, 0, array_test, KJIT_FOLD_ALL}),
      reduction({"mean", kBoth, {"axis", "dtype", "keepdims"}, 0, array_mean}),
      reduction({"average", kFunction, {"axis", "weights", "keepdims"}, 0, array_average}),
      reduction({"var", kBoth, {"axis", "ddof", "keepdims"}, 0, array_var}),
      reduction({"std", kBoth, {"axis", "ddof", "keepdims"}, 0, array_std}),
      reduction({"argmin", kBoth, {"axis", "keepdims"}, 0, array_position, 0, AxisRule::One}),
      reduction({"argmax", kBoth, {"axis", "keepdims"}, 0, array_position, 1, AxisRule::One}),
      reduction({"count_nonzero", kFunction, {"axis", "keepdims"}, 0, array_count_nonzero}),
      {"cumsum", kBoth, {"axis", "dtype"}, 0, array_cumulate, 0, AxisRule::One},
      {"cumprod", kBoth, {"axis", "dtype"}, 0, array_cumulate, 1, AxisRule::One},
      {"ptp", kFunction, {"axis", "keepdims"}, 0, array_ptp},
      {"nansum", kFunction, {"axis", "keepdims"}, 0, array_nansum},
      {"nanmean", kFunction, {"axis", "keepdims"}, 0, array_nanmean},
      {"nanmin", kFunction, {"axis", "keepdims"}, 0, array_nan_extremum, KJIT_FOLD_MIN},
      {"nanmax", kFunction, {"axis", "keepdims"}, 0, array_nan_extremum, KJIT_FOLD_MAX},
  };
  return kRows;
}

const ArrayFunctionRow* find_row(std::string_view name) {
  const auto found = std::find_if(rows().begin(), rows().end(), [&](const ArrayFunctionRow& row) { return row.name == name; });
  return found == rows().end() ? nullptr : &*found;
}

// Folds of NumPy have out= before these, so that they are given by their names. False: reported.
bool options_are_named(FunctionChecker& c, const CallSite& site, const ArrayFunctionRow& row, std::size_t before) {
  constexpr std::string_view kNamed[] = {"keepdims", "ddof", "initial", "where"};
  const auto first = std::ranges::find_if(
      row.parameters, [&](std::string_view name) { return std::ranges::find(kNamed, name) != std::end(kNamed); });
  const std::size_t most = before + static_cast<std::size_t>(first - row.parameters.begin());
  if (site.call.args.size() <= most) return true;
  c.report<DiagId::E0601>(site.span(), site.name, "at most " + std::to_string(most) + " positional", site.call.args.size())
      .suggest("write the names of the others: keepdims=, ddof=");
  return false;
}

bool is_list(const ast::Expr& expr) { return std::holds_alternative<ast::List>(expr.node); }

}  // namespace

// Null: no function of arrays, or one of numbers; what was checked is kept for it.
ExprPtr call_array_function(FunctionChecker& c, const CallSite& site) {
  const ArrayFunctionRow* row = find_row(site.name);
  if (!row || !row->is_function()) return nullptr;
  const bool is_alone = site.call.keywords.empty() && site.call.args.size() == 1;
  const bool own_form = has_own_form(site.path);
  const bool reduces = row->is_reduction && is_alone && own_form;
  if (site.call.args.empty()) return own_form ? nullptr : c.bad_argument(site, "an array", Kind::None, site.span());
  const ast::Expr& source = *site.call.args[0];
  if (reduces && is_list(source)) return nullptr;
  ExprPtr array = is_list(source) ? array_literal(c, source, std::nullopt) : c.check(source);
  if (array->type.is_unknown()) return c.invalid(site.span());
  const bool fits = array->type.is_array() || (row->takes_number && array->type.is_scalar());
  if (!fits || reduces) {
    if (!own_form) return c.bad_argument(site, "an array", array->type, array->span);
    c.keep(source, std::move(array));
    return nullptr;
  }
  std::vector<std::string_view> names = {"a"};
  names.insert(names.end(), row->parameters.begin(), row->parameters.end());
  if (!options_are_named(c, site, *row, 1)) return c.invalid(site.span());
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1 + row->needed, names);
  if (!taken) return c.invalid(site.span());
  return row->handler(c, {site, *row, std::move(array), {taken->begin() + 1, taken->end()}});
}

namespace {

// ---- methods that take their arguments in a way of their own ----

// a.reshape(2, 3); null: a.reshape((2, 3)).
ExprPtr reshape_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  if (site.call.args.size() < 2) return nullptr;
  const ast::Expr* order = nullptr;
  for (const ast::Keyword& keyword : site.call.keywords) {
    if (keyword.name != "order") return nullptr;
    order = keyword.value.get();
  }
  std::vector<ExprPtr> shape;
  for (const ast::ExprPtr& part : site.call.args) {
    shape.push_back(c.as_index(c.check(*part), part->span));
    if (shape.back()->type.is_unknown()) return c.invalid(site.span());
  }
  return reshape_in_order(c, site, std::move(array), std::move(shape), order);
}

// a.transpose(1, 0); null: a.transpose(), a.transpose((1, 0)).
ExprPtr transpose_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  if (site.call.args.size() < 2) return nullptr;
  std::vector<std::int64_t> axes;
  for (const ast::ExprPtr& part : site.call.args) {
    std::optional<int> axis = constant_axis(c, *part, array->type.rank());
    if (!axis) return c.invalid(site.span());
    axes.push_back(*axis);
  }
  const bool all = axes.size() == static_cast<std::size_t>(array->type.rank());
  return all ? axes_view(c, std::move(array), axes, site.span()) : c.bad_argument(site, "all axes", array->type, site.span());
}

struct MethodForm {
  std::string_view name;
  ExprPtr (*call)(FunctionChecker& c, const CallSite& site, ExprPtr& array);
};

constexpr MethodForm kMethodForms[] = {
    {"reshape", reshape_method}, {"transpose", transpose_method}, {"clip", clip_method},
    {"round", round_method},     {"conj", conjugate_method},      {"conjugate", conjugate_method},
};

}  // namespace

ExprPtr array_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  for (const MethodForm& form : kMethodForms) {
    if (form.name != site.name) continue;
    if (ExprPtr result = form.call(c, site, array)) return result;
  }
  const ArrayFunctionRow* row = find_row(site.name);
  if (!row || !row->is_method()) return nullptr;
  const bool is_alone = site.call.args.empty() && site.call.keywords.empty();
  if (row->is_reduction && is_alone) return nullptr;
  if (!options_are_named(c, site, *row, 0)) return c.invalid(site.span());
  std::optional<std::vector<const ast::Expr*>> options = c.take_args(site, row->needed, row->parameters);
  if (!options) return c.invalid(site.span());
  return row->handler(c, {site, *row, std::move(array), std::move(*options)});
}

ExprPtr array_function_attribute(FunctionChecker& c, std::string_view name, ExprPtr& array, Span span) {
  if (name == "T") return transpose(c, std::move(array), span);
  if (name == "flat") {  // in C order it is a view of rank 1; else what is stored into it would be lost
    if (array->type.rank() > 1 && !array->type.is_contiguous()) {
      c.report<DiagId::E0606>(span, "flat", "an array in C order", to_string(array->type)).suggest("write a.ravel() to read it");
      return c.invalid(span);
    }
    return flatten(c, std::move(array), span);
  }
  if (name == "real" || name == "imag") return complex_part(c, std::move(array), name == "imag", span);
  return nullptr;
}

}  // namespace kjit
