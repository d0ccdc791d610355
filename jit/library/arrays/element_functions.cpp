// NumPy's element functions on whole arrays. One is applied to scalars that stand for the elements: what the library knows about
// a function of numbers holds for arrays, too. Entry: call_on_arrays.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/element_functions.h"
#include "library/library.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"
#include "typing/tree/signature.h"

namespace kjit {

namespace {

using typed::BinaryOp;
using typed::CompareOp;

// ---- the table ---------------------------------------------------

template <typename Op>
ElementRow of_two(std::string_view path, ElementHandler handler, Op op) {
  return {path, 2, handler, static_cast<int>(op)};
}

ElementRow with_parameters(std::string_view path, ElementHandler handler, std::vector<std::string_view> parameters) {
  return {path, 0, handler, 0, Keeps::Nothing, std::move(parameters)};
}

ElementRow keeping(std::string_view path, Keeps kept) { return {path, 0, element_lifted, 0, kept}; }

const std::vector<ElementRow>& rows() {
  static const std::vector<ElementRow> kRows = {
      of_two("numpy.add", element_operator, BinaryOp::Add),
      of_two("numpy.subtract", element_operator, BinaryOp::Sub),
      of_two("numpy.multiply", element_operator, BinaryOp::Mul),
      of_two("numpy.divide", element_operator, BinaryOp::TrueDiv),
      of_two("numpy.true_divide", element_operator, BinaryOp::TrueDiv),
      of_two("numpy.floor_divide", element_operator, BinaryOp::FloorDiv),
      of_two("numpy.mod", element_operator, BinaryOp::Mod),
      of_two("numpy.remainder", element_operator, BinaryOp::Mod),
      of_two("numpy.power", element_operator, BinaryOp::Pow),
      of_two("numpy.bitwise_and", element_operator, BinaryOp::BitAnd),
      of_two("numpy.bitwise_or", element_operator, BinaryOp::BitOr),
      of_two("numpy.bitwise_xor", element_operator, BinaryOp::BitXor),
      of_two("numpy.left_shift", element_operator, BinaryOp::Shl),
      of_two("numpy.right_shift", element_operator, BinaryOp::Shr),
      of_two("numpy.equal", element_comparison, CompareOp::Eq),
      of_two("numpy.not_equal", element_comparison, CompareOp::Ne),
      of_two("numpy.less", element_comparison, CompareOp::Lt),
      of_two("numpy.less_equal", element_comparison, CompareOp::Le),
      of_two("numpy.greater", element_comparison, CompareOp::Gt),
      of_two("numpy.greater_equal", element_comparison, CompareOp::Ge),
      of_two("numpy.logical_and", element_logic, BinaryOp::BitAnd),
      of_two("numpy.logical_or", element_logic, BinaryOp::BitOr),
      of_two("numpy.logical_xor", element_logic, BinaryOp::BitXor),
      of_two("numpy.gcd", element_divisor, Builtin::Gcd),
      of_two("numpy.lcm", element_divisor, Builtin::Lcm),
      {"numpy.fmod", 2, element_fmod},
      {"numpy.logical_not", 1, element_not},
      {"numpy.reciprocal", 1, element_reciprocal},
      {"numpy.where", 3, element_where, 0, Keeps::Nothing, {}, true},
      with_parameters("numpy.clip", element_clip, {"a", "a_min", "a_max"}),
      with_parameters("numpy.round", element_round, {"a", "decimals"}),
      with_parameters("numpy.around", element_round, {"a", "decimals"}),
      keeping("numpy.floor", Keeps::Both),
      keeping("numpy.ceil", Keeps::Both),
      keeping("numpy.trunc", Keeps::Both),
      keeping("builtins.abs", Keeps::Bools),
      keeping("numpy.abs", Keeps::Bools),
      keeping("numpy.absolute", Keeps::Bools),
      keeping("numpy.conj", Keeps::Integers),
      keeping("numpy.conjugate", Keeps::Integers),
      {"numpy.fmin", 0, element_lifted},
      {"numpy.fmax", 0, element_lifted},
      {"numpy.square", 0, element_lifted},
  };
  return kRows;
}

// Null: no element function. What is one of numbers needs no row.
const ElementRow* find_row(std::string_view path) {
  const auto found = std::find_if(rows().begin(), rows().end(), [&](const ElementRow& row) { return row.path == path; });
  if (found != rows().end()) return &*found;
  static const ElementRow kOfNumbers = {"", 0, element_lifted};
  return library().category(path) == PathCategory::Element ? &kOfNumbers : nullptr;
}

// Operators of one operand: of arrays alone.
struct UnaryRow {
  std::string_view path;
  ast::UnaryOp op;
};
constexpr UnaryRow kUnary[] = {
    {"numpy.negative", ast::UnaryOp::Minus},
    {"numpy.positive", ast::UnaryOp::Plus},
    {"numpy.invert", ast::UnaryOp::Invert},
    {"numpy.bitwise_not", ast::UnaryOp::Invert},
};

// ---- one call ----------------------------------------------------

struct ElementArguments {
  std::vector<const ast::Expr*> values;
  std::vector<bool> given;
  const ast::Expr* out = nullptr;
};

// Empty: reported.
std::optional<ElementArguments> named_arguments(FunctionChecker& c, const CallSite& site,
                                                std::vector<std::string_view> parameters) {
  ElementArguments arguments;
  parameters.push_back("out");
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, std::move(parameters));
  if (!taken) return std::nullopt;
  arguments.out = taken->back();
  taken->pop_back();
  for (const ast::Expr* value : *taken) {
    arguments.given.push_back(!is_none(value));
    if (arguments.given.back()) arguments.values.push_back(value);
  }
  return arguments;
}

// By position, and out=. Empty: reported.
std::optional<ElementArguments> take_arguments(FunctionChecker& c, const CallSite& site) {
  ElementArguments arguments;
  for (const ast::ExprPtr& arg : site.call.args) arguments.values.push_back(arg.get());
  for (const ast::Keyword& keyword : site.call.keywords) {
    if (keyword.name == "out") {
      arguments.out = keyword.value.get();
      continue;
    }
    c.report<DiagId::E0602>(keyword.name_span, site.name, keyword.name).suggest("give the value by position");
    return std::nullopt;
  }
  return arguments;
}

// Into the array given as out=.
ExprPtr store_result(FunctionChecker& c, ExprPtr result, const ast::Expr& target, Span span) {
  ExprPtr out = c.check(target);
  if (out->type.is_unknown() || result->type.is_unknown()) return c.invalid(span);
  if (!out->type.is_array()) {
    c.report<DiagId::E0606>(out->span, "out", "an array", to_string(out->type));
    return c.invalid(span);
  }
  ExprPtr held = c.is_trivial(*out) ? std::move(out) : c.hold(std::move(out));
  const Kind dtype = held->type.dtype();
  if (!np_same_kind(result->type.is_array() ? result->type.dtype() : result->type.kind(), dtype)) {
    c.report<DiagId::E0706>(span, to_string(result->type), to_string(Type(dtype))).suggest("NumPy refuses this, too");
    return c.invalid(span);
  }
  result = result->type.is_array() ? c.convert_elements(std::move(result), dtype, span) : c.convert(std::move(result), dtype);
  c.emit(span, typed::AssignView{std::move(result), c.whole_view(c.clone(*held), span)});
  return held;
}

// A loop over the elements, with a body made of numbers that stand for them.
ExprPtr apply_to_elements(FunctionChecker& c, std::vector<ExprPtr> values, Span span,
                          const std::function<ExprPtr(std::vector<ExprPtr> bodies)>& body) {
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  ExprPtr result = body(std::move(parts.bodies));
  return c.finish_loop(std::move(parts), std::move(result), span);
}

bool all_whole(const std::vector<ExprPtr>& values) {
  return std::ranges::all_of(values, [](const ExprPtr& value) { return value->type.is_integer() || value->type.is(Kind::Bool); });
}

bool is_number_or_array(const Type& type) { return type.is_array() || type.is_scalar(); }

// Null: of numbers alone, which the library has a form for; they are kept for it.
ExprPtr call_elementwise(FunctionChecker& c, const CallSite& site, const ElementRow& row) {
  const Span span = site.span();
  std::optional<ElementArguments> taken =
      row.parameters.empty() ? take_arguments(c, site) : named_arguments(c, site, row.parameters);
  if (!taken) return c.invalid(span);
  std::vector<ExprPtr> values;
  bool known = true, arrays = false;
  for (const ast::Expr* arg : taken->values) {
    values.push_back(c.check(*arg));
    known = known && !values.back()->type.is_unknown();
    arrays = arrays || values.back()->type.is_array();
  }
  if (!known) return c.invalid(span);
  const bool has_scalar_form = row.handler != element_fmod || !all_whole(values);
  if (!arrays && !taken->out && has_own_form(site.path) && has_scalar_form) {
    for (std::size_t i = 0; i < values.size(); ++i) c.keep(*taken->values[i], std::move(values[i]));
    return nullptr;
  }
  const bool has_first = !values.empty() && (taken->given.empty() || taken->given[0]);  // None stands for what is not given
  if (!has_first) return c.bad_argument(site, "numbers or arrays", Kind::None, span);
  for (const ExprPtr& value : values) {
    if (!is_number_or_array(value->type)) return c.bad_argument(site, "numbers or arrays", value->type, span);
  }
  if (row.arity != 0 && values.size() != row.arity) {
    c.report<DiagId::E0601>(span, site.name, row.arity, values.size());
    return c.invalid(span);
  }
  const bool is_power = row.handler == element_operator && row.op == static_cast<int>(BinaryOp::Pow);
  if (is_power) values[1] = c.checked_exponents(values[0]->type, std::move(values[1]), span);
  const auto apply = [&](std::vector<ExprPtr> bodies) { return row.handler(c, {site, row, std::move(bodies), taken->given}); };
  ExprPtr result = arrays ? apply_to_elements(c, std::move(values), span, apply) : apply(std::move(values));
  if (!arrays) result->type = result->type.as_numpy();
  return taken->out ? store_result(c, std::move(result), *taken->out, span) : std::move(result);
}

ExprPtr call_unary(FunctionChecker& c, const CallSite& site, ast::UnaryOp op) {
  std::optional<ElementArguments> taken = take_arguments(c, site);
  if (!taken) return c.invalid(site.span());
  if (taken->values.size() != 1) return c.bad_argument(site, "an array", Kind::None, site.span());
  ExprPtr array = c.check(*taken->values[0]);
  if (array->type.is_unknown()) return array;
  if (!array->type.is_array()) return c.bad_argument(site, "an array", array->type, site.span());
  ExprPtr result = c.array_unary(op, std::move(array), site.span());
  return taken->out ? store_result(c, std::move(result), *taken->out, site.span()) : std::move(result);
}

}  // namespace

