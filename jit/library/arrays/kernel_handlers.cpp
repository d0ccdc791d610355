// Functions of the prelude whose arguments decide types, so that they are taken apart here: how many axes are padded, which
// values are returned, what a list of conditions holds.

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

std::vector<ExprPtr> list_of(ExprPtr first) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(first));
  return args;
}

const std::vector<ast::ExprPtr>* elements_of(const ast::Expr& expr) {
  if (const auto* list = std::get_if<ast::List>(&expr.node)) return &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) return &tuple->elements;
  return nullptr;
}

// A number, or a pair, for the two ends of an axis: as two values. Empty: reported.
std::vector<ExprPtr> ends_of(FunctionChecker& c, const CallSite& site, const ast::Expr& expr) {
  const std::vector<ast::ExprPtr>* pair = elements_of(expr);
  std::vector<ExprPtr> ends;
  const std::size_t count = pair ? pair->size() : 1;
  for (std::size_t i = 0; i < count && i < 2; ++i) {
    ends.push_back(c.check(pair ? *(*pair)[i] : expr));
    if (ends.back()->type.is_unknown()) return {};
    if (ends.back()->type.is_scalar()) continue;
    c.bad_argument(site, "a number, or a pair for each axis, written here,", ends.back()->type, expr.span);
    return {};
  }
  if (count == 1 || count == 2) return ends;
  c.bad_argument(site, "a number, or a pair for each axis, written here,", Kind::None, expr.span);
  return {};
}

// Which of the values are the ends of each axis.
struct Widths {
  std::vector<ExprPtr> values;
  std::vector<std::array<std::size_t, 2>> of_axis;
};

// One number or pair stands for all axes. Empty: reported.
std::optional<Widths> widths_of(FunctionChecker& c, const CallSite& site, const ast::Expr& expr, std::size_t rank) {
  const std::vector<ast::ExprPtr>* parts = elements_of(expr);
  const bool nested = parts && !parts->empty() && elements_of(*parts->front());
  if (nested && parts->size() != 1 && parts->size() != rank) {
    c.bad_argument(site, "a pair for each axis", Kind::None, expr.span);
    return std::nullopt;
  }
  Widths widths;
  for (std::size_t i = 0; i < (nested ? parts->size() : 1); ++i) {
    std::vector<ExprPtr> ends = ends_of(c, site, nested ? *(*parts)[i] : expr);
    if (ends.empty()) return std::nullopt;
    const std::size_t first = widths.values.size();
    widths.of_axis.push_back({first, first + ends.size() - 1});
    for (ExprPtr& end : ends) {
      widths.values.push_back(c.argument_i64(site, std::move(end)));
      if (widths.values.back()->type.is_unknown()) return std::nullopt;
    }
  }
  widths.of_axis.resize(rank, widths.of_axis[0]);
  return widths;
}

// One axis after the other. `values`: of the ends of a constant border, one or two.
ExprPtr padded(FunctionChecker& c, ExprPtr array, const Widths& widths, const typed::Expr& mode,
               const std::vector<ExprPtr>& values, Span span) {
  const int last = array->type.rank() - 1;
  for (std::size_t axis = 0; axis < widths.of_axis.size(); ++axis) {
    const auto at = static_cast<int>(axis);
    std::vector<ExprPtr> args = list_of(with_axis_moved(c, std::move(array), at, last, span));
    for (const std::size_t end : widths.of_axis[axis]) args.push_back(c.clone(*widths.values[end]));
    args.push_back(c.clone(mode));
    args.push_back(c.clone(*values.front()));
    args.push_back(c.clone(*values.back()));
    array = call_prelude_function(c, "pad_line", std::move(args), span);
    if (!array->type.is_array()) return array;
    array = with_axis_moved(c, std::move(array), last, at, span);
  }
  return array;
}

}  // namespace

