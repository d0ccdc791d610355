// Functions that put elements in order, or ask for their order.

#include <algorithm>
#include <iterator>
#include <string_view>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

// NumPy's names of algorithms; all of them are stable here.
bool is_kind_of_sort(const ast::Expr& expr) {
  constexpr std::string_view kKinds[] = {"quicksort", "mergesort", "heapsort", "stable"};
  const auto* text = std::get_if<ast::StringLiteral>(&expr.node);
  return text != nullptr && std::ranges::find(kKinds, text->value) != std::end(kKinds);
}

// Along the last axis, the given one, or (None) of all elements in a row.
ExprPtr sorted(FunctionChecker& c, ArrayArguments given, int function, Kind result) {
  const Span span = given.span();
  const ast::Expr* kind = given.options[1];
  if (kind && !is_none(kind) && !is_kind_of_sort(*kind))
    return c.bad_argument(given.site, "kind=\"stable\", or another of NumPy's kinds", c.check(*kind)->type, kind->span);
  int axis = given.rank() - 1;
  if (given.options[0] && is_none(given.options[0])) {
    given.array = flatten(c, std::move(given.array), span);
    axis = 0;
  } else if (given.options[0]) {
    std::optional<int> wanted = constant_axis(c, *given.options[0], given.rank());
    if (!wanted) return c.invalid(span);
    axis = *wanted;
  }
  const Type type = result == Kind::None ? Type(result) : Type::array(result, given.rank(), Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  args.push_back(c.int_constant(axis, span));
  return array_call(c, function, type, span, std::move(args));
}

// The value below which the share `q` of the elements lies, by linear interpolation.
enum class Share { Quantile, Median, Percentile };  // the numbers of the runtime's function

ExprPtr quantile(FunctionChecker& c, ArrayArguments given, ExprPtr q, Share what) {
  const Span span = given.span();
  if (Type(given.array->type.dtype()).is_complex()) return c.bad_argument(given.site, "real numbers", given.array->type, span);
  std::vector<ExprPtr> args;
  args.push_back(c.convert_elements(std::move(given.array), Kind::F64, span));
  args.push_back(std::move(q));
  args.push_back(c.int_constant(static_cast<std::int64_t>(what), span));
  return array_call(c, KJIT_ARRAY_Quantile, Type(Kind::F64).as_numpy(), span, std::move(args));
}

// F64, or a vector; of an unknown type if it was refused.
ExprPtr checked_share(FunctionChecker& c, const ArrayArguments& given) {
  ExprPtr q = value_or_list(c, *given.options[0]);
  if (q->type.is_unknown()) return q;
  if (q->type.is_array() && q->type.rank() == 1 && !Type(q->type.dtype()).is_complex()) return q;
  if (!q->type.is_scalar() || q->type.is_complex())
    return c.bad_argument(given.site, "a real number or a vector of them", q->type, q->span);
  return c.convert(std::move(q), Kind::F64);
}

}  // namespace

ExprPtr array_sort(FunctionChecker& c, ArrayArguments given) {
  const bool in_place = given.site.path.empty();  // a.sort()
  const Kind result = in_place ? Kind::None : given.array->type.dtype();
  return sorted(c, std::move(given), in_place ? KJIT_ARRAY_SortInPlace : KJIT_ARRAY_Sort, result);
}

ExprPtr array_argsort(FunctionChecker& c, ArrayArguments given) {
  return sorted(c, std::move(given), KJIT_ARRAY_Argsort, Kind::I64);
}

ExprPtr array_searchsorted(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  bool right = false;
  if (!is_none(given.options[1])) {
    const auto* text = std::get_if<ast::StringLiteral>(&given.options[1]->node);
    right = text && text->value == "right";
    if (!right && (!text || text->value != "left")) {
      return c.bad_argument(given.site, "side=\"left\" or \"right\"", text ? Kind::Str : Kind::None, given.options[1]->span);
    }
  }
  ExprPtr wanted = c.check(*given.options[0]);
  if (wanted->type.is_unknown()) return c.invalid(span);
  const Type element = wanted->type.is_array() ? Type(wanted->type.dtype()) : wanted->type;
  if (given.rank() != 1) return c.bad_argument(given.site, "a vector", given.array->type, span);
  if (!element.is_scalar()) return c.bad_argument(given.site, "numbers", wanted->type, span);
  NpOperand sought = np_operand(wanted->type);
  if (Type(given.array->type.dtype()).is_integer()) sought.weak = false;  // an integer that the array cannot hold is beyond all
  const Kind common = np_common(np_operand(given.array->type), sought);
  const bool many = wanted->type.is_array();
  const Type type = many ? Type::array(Kind::I64, wanted->type.rank(), Layout::C) : Type(Kind::I64).as_numpy();
  std::vector<ExprPtr> args;
  args.push_back(c.convert_elements(std::move(given.array), common, span));
  args.push_back(many ? c.convert_elements(std::move(wanted), common, span) : c.convert(std::move(wanted), common));
  args.push_back(c.int_constant(right ? 1 : 0, span));
  return array_call(c, KJIT_ARRAY_SearchSorted, type, span, std::move(args));
}

