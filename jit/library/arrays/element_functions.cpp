// NumPy's functions on whole arrays. An element function is applied to scalars that stand for the elements (lift): what
// check_builtin_*.cpp knows about a function of numbers holds for arrays, too. Entries: call_on_arrays, is_array_function.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/handlers.h"
#include "library/library.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"
#include "typing/check/checker.h"
#include "typing/tree/signature.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

using typed::BinaryOp;
using typed::CompareOp;

struct OperatorName {
  std::string_view name;
  BinaryOp op;
};
constexpr OperatorName kOperators[] = {
    {"add", BinaryOp::Add},
    {"subtract", BinaryOp::Sub},
    {"multiply", BinaryOp::Mul},
    {"divide", BinaryOp::TrueDiv},
    {"true_divide", BinaryOp::TrueDiv},
    {"floor_divide", BinaryOp::FloorDiv},
    {"mod", BinaryOp::Mod},
    {"remainder", BinaryOp::Mod},
    {"power", BinaryOp::Pow},
    {"bitwise_and", BinaryOp::BitAnd},
    {"bitwise_or", BinaryOp::BitOr},
    {"bitwise_xor", BinaryOp::BitXor},
    {"left_shift", BinaryOp::Shl},
    {"right_shift", BinaryOp::Shr},
};

struct ComparisonName {
  std::string_view name;
  CompareOp op;
};
constexpr ComparisonName kComparisons[] = {
    {"equal", CompareOp::Eq},      {"not_equal", CompareOp::Ne}, {"less", CompareOp::Lt},
    {"less_equal", CompareOp::Le}, {"greater", CompareOp::Gt},   {"greater_equal", CompareOp::Ge},
};

struct LogicName {
  std::string_view name;
  BinaryOp op;
};
constexpr LogicName kLogic[] = {
    {"logical_and", BinaryOp::BitAnd}, {"logical_or", BinaryOp::BitOr}, {"logical_xor", BinaryOp::BitXor}};

// Functions of numbers with handlers of their own that are applied element by element.
constexpr std::string_view kLifted[] = {"isnan",   "isinf", "isfinite", "abs",    "absolute",  "minimum", "maximum",
                                        "fmin",    "fmax",  "sign",     "square", "deg2rad",   "rad2deg", "degrees",
                                        "radians", "round", "around",   "conj",   "conjugate", "angle"};

template <typename Row, std::size_t N>
const Row* find_row(const Row (&rows)[N], std::string_view name) {
  const auto* found = std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.name == name; });
  return found == std::end(rows) ? nullptr : found;
}

bool is_lifted(std::string_view path, std::string_view name) {
  if (path == "builtins.abs") return true;
  if (!path.starts_with("numpy.") || path.starts_with("numpy.random.")) return false;
  return kjit::library().category(path) == PathCategory::Element ||
         std::find(std::begin(kLifted), std::end(kLifted), name) != std::end(kLifted);
}

bool is_elementwise(std::string_view path, std::string_view name) {
  if (is_lifted(path, name)) return true;
  if (!path.starts_with("numpy.") || path.substr(6) != name) return false;
  return find_row(kOperators, name) || find_row(kComparisons, name) || find_row(kLogic, name) || name == "where" ||
         name == "clip" || name == "negative" || name == "positive" || name == "invert" || name == "bitwise_not" ||
         name == "logical_not" || name == "reciprocal";
}

}  // namespace

// ---- element functions -------------------------------------------

// The function of numbers of the site, applied to `bodies` instead of its arguments.
FunctionChecker::ExprPtr FunctionChecker::call_scalar_form(const CallSite& site, std::vector<ExprPtr> bodies) {
  for (std::size_t i = 0; i < bodies.size(); ++i) checked_[site.call.args[i].get()] = std::move(bodies[i]);
  const PathRow* row = library().find(site.path);
  KJIT_ASSERT(row && row->handler, "a lifted function has a form for numbers");
  return row->handler(*this, {site.expr, site.call, site.path, site.name, row});
}