ExprPtr call_pad(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"array", "pad_width", "mode", "constant_values"});
  if (!taken) return c.invalid(span);
  ExprPtr array = value_or_list(c, *(*taken)[0]);
  if (array->type.is_unknown()) return c.invalid(span);
  if (!array->type.is_array()) return c.bad_argument(site, "an array", array->type, array->span);
  const Kind dtype = array->type.dtype();
  std::optional<Widths> widths = widths_of(c, site, *(*taken)[1], static_cast<std::size_t>(array->type.rank()));
  std::vector<ExprPtr> mode = list_of(is_none((*taken)[2]) ? c.str_constant("constant", span) : c.check(*(*taken)[2]));
  if (!widths || mode[0]->type.is_unknown()) return c.invalid(span);
  if (!mode[0]->type.is(Kind::Str)) return c.bad_argument(site, "the name of a mode", mode[0]->type, mode[0]->span);
  std::vector<ExprPtr> values = (*taken)[3] ? ends_of(c, site, *(*taken)[3]) : list_of(c.int_constant(0, span));
  for (ExprPtr& value : values) {
    value = c.convert_number(std::move(value), dtype, to_string(Type(dtype)));
    if (value->type.is_unknown()) return c.invalid(span);
  }
  if (values.empty()) return c.invalid(span);
  return with_trivial(c, widths->values, [&] {
    return with_trivial(c, mode, [&] {
      return with_trivial(c, values, [&] { return padded(c, std::move(array), *widths, *mode[0], values, span); });
    });
  });
}

// np.unique: with what else is wanted, as a tuple.
ExprPtr array_unique_with(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::vector<bool> wanted = {true};
  for (const ast::Expr* option : given.options) {
    ExprPtr value = option ? c.check_condition(*option) : c.bool_constant(false, span);
    if (value->type.is_unknown()) return c.invalid(span);
    const std::optional<bool> known = c.bool_value(*value);
    if (!known) return c.bad_argument(given.site, "True or False, written here,", value->type, value->span);
    wanted.push_back(*known);
  }
  if (std::count(wanted.begin(), wanted.end(), true) == 1) return array_unique(c, std::move(given));
  ExprPtr all = call_prelude_function(c, "unique_all", list_of(std::move(given.array)), span);
  if (!all->type.is_tuple()) return all;
  return c.with_value(std::move(all), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> chosen;
    std::vector<Type> types;
    for (std::uint32_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i]) continue;
      types.push_back(whole.type.elements()[i]);
      chosen.push_back(c.make(types.back(), span, typed::TupleElement{c.clone(whole), i}));
    }
    return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(chosen)});
  });
}

// np.gradient: along one axis, or a tuple of the gradients along each.
ExprPtr call_gradient(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  const ast::Expr *axis_given = nullptr, *order_given = nullptr;
  for (const ast::Keyword& keyword : site.call.keywords) {
    if (keyword.name != "axis" && keyword.name != "edge_order") {
      c.report<DiagId::E0602>(keyword.name_span, site.name, keyword.name);
      return c.invalid(span);
    }
    (keyword.name == "axis" ? axis_given : order_given) = keyword.value.get();
  }
  std::vector<ExprPtr> values;
  for (const ast::ExprPtr& arg : site.call.args) {
    values.push_back(value_or_list(c, *arg));
    if (values.back()->type.is_unknown()) return c.invalid(span);
  }
  if (values.empty() || !values[0]->type.is_array())
    return c.bad_argument(site, "an array", values.empty() ? Type(Kind::None) : values[0]->type, span);
  const int rank = values[0]->type.rank();
  std::optional<std::vector<int>> axes = constant_axes(c, axis_given, rank);
  if (!axes) return c.invalid(span);
  const std::size_t spacings = values.size() - 1;
  if (spacings > 1 && spacings != axes->size())
    return c.bad_argument(site, "one distance, or one for each axis", Kind::None, span);
  ExprPtr order = is_none(order_given) ? c.none_constant(span) : c.argument_i64(site, c.check(*order_given));
  if (order->type.is_unknown()) return c.invalid(span);
  values.push_back(std::move(order));
  return with_trivial(c, values, [&]() -> ExprPtr {
    const typed::Expr& whole = *values[0];
    std::vector<ExprPtr> gradients;
    std::vector<Type> types;
    for (std::size_t i = 0; i < axes->size(); ++i) {
      std::vector<ExprPtr> args = list_of(with_axis_moved(c, c.clone(whole), (*axes)[i], rank - 1, span));
      args.push_back(spacings == 0 ? c.none_constant(span) : c.clone(*values[spacings == 1 ? 1 : i + 1]));
      args.push_back(c.clone(*values.back()));
      ExprPtr one = call_prelude_function(c, "gradient_along", std::move(args), span);
      if (!one->type.is_array()) return one;
      gradients.push_back(with_axis_moved(c, std::move(one), rank - 1, (*axes)[i], span));
      types.push_back(gradients.back()->type);
    }
    if (gradients.size() == 1) return std::move(gradients[0]);
    return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(gradients)});
  });
}

