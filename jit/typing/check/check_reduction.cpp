// Reductions of whole arrays, and the methods of arrays, strings and numbers. Entries: call_array_reduction, method_call.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::call_array_reduction(const CallSite& site) {
  bool variance = site.name == "var" || site.name == "std";
  std::optional<std::vector<const ast::Expr*>> taken = variance ? take_args(site, 1, {"a", "ddof"}) : take_args(site, 1, {"a"});
  if (!taken) return invalid(site.span());
  const ast::Expr& source = *(*taken)[0];
  bool literal = std::holds_alternative<ast::List>(source.node) || std::holds_alternative<ast::Tuple>(source.node);
  ExprPtr value = literal ? array_literal(source, std::nullopt) : check(source);
  if (value->type.is_unknown()) return value;
  if (!value->type.is_array()) return bad_argument(site, "an array", value->type, value->span);
  if (site.path == "math.fsum") {
    if (value->type.rank() != 1) return bad_argument(site, "an array of one dimension", value->type, value->span);
    if (value->type.dtype() != Kind::F64) value = astype(std::move(value), Kind::F64, site.span());
    std::vector<ExprPtr> args;
    args.push_back(std::move(value));
    return builtin_call(Builtin::Fsum, Kind::F64, site.span(), std::move(args));
  }
  if (site.name == "count_nonzero") {
    return reduce_array("sum", astype(std::move(value), Kind::Bool, site.span()), site.span());
  }
  ExprPtr ddof = variance && (*taken)[1] ? argument_i64(site, check(*(*taken)[1])) : nullptr;
  std::string_view name = site.name == "amin" ? "min" : site.name == "amax" ? "max" : site.name == "average" ? "mean" : site.name;
  return reduce_array(name, std::move(value), site.span(), std::move(ddof));
}