// A row that is an element function, with NumPy's types: narrow integers are computed in F32.
FunctionChecker::ExprPtr FunctionChecker::call_element_form(const CallSite& site, const PathRow& row,
                                                            std::vector<ExprPtr> bodies) {
  NpOperand common = np_operand(bodies[0]->type);
  for (const ExprPtr& body : bodies) {
    const NpOperand next = np_operand(body->type);
    common = {np_common(common, next), common.weak && next.weak};
  }
  std::optional<ElementForm> form = element_form(row.rows(), common.kind);
  if (!form) return bad_argument(site, "other numbers", common.kind, site.span());
  const bool narrow = form->operand == Kind::F64 && np_float_for(common.kind) == Kind::F32;
  const bool takes_single = builtin_row(form->builtin).signature.starts_with('F');  // others are computed as F64 and rounded
  const bool single = common.kind == Kind::C64 && form->operand == Kind::C128;
  const Kind operand = narrow && takes_single ? Kind::F32 : form->operand;
  const Kind result = operand == Kind::F32 && form->result == Kind::F64 ? Kind::F32 : form->result;
  for (ExprPtr& body : bodies) body = convert(std::move(body), operand);
  ExprPtr value = builtin_call(form->builtin, result, site.span(), std::move(bodies));
  if (narrow && result == Kind::F64) return convert(std::move(value), Kind::F32);
  return single && result == Kind::C128 ? convert(std::move(value), Kind::C64) : std::move(value);
}

FunctionChecker::ExprPtr FunctionChecker::lifted_body(const CallSite& site, std::vector<ExprPtr> bodies) {
  const Span span = site.span();
  const bool integer = bodies[0]->type.is_integer() || bodies[0]->type.is(Kind::Bool);
  const bool whole = site.name == "floor" || site.name == "ceil" || site.name == "trunc";
  const bool keeps = bodies[0]->type.is(Kind::Bool) ? site.name.starts_with("abs") : site.name.starts_with("conj");
  if (integer && (whole || keeps)) return std::move(bodies[0]);
  const Kind before = bodies[0]->type.kind();
  if ((site.name == "round" || site.name == "around") && bodies[0]->type.is_float() &&
      (bodies.size() == 1 || int_value(*bodies[1]) == 0)) {
    bodies.resize(1);
    return builtin_call(Builtin::Rint, before, span, std::move(bodies));
  }
  const PathRow* row = library().find(site.path);
  if (row && row->category == PathCategory::Element) {
    const std::string_view signature = builtin_row(row->builtins[0]).signature;
    if (bodies.size() != signature.find('>')) {
      report<DiagId::E0601>(span, site.name, signature.find('>'), bodies.size());
      return invalid(span);
    }
    return call_element_form(site, *row, std::move(bodies));
  }
  if (bodies.size() == 2 && site.name != "round" && site.name != "around") {
    const Kind common = np_common(np_operand(bodies[0]->type), np_operand(bodies[1]->type));
    for (ExprPtr& body : bodies) body = convert(std::move(body), common);
  }
  ExprPtr result = call_scalar_form(site, std::move(bodies));
  if (before == Kind::F32 && result->type.is(Kind::F64)) return convert(std::move(result), Kind::F32);
  if (before == Kind::C64 && result->type.is(Kind::C128)) return convert(std::move(result), Kind::C64);
  return result;
}

FunctionChecker::ExprPtr FunctionChecker::element_where(std::vector<ExprPtr> bodies, Span span) {
  const Kind common = np_common(np_operand(bodies[1]->type), np_operand(bodies[2]->type));
  ExprPtr condition = truth(std::move(bodies[0]));
  ExprPtr then = convert(std::move(bodies[1]), common), otherwise = convert(std::move(bodies[2]), common);
  return make(common, span, typed::Conditional{std::move(condition), std::move(then), std::move(otherwise)});
}