// NumPy's type of floats for these operands, of which Python's numbers take what the others have.
Kind common_float(const std::vector<ExprPtr>& values) {
  NpOperand common = {Kind::F32, false};
  bool all_weak = true, single = true;
  for (const ExprPtr& value : values) {
    const NpOperand own = np_operand(value->type);
    all_weak = all_weak && own.weak;
    if (own.weak) {
      single = single && Type(own.kind).is_integer();
      continue;
    }
    common = {np_common(common, {np_float_for(own.kind), false}), false};
  }
  const bool any_float = std::ranges::any_of(values, [](const ExprPtr& value) {
    const NpOperand own = np_operand(value->type);
    return !own.weak && Type(own.kind).is_float();
  });
  return all_weak || (!single && !any_float) ? Kind::F64 : common.kind;
}

// np.heaviside, np.logaddexp: of numbers, or with an array among the arguments.
ExprPtr call_floats_of_two(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"x1", "x2"});
  if (!taken) return c.invalid(span);
  std::vector<ExprPtr> values;
  bool any = false;
  for (const ast::Expr* expr : *taken) {
    values.push_back(value_or_list(c, *expr));
    const Type& type = values.back()->type;
    if (type.is_unknown()) return c.invalid(span);
    any = any || type.is_array();
    const Type element = type.is_array() ? Type(type.dtype()) : type;
    if (!element.is_scalar() || element.is_complex()) return c.bad_argument(site, "real numbers", type, expr->span);
  }
  const Kind kind = common_float(values);
  for (ExprPtr& value : values) {
    value = value->type.is_array() ? c.convert_elements(std::move(value), kind, span) : c.convert(std::move(value), kind);
  }
  if (site.name == "logaddexp") return call_prelude_function(c, "logaddexp", std::move(values), span);
  if (any) return call_prelude_function(c, "heaviside_of_arrays", std::move(values), span);
  return c.convert(call_prelude_function(c, "heaviside", std::move(values), span), Type(kind).as_numpy());
}

// np.add.at and np.subtract.at: at an index, or at a tuple of them for the first axes; numbers, or integers of any rank.
ExprPtr call_ufunc_at(FunctionChecker& c, const CallSite& site) {
  constexpr std::string_view kByCount[] = {"one", "two", "three"};
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 3, {"a", "indices", "b"});
  if (!taken) return c.invalid(span);
  std::vector<ExprPtr> args = list_of(c.check(*(*taken)[0]));
  ExprPtr places = value_or_list(c, *(*taken)[1]), value = value_or_list(c, *(*taken)[2]);
  if (args[0]->type.is_unknown() || places->type.is_unknown() || value->type.is_unknown()) return c.invalid(span);
  if (!args[0]->type.is_array()) return c.bad_argument(site, "an array", args[0]->type, args[0]->span);
  return c.with_value(std::move(places), [&](const typed::Expr& whole) -> ExprPtr {
    const bool many = whole.type.is_tuple();
    const std::size_t count = many ? whole.type.elements().size() : 1;
    const bool fits = count >= 1 && count <= std::size(kByCount) && count <= static_cast<std::size_t>(args[0]->type.rank());
    if (!fits) return c.bad_argument(site, "an index for each of the first axes, at most three,", whole.type, whole.span);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Type& type = many ? whole.type.elements()[i] : whole.type;
      const Type element = type.is_array() ? Type(type.dtype()) : type;
      if (!element.is_integer()) return c.bad_argument(site, "integers as indices", type, whole.span);
      args.push_back(many ? c.make(type, span, typed::TupleElement{c.clone(whole), i}) : c.clone(whole));
    }
    args.push_back(std::move(value));
    const bool adds = site.path == "numpy.add.at";
    const std::string function = (adds ? "add_at_" : "subtract_at_") + std::string(kByCount[count - 1]);
    return call_prelude_function(c, function, std::move(args), span);
  });
}