// Null: not a function of arrays; its arguments, if they were checked, are kept for the one that is meant.
ExprPtr call_on_arrays(FunctionChecker& c, const CallSite& site) {
  const auto* unary =
      std::find_if(std::begin(kUnary), std::end(kUnary), [&](const UnaryRow& known) { return known.path == site.path; });
  if (unary != std::end(kUnary)) return call_unary(c, site, unary->op);
  const ElementRow* row = find_row(site.path);
  if (row && !(row->has_array_form && site.call.args.size() == 1)) return call_elementwise(c, site, *row);
  const bool of_numpy = site.path.starts_with("numpy.") && site.path.substr(6) == site.name;
  return of_numpy ? call_array_function(c, site) : nullptr;
}

// ---- methods -----------------------------------------------------

namespace {

// The array, and what is given of the method's parameters. Empty: reported.
std::optional<ElementArguments> method_arguments(FunctionChecker& c, const CallSite& site, std::vector<ExprPtr>& values,
                                                 std::vector<std::string_view> parameters) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, std::move(parameters));
  if (!taken) return std::nullopt;
  ElementArguments arguments;
  for (const ast::Expr* option : *taken) {
    arguments.given.push_back(!is_none(option));
    if (!arguments.given.back()) continue;
    values.push_back(c.check(*option));
    if (values.back()->type.is_unknown()) return std::nullopt;
    if (is_number_or_array(values.back()->type)) continue;
    c.bad_argument(site, "numbers", values.back()->type, values.back()->span);
    return std::nullopt;
  }
  return arguments;
}