FunctionChecker::ExprPtr FunctionChecker::element_clip(std::vector<ExprPtr> bodies, const std::vector<bool>& given, Span span) {
  NpOperand common = np_operand(bodies[0]->type);
  for (std::size_t i = 1; i < bodies.size(); ++i) common = {np_common(common, np_operand(bodies[i]->type)), false};
  ExprPtr value = convert(std::move(bodies[0]), common.kind);
  std::size_t next = 1;
  for (std::size_t side = 0; side < 2; ++side) {
    if (!given[side]) continue;
    std::vector<ExprPtr> pair;
    pair.push_back(std::move(value));
    pair.push_back(convert(std::move(bodies[next++]), common.kind));
    value = builtin_call(side == 0 ? Builtin::Maximum : Builtin::Minimum, common.kind, span, std::move(pair));
  }
  return value;
}

FunctionChecker::ExprPtr FunctionChecker::element_call(const CallSite& site, std::vector<ExprPtr> bodies) {
  const Span span = site.span();
  const std::size_t wanted = find_row(kOperators, site.name) || find_row(kComparisons, site.name) || find_row(kLogic, site.name)
                                 ? 2
                             : site.name == "where"                                    ? 3
                             : site.name == "logical_not" || site.name == "reciprocal" ? 1
                                                                                       : 0;
  if (wanted != 0 && bodies.size() != wanted) {
    report<DiagId::E0601>(span, site.name, wanted, bodies.size());
    return invalid(span);
  }
  if (site.path != "builtins.abs") {
    if (const auto* row = find_row(kOperators, site.name)) {
      return element_binary(row->op, std::move(bodies[0]), std::move(bodies[1]), span);
    }
    if (const auto* row = find_row(kComparisons, site.name)) {
      return element_compare(row->op, std::move(bodies[0]), std::move(bodies[1]), span);
    }
    if (const auto* row = find_row(kLogic, site.name)) {
      ExprPtr lhs = truth(std::move(bodies[0])), rhs = truth(std::move(bodies[1]));
      return make(Kind::Bool, span, typed::Binary{row->op, std::move(lhs), std::move(rhs)});
    }
    if (site.name == "where") return element_where(std::move(bodies), span);
    if (site.name == "logical_not") return make(Kind::Bool, span, typed::Unary{typed::UnaryOp::Not, truth(std::move(bodies[0]))});
    if (site.name == "reciprocal") {
      if (bodies[0]->type.is(Kind::Bool)) bodies[0] = convert(std::move(bodies[0]), Kind::I8);  // as NumPy does
      ExprPtr one = convert(int_constant(1, span), bodies[0]->type.kind());
      const BinaryOp op = bodies[0]->type.is_integer() ? BinaryOp::FloorDiv : BinaryOp::TrueDiv;
      Type type = bodies[0]->type;
      return make(type, span, typed::Binary{op, std::move(one), std::move(bodies[0])});
    }
  }
  return lifted_body(site, std::move(bodies));
}

// Into the array given as out=.
FunctionChecker::ExprPtr FunctionChecker::store_result(ExprPtr result, const ast::Expr& target, Span span) {
  ExprPtr out = check(target);
  if (out->type.is_unknown() || result->type.is_unknown()) return invalid(span);
  if (!out->type.is_array()) {
    report<DiagId::E0606>(out->span, "out", "an array", to_string(out->type));
    return invalid(span);
  }
  ExprPtr held = is_trivial(*out) ? std::move(out) : hold(std::move(out));
  const Kind dtype = held->type.dtype();
  if (!np_same_kind(result->type.is_array() ? result->type.dtype() : result->type.kind(), dtype)) {
    report<DiagId::E0706>(span, to_string(result->type), to_string(Type(dtype))).suggest("NumPy refuses this, too");
    return invalid(span);
  }
  result = result->type.is_array() ? convert_elements(std::move(result), dtype, span) : convert(std::move(result), dtype);
  emit(span, typed::AssignView{std::move(result), whole_view(clone(*held), span)});
  return held;
}