ExprPtr array_unique(FunctionChecker& c, ArrayArguments given) {
  const Type type = Type::array(given.array->type.dtype(), 1, Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  return array_call(c, KJIT_ARRAY_Unique, type, given.span(), std::move(args));
}

namespace {

bool is_given(const ArrayArguments& given, std::string_view option) { return given.option(option) != nullptr; }

// Along an axis, of several shares, or of float32: the functions of the prelude.
ExprPtr quantile_along(FunctionChecker& c, ArrayArguments given, ExprPtr q, std::string_view function) {
  const Span span = given.span();
  const ast::Expr *axis_given = given.option("axis"), *keep_given = given.option("keepdims");
  if (Type(given.array->type.dtype()).is_complex()) return c.bad_argument(given.site, "real numbers", given.array->type, span);
  const int rank = given.rank();
  const bool whole = is_none(axis_given);
  std::optional<int> axis = whole ? 0 : constant_axis(c, *axis_given, rank);
  ExprPtr keep = is_none(keep_given) ? c.bool_constant(false, span) : c.check_condition(*keep_given);
  const std::optional<bool> keepdims = c.bool_value(*keep);
  if (!axis || keep->type.is_unknown()) return c.invalid(span);
  if (!keepdims) return c.bad_argument(given.site, "True or False as keepdims", keep->type, span);
  if (whole) given.array = flatten(c, std::move(given.array), span);
  std::vector<ExprPtr> args;
  args.push_back(with_axis_moved(c, std::move(given.array), *axis, whole ? 0 : rank - 1, span));
  if (q) args.push_back(std::move(q));
  ExprPtr result = call_prelude_function(c, function, std::move(args), span);
  if (result->type.is_unknown() || !*keepdims) return result;
  return keep_folded_axis(c, std::move(result), rank, whole ? -1 : *axis, span);
}

bool needs_lines(const ArrayArguments& given) {
  return is_given(given, "axis") || is_given(given, "keepdims") || given.array->type.dtype() == Kind::F32;
}

}  // namespace

ExprPtr array_median(FunctionChecker& c, ArrayArguments given) {
  if (needs_lines(given)) return quantile_along(c, std::move(given), nullptr, "median");
  ExprPtr half = c.float_constant(0.5, given.span());
  return quantile(c, std::move(given), std::move(half), Share::Median);
}

ExprPtr array_percentile(FunctionChecker& c, ArrayArguments given) {
  ExprPtr q = checked_share(c, given);
  if (q->type.is_unknown()) return c.invalid(given.span());
  if (q->type.is_array() || needs_lines(given)) return quantile_along(c, std::move(given), std::move(q), "percentile");
  const Span span = given.span();
  q = c.make(Kind::F64, span, typed::Binary{typed::BinaryOp::TrueDiv, std::move(q), c.float_constant(100.0, span)});
  return quantile(c, std::move(given), std::move(q), Share::Percentile);
}

ExprPtr array_quantile(FunctionChecker& c, ArrayArguments given) {
  ExprPtr q = checked_share(c, given);
  if (q->type.is_unknown()) return c.invalid(given.span());
  if (q->type.is_array() || needs_lines(given)) return quantile_along(c, std::move(given), std::move(q), "quantile");
  return quantile(c, std::move(given), std::move(q), Share::Quantile);
}

ExprPtr array_bincount(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  if (given.rank() != 1 || !Type(given.array->type.dtype()).is_integer()) {
    return c.bad_argument(given.site, "a vector of integers", given.array->type, span);
  }
  ExprPtr weights = is_none(given.options[0]) ? nullptr : value_or_list(c, *given.options[0]);
  ExprPtr least = is_none(given.options[1]) ? c.int_constant(0, span) : c.argument_i64(given.site, c.check(*given.options[1]));
  if (least->type.is_unknown() || (weights && weights->type.is_unknown())) return c.invalid(span);
  if (weights) {
    if (!weights->type.is_array()) return c.bad_argument(given.site, "a vector of weights", weights->type, weights->span);
    std::vector<ExprPtr> values;
    values.push_back(std::move(given.array));
    values.push_back(std::move(weights));
    values.push_back(std::move(least));
    return call_prelude_function(c, "weighted_bincount", std::move(values), span);
  }
  std::vector<ExprPtr> args;
  args.push_back(c.convert_elements(std::move(given.array), Kind::I64, span));
  args.push_back(std::move(least));
  return array_call(c, KJIT_ARRAY_Bincount, Type::array(Kind::I64, 1, Layout::C), span, std::move(args));
}

}  // namespace kjit