ExprPtr element_method(FunctionChecker& c, const CallSite& site, ExprPtr& array, std::vector<std::string_view> parameters,
                       const std::function<ExprPtr(std::vector<ExprPtr> bodies, std::vector<bool> given)>& body) {
  std::vector<ExprPtr> values;
  values.push_back(std::move(array));
  std::optional<ElementArguments> taken = method_arguments(c, site, values, std::move(parameters));
  if (!taken) return c.invalid(site.span());
  return apply_to_elements(c, std::move(values), site.span(),
                           [&](std::vector<ExprPtr> bodies) { return body(std::move(bodies), taken->given); });
}

}  // namespace

ExprPtr clip_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  static const ElementRow kClip = {"", 0, element_clip};
  return element_method(c, site, array, {"min", "max"}, [&](std::vector<ExprPtr> bodies, std::vector<bool> given) {
    return element_clip(c, {site, kClip, std::move(bodies), {true, given[0], given[1]}});
  });
}

ExprPtr round_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  static const ElementRow kRound = {"", 0, element_round};
  return element_method(c, site, array, {"decimals"}, [&](std::vector<ExprPtr> bodies, std::vector<bool> given) {
    return element_round(c, {site, kRound, std::move(bodies), std::move(given)});
  });
}

ExprPtr conjugate_method(FunctionChecker& c, const CallSite& site, ExprPtr& array) {
  return element_method(c, site, array, {}, [&](std::vector<ExprPtr> bodies, std::vector<bool>) {
    const Type type = bodies[0]->type;
    return type.is_complex() ? c.builtin_call(Builtin::Conjugate, type, site.span(), std::move(bodies)) : std::move(bodies[0]);
  });
}

// A name that only arrays have.
ExprPtr call_array_only(FunctionChecker& c, const CallSite& site) {
  return c.bad_argument(site, "an array", Kind::None, site.span());
}

bool has_own_form(std::string_view path) {
  const PathRow* row = library().find(path);
  return row && row->handler != call_array_only;
}

}  // namespace kjit