// np.lexsort: by the last key, then by those before it.
ExprPtr call_lexsort(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"keys"});
  if (!taken) return c.invalid(span);
  const std::vector<ast::ExprPtr>* keys = elements_of(*(*taken)[0]);
  if (!keys || keys->empty()) return c.bad_argument(site, "a tuple of vectors, written here,", Kind::None, (*taken)[0]->span);
  ExprPtr order;
  for (const ast::ExprPtr& expr : *keys) {
    ExprPtr key = value_or_list(c, *expr);
    if (key->type.is_unknown()) return c.invalid(span);
    if (!key->type.is_array() || key->type.rank() != 1) return c.bad_argument(site, "vectors", key->type, key->span);
    if (!order) {
      std::vector<ExprPtr> args = list_of(std::move(key));
      args.push_back(c.int_constant(0, span));
      order = array_call(c, KJIT_ARRAY_Argsort, Type::array(Kind::I64, 1, Layout::C), span, std::move(args));
      continue;
    }
    std::vector<ExprPtr> args = list_of(std::move(order));
    args.push_back(std::move(key));
    order = call_prelude_function(c, "lexsort_step", std::move(args), span);
  }
  return order;
}

// np.select: the first choice whose condition holds.
ExprPtr call_select(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"condlist", "choicelist", "default"});
  if (!taken) return c.invalid(span);
  const std::vector<ast::ExprPtr>*conditions = elements_of(*(*taken)[0]), *choices = elements_of(*(*taken)[1]);
  if (!conditions || !choices || conditions->empty() || conditions->size() != choices->size()) {
    return c.bad_argument(site, "two lists of one length, written here,", Kind::None, span);
  }
  std::vector<ExprPtr> values;
  for (const std::vector<ast::ExprPtr>* list : {conditions, choices}) {
    for (const ast::ExprPtr& expr : *list) values.push_back(c.check(*expr));
  }
  values.push_back(is_none((*taken)[2]) ? c.int_constant(0, span) : c.check(*(*taken)[2]));
  bool any = false;
  for (const ExprPtr& value : values) {
    if (value->type.is_unknown()) return c.invalid(span);
    if (!value->type.is_array() && !value->type.is_scalar())
      return c.bad_argument(site, "arrays and numbers", value->type, value->span);
    any = any || value->type.is_array();
  }
  if (!any) return c.bad_argument(site, "an array", values[0]->type, span);
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  const std::size_t count = conditions->size();
  NpOperand common = np_operand(parts.bodies.back()->type);
  for (std::size_t i = count; i < 2 * count; ++i) {
    const NpOperand own = np_operand(parts.bodies[i]->type);
    common = {np_common(common, own), common.weak && own.weak};
  }
  ExprPtr result = c.convert(std::move(parts.bodies.back()), common.kind);
  for (std::size_t i = count; i-- > 0;) {
    ExprPtr choice = c.convert(std::move(parts.bodies[count + i]), common.kind);
    result =
        c.make(common.kind, span, typed::Conditional{c.truth(std::move(parts.bodies[i])), std::move(choice), std::move(result)});
  }
  return c.finish_loop(std::move(parts), std::move(result), span);
}