namespace {

Kind sum_kind(Kind dtype) {
  if (dtype == Kind::Bool || Type(dtype).is_signed()) return Kind::I64;
  return Type(dtype).is_unsigned() ? Kind::U64 : dtype;
}

Kind mean_kind(Kind dtype) { return Type(dtype).is_float() || Type(dtype).is_complex() ? dtype : Kind::F64; }

Kind spread_kind(Kind dtype) { return Type(dtype).is_complex() ? real_part_kind(dtype) : mean_kind(dtype); }

struct Reduction {
  std::string_view name;
  Builtin builtin;
  Kind (*result)(Kind dtype);
};

constexpr Reduction kReductions[] = {
    {"sum", Builtin::ArraySum, sum_kind},
    {"prod", Builtin::ArrayProd, sum_kind},
    {"min", Builtin::ArrayMin, [](Kind dtype) { return dtype; }},
    {"max", Builtin::ArrayMax, [](Kind dtype) { return dtype; }},
    {"argmin", Builtin::ArrayArgmin, [](Kind) { return Kind::I64; }},
    {"argmax", Builtin::ArrayArgmax, [](Kind) { return Kind::I64; }},
    {"mean", Builtin::ArrayMean, mean_kind},
    {"var", Builtin::ArrayVar, spread_kind},
    {"std", Builtin::ArrayStd, spread_kind},
    {"any", Builtin::ArrayAny, [](Kind) { return Kind::Bool; }},
    {"all", Builtin::ArrayAll, [](Kind) { return Kind::Bool; }},
};

const Reduction* find_reduction(std::string_view name) {
  for (const Reduction& reduction : kReductions) {
    if (reduction.name == name) return &reduction;
  }
  return nullptr;
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::reduce_array(std::string_view function, ExprPtr array, Span span, ExprPtr ddof) {
  const Reduction* reduction = find_reduction(function);
  KJIT_ASSERT(reduction, "the callers pass names of this table");
  Kind result = reduction->result(array->type.dtype());
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  bool spread = reduction->builtin == Builtin::ArrayVar || reduction->builtin == Builtin::ArrayStd;
  if (spread) args.push_back(ddof ? std::move(ddof) : int_constant(0, span));
  return builtin_call(reduction->builtin, result, span, std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::call_dot(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 2, 2);
  if (!args) return invalid(site.span());
  for (const ExprPtr& arg : *args) {
    bool vector = arg->type.is_array() && arg->type.rank() == 1 && arg->type.dtype() != Kind::Bool;
    if (!vector) return bad_argument(site, "two vectors of numbers", arg->type, arg->span);
  }
  return dot(std::move((*args)[0]), std::move((*args)[1]), site.span());
}

FunctionChecker::ExprPtr FunctionChecker::dot(ExprPtr a, ExprPtr b, Span span) {
  std::optional<Kind> common = promote(a->type.dtype(), b->type.dtype());
  if (!common) return bad_operands("dot", a->type.dtype(), b->type.dtype(), span);
  std::vector<ExprPtr> args;
  args.push_back(a->type.dtype() == *common ? std::move(a) : astype(std::move(a), *common, span));
  args.push_back(b->type.dtype() == *common ? std::move(b) : astype(std::move(b), *common, span));
  return builtin_call(Builtin::Dot, *common, span, std::move(args));
}

// ---- methods ----

FunctionChecker::ExprPtr FunctionChecker::method_call(const ast::Expr& expr, const ast::Call& call,
                                                      const ast::Attribute& attribute) {
  ExprPtr object = check(*attribute.value);
  CallSite site{expr, call, "", attribute.name};
  Type type = object->type;
  ExprPtr result;
  if (type.is_unknown()) {
    for (const ast::ExprPtr& arg : call.args) check(*arg);
    return invalid(expr.span);
  }
  if (type.is_array()) {
    result = array_method(site, std::move(object));
  } else if (type.is(Kind::Str)) {
    result = string_method(site, std::move(object));
  } else if (type.is_scalar()) {
    result = number_method(site, std::move(object));
  }
  if (result) return result;
  Diagnostic& diag = report<DiagId::E0607>(attribute.name_span, to_string(type), attribute.name);
  if (type.is_array() && attribute.name == "append")
    diag.suggest("arrays have a fixed size: make one of the final size and fill it");
  return invalid(expr.span);
}

// Null if there is no such method.
FunctionChecker::ExprPtr FunctionChecker::array_method(const CallSite& site, ExprPtr array) {
  const std::string name(site.name);
  if (name == "astype") {
    std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"dtype"});
    std::optional<kjit::Kind> dtype = taken ? dtype_of(*(*taken)[0]) : std::nullopt;
    return dtype ? astype(std::move(array), *dtype, site.span()) : invalid(site.span());
  }
  if (name == "copy") {
    kjit::Kind dtype = array->type.dtype();
    return check_args(site, 0, 0) ? astype(std::move(array), dtype, site.span()) : invalid(site.span());
  }
  if (name == "item" && site.call.args.empty() && array->type.rank() == 1) {
    typed::Element first;
    Type dtype = array->type.dtype();
    first.array = std::move(array);
    first.indices.push_back(int_constant(0, site.span()));
    return make(dtype, site.span(), std::move(first));
  }
  if (name == "dot") {
    std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
    if (!args) return invalid(site.span());
    bool vectors = array->type.rank() == 1 && (*args)[0]->type.is_array() && (*args)[0]->type.rank() == 1;
    if (!vectors) return bad_argument(site, "two vectors of numbers", (*args)[0]->type, site.span());
    return dot(std::move(array), std::move((*args)[0]), site.span());
  }
  if (name == "fill") {
    std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
    if (!args) return invalid(site.span());
    ExprPtr value = convert_number(std::move((*args)[0]), array->type.dtype(), to_string(Type(array->type.dtype())));
    if (value->type.is_unknown()) return value;
    emit(site.span(), typed::AssignView{std::move(value), whole_view(std::move(array), site.span())});
    return none_constant(site.span());
  }
  if (!find_reduction(name)) return nullptr;
  bool spread = name == "var" || name == "std";
  std::optional<std::vector<const ast::Expr*>> taken =
      spread ? take_args(site, 0, {"ddof"}) : take_args(site, 0, std::vector<std::string_view>{});
  if (!taken) return invalid(site.span());
  ExprPtr ddof = spread && (*taken)[0] ? argument_i64(site, check(*(*taken)[0])) : nullptr;
  return reduce_array(name, std::move(array), site.span(), std::move(ddof));
}

// The array itself as a view, a[...].
FunctionChecker::ExprPtr FunctionChecker::whole_view(ExprPtr array, Span span) {
  Type type = array->type;
  typed::View view;
  view.array = std::move(array);
  return make(type, span, std::move(view));
}

FunctionChecker::ExprPtr FunctionChecker::string_method(const CallSite& site, ExprPtr text) {
  struct Method {
    std::string_view name;
    Builtin builtin;
    Kind result;
    bool takes_text;
  };
  static constexpr Method kMethods[] = {
      {"upper", Builtin::StrUpper, Kind::Str, false},       {"lower", Builtin::StrLower, Kind::Str, false},
      {"strip", Builtin::StrStrip, Kind::Str, false},       {"startswith", Builtin::StrStartswith, Kind::Bool, true},
      {"endswith", Builtin::StrEndswith, Kind::Bool, true}, {"find", Builtin::StrFind, Kind::I64, true},
  };
  for (const Method& method : kMethods) {
    if (method.name != site.name) continue;
    std::size_t count = method.takes_text ? 1 : 0;
    std::optional<std::vector<ExprPtr>> given = check_args(site, count, count);
    if (!given) return invalid(site.span());
    std::vector<ExprPtr> args;
    args.push_back(std::move(text));
    for (ExprPtr& arg : *given) {
      if (!arg->type.is(Kind::Str)) return bad_argument(site, "a string", arg->type, arg->span);
      args.push_back(std::move(arg));
    }
    return builtin_call(method.builtin, method.result, site.span(), std::move(args));
  }
  return nullptr;
}

FunctionChecker::ExprPtr FunctionChecker::number_method(const CallSite& site, ExprPtr number) {
  Type type = number->type;
  const std::string name(site.name);
  bool known = (name == "conjugate") || (type.is_integer() && (name == "bit_length" || name == "bit_count")) ||
               (type.is_float() && name == "is_integer");
  if (!known) return nullptr;
  if (!check_args(site, 0, 0)) return invalid(site.span());
  std::vector<ExprPtr> args;
  if (name == "conjugate") {
    if (!type.is_complex()) return number;
    args.push_back(std::move(number));
    return builtin_call(Builtin::Conjugate, type, site.span(), std::move(args));
  }
  if (name == "is_integer") {
    return with_value(std::move(number), [&](const typed::Expr& value) {
      std::vector<ExprPtr> one, other;
      one.push_back(clone(value));
      other.push_back(clone(value));
      ExprPtr whole = compare_values(typed::CompareOp::Eq, builtin_call(Builtin::Floor, type, site.span(), std::move(one)),
                                     clone(value), site.span());
      ExprPtr finite = builtin_call(Builtin::IsFinite, Kind::Bool, site.span(), std::move(other));
      return binary(typed::BinaryOp::BitAnd, std::move(finite), std::move(whole), site.span());
    });
  }
  args.push_back(std::move(number));
  return builtin_call(name == "bit_length" ? Builtin::BitLength : Builtin::BitCount, Kind::I64, site.span(), std::move(args));
}

}  // namespace kjit