FunctionChecker::ExprPtr FunctionChecker::call_elementwise(const CallSite& site) {
  const Span span = site.span();
  const ast::Expr* out = nullptr;
  std::vector<const ast::Expr*> given;
  for (const ast::ExprPtr& arg : site.call.args) given.push_back(arg.get());
  std::vector<bool> limits = {true, true};
  if (site.name == "clip") {
    std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"a", "a_min", "a_max", "out"});
    if (!taken) return invalid(span);
    given = {(*taken)[0]};
    for (std::size_t side = 0; side < 2; ++side) {
      const ast::Expr* limit = (*taken)[1 + side];
      limits[side] = limit && !std::holds_alternative<ast::NoneLiteral>(limit->node);
      if (limits[side]) given.push_back(limit);
    }
    out = (*taken)[3];
  } else {
    for (const ast::Keyword& keyword : site.call.keywords) {
      if (keyword.name == "out") out = keyword.value.get();
    }
    if (site.call.keywords.size() != (out ? 1 : 0)) return nullptr;  // the form for scalars reports it
  }
  std::vector<ExprPtr> values;
  bool known = true, arrays = false, scalars = true;
  for (const ast::Expr* arg : given) {
    values.push_back(check(*arg));
    known = known && !values.back()->type.is_unknown();
    arrays = arrays || values.back()->type.is_array();
    scalars = scalars && (values.back()->type.is_array() || values.back()->type.is_scalar());
  }
  if (!known) return invalid(span);
  const bool has_scalar_form = has_own_form(site.path);
  if (!arrays && !out && has_scalar_form) {
    for (std::size_t i = 0; i < given.size(); ++i) checked_[given[i]] = std::move(values[i]);
    return nullptr;
  }
  if (!scalars || values.empty())
    return bad_argument(site, "numbers or arrays", values.empty() ? Type(Kind::None) : values[0]->type, span);
  for (const ExprPtr& value : values) {
    const Type type = value->type.is_array() ? Type(value->type.dtype()) : value->type;
    if (site.name == "clip" && type.is_complex()) return bad_argument(site, "real numbers", value->type, value->span);
  }
  const auto apply = [&](std::vector<ExprPtr> bodies) {
    return site.name == "clip" ? element_clip(std::move(bodies), limits, span) : element_call(site, std::move(bodies));
  };
  const bool unary = site.name == "negative" || site.name == "positive" || site.name == "invert" || site.name == "bitwise_not";
  if (!arrays && !unary) {
    ExprPtr result = apply(std::move(values));
    result->type = result->type.as_numpy();
    return out ? store_result(std::move(result), *out, span) : std::move(result);
  }
  if (unary && (!arrays || values.size() != 1)) return bad_argument(site, "an array", values[0]->type, span);
  ExprPtr result;
  if (unary) {
    const ast::UnaryOp op = site.name == "negative"   ? ast::UnaryOp::Minus
                            : site.name == "positive" ? ast::UnaryOp::Plus
                                                      : ast::UnaryOp::Invert;
    result = array_unary(op, std::move(values[0]), span);
  } else {
    LoopParts parts = loop_parts(std::move(values));
    ExprPtr body = apply(std::move(parts.bodies));
    result = finish_loop(std::move(parts), std::move(body), span);
  }
  return out ? store_result(std::move(result), *out, span) : std::move(result);
}

// Null: not a function of arrays; its arguments, if they were checked, are kept for the one that is meant.
FunctionChecker::ExprPtr FunctionChecker::call_on_arrays(const CallSite& site) {
  if (site.path == "numpy.linalg.norm") return kjit::norm(*this, site);
  if (site.path == "numpy.degrees") return call_elementwise({site.expr, site.call, "numpy.rad2deg", "rad2deg"});
  if (site.path == "numpy.radians") return call_elementwise({site.expr, site.call, "numpy.deg2rad", "deg2rad"});
  if (site.name == "where" && site.path == "numpy.where" && site.call.args.size() == 1) return call_array_function(site);
  if (is_elementwise(site.path, site.name)) return call_elementwise(site);
  return call_array_function(site);
}

bool is_element_function(std::string_view path) { return path.starts_with("numpy.") && is_elementwise(path, path.substr(6)); }

// A name that only arrays have.
ExprPtr call_array_only(FunctionChecker& c, const CallSite& site) {
  return c.bad_argument(site, "an array", Kind::None, site.span());
}

bool has_own_form(std::string_view path) {
  const PathRow* row = library().find(path);
  return row && row->handler != call_array_only;
}

}  // namespace kjit