namespace {

// The norms of the matrices in two axes, which are written as a pair.
ExprPtr norm_of_matrices(FunctionChecker& c, const CallSite& site, ExprPtr array, ExprPtr order, const ast::Expr& pair,
                         bool keepdims) {
  const Span span = site.span();
  const int rank = array->type.rank();
  std::optional<std::vector<int>> axes = constant_axes(c, &pair, rank);
  if (!axes) return c.invalid(span);
  if (axes->size() != 2) return c.bad_argument(site, "one axis, or two", array->type, pair.span);
  const auto* named = std::get_if<typed::Constant>(&order->node);
  const auto* name = named ? std::get_if<std::string>(&named->value) : nullptr;
  const bool frobenius = order->type.is(Kind::None) || (name && *name == "fro");
  if (!frobenius && rank > 2) return c.bad_argument(site, "a matrix beside such an ord", array->type, array->span);
  const auto [first, second] = std::pair((*axes)[0], (*axes)[1]);
  array = with_axis_moved(c, std::move(array), first, rank - 1, span);
  array = with_axis_moved(c, std::move(array), second > first ? second - 1 : second, rank - 1, span);
  const bool by_name = order->type.is(Kind::Str);
  std::vector<ExprPtr> args = list_of(std::move(array));
  if (!frobenius) args.push_back(std::move(order));
  const char* function = frobenius ? "frobenius_norm" : by_name ? "named_matrix_norm" : "matrix_norm";
  ExprPtr norm = call_prelude_function(c, function, std::move(args), span);
  if (norm->type.is_unknown() || !keepdims) return norm;
  if (rank == 2) return keep_folded_axis(c, std::move(norm), rank, -1, span);
  norm = insert_axis(c, std::move(norm), std::min(first, second), span);
  return insert_axis(c, std::move(norm), std::max(first, second), span);
}

}  // namespace

// np.linalg.norm: of vectors along an axis, of all elements, or of a matrix.
ExprPtr call_norm_with(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"x", "ord", "axis", "keepdims"});
  if (!taken) return c.invalid(span);
  ExprPtr array = value_or_list(c, *(*taken)[0]);
  if (array->type.is_unknown()) return c.invalid(span);
  if (!array->type.is_array()) return c.bad_argument(site, "an array", array->type, array->span);
  if (site.call.args.size() == 1 && site.call.keywords.empty() && !Type(array->type.dtype()).is_complex()) {
    c.keep(*(*taken)[0], std::move(array));
    return call_norm(c, site);
  }
  ExprPtr order = is_none((*taken)[1]) ? c.none_constant(span) : c.check(*(*taken)[1]);
  if (order->type.is_unknown()) return c.invalid(span);
  const bool frobenius = order->type.is(Kind::Str);
  if (!order->type.is(Kind::None) && !frobenius) order = c.argument_f64(site, std::move(order));
  ExprPtr keep = is_none((*taken)[3]) ? c.bool_constant(false, span) : c.check_condition(*(*taken)[3]);
  const std::optional<bool> keepdims = c.bool_value(*keep);
  if (order->type.is_unknown() || keep->type.is_unknown()) return c.invalid(span);
  if (!keepdims) return c.bad_argument(site, "True or False as keepdims", keep->type, keep->span);
  const int rank = array->type.rank();
  if (!is_none((*taken)[2]) && elements_of(*(*taken)[2]))
    return norm_of_matrices(c, site, std::move(array), std::move(order), *(*taken)[2], *keepdims);
  if (is_none((*taken)[2]) && rank > 2 && !order->type.is(Kind::None))
    return c.bad_argument(site, "an axis beside ord", array->type, array->span);
  if (is_none((*taken)[2]) && rank == 2 && !order->type.is(Kind::None)) {
    std::vector<ExprPtr> args = list_of(std::move(array));
    args.push_back(std::move(order));
    ExprPtr norm = call_prelude_function(c, frobenius ? "named_matrix_norm" : "matrix_norm", std::move(args), span);
    return *keepdims && norm->type.is_scalar() ? keep_folded_axis(c, std::move(norm), rank, -1, span) : std::move(norm);
  }
  if (frobenius) return c.bad_argument(site, "a number as ord of vectors", Kind::Str, span);
  const bool whole = is_none((*taken)[2]);
  std::optional<int> axis = whole ? 0 : constant_axis(c, *(*taken)[2], rank);
  if (!axis) return c.invalid(span);
  if (whole) array = flatten(c, std::move(array), span);
  std::vector<ExprPtr> args = list_of(with_axis_moved(c, std::move(array), *axis, whole ? 0 : rank - 1, span));
  args.push_back(std::move(order));
  ExprPtr norm = call_prelude_function(c, "vector_norm", std::move(args), span);
  if (norm->type.is_unknown() || !*keepdims) return norm;
  return keep_folded_axis(c, std::move(norm), rank, whole ? -1 : *axis, span);
}

}  // namespace kjit
