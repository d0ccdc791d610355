// Python's own builtin functions. One member per function or family; the table is in check_builtin.cpp.

#include <algorithm>
#include <limits>

#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::call_len(const CallSite& site) {
  if (site.call.args.size() == 1 && path_of(*site.call.args[0]) == "sys.argv") {
    return builtin_call(Builtin::Argc, Kind::I64, site.span(), {});
  }
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) {
      check_tuple(*site.call.args[0], list->elements);
      return int_constant(static_cast<std::int64_t>(list->elements.size()), site.span());
    }
  }
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  ExprPtr value = std::move((*args)[0]);
  Type type = value->type;
  if (type.is_array()) return make(Kind::I64, site.span(), typed::ArrayDim{std::move(value), 0});
  if (type.is_tuple()) return int_constant(static_cast<std::int64_t>(type.elements().size()), site.span());
  if (!type.is(Kind::Str)) return bad_argument(site, "an array, a tuple or a string", type, value->span);
  args->clear();
  args->push_back(std::move(value));
  return builtin_call(Builtin::StrLength, Kind::I64, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_abs(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  Type type = (*args)[0]->type;
  if (!type.is_scalar()) return bad_argument(site, "a number", type, (*args)[0]->span);
  if (type.is_unsigned()) return std::move((*args)[0]);
  if (type.is(Kind::Bool)) return convert(std::move((*args)[0]), Kind::I64);
  Type result = type.is_complex() ? Type(real_part_kind(type.kind())) : type;
  return builtin_call(Builtin::Abs, result, site.span(), std::move(*args));
}

// min and max of several values, of a tuple, or of an array. Values of different types meet in their join.
FunctionChecker::ExprPtr FunctionChecker::call_min_max(const CallSite& site) {
  bool is_min = site.name == "min";
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) {
      return extremum_of_tuple(site, check_tuple(*site.call.args[0], list->elements));
    }
  }
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 100000);
  if (!args) return invalid(site.span());
  if (args->size() == 1) {
    Type type = (*args)[0]->type;
    if (type.is_tuple()) return extremum_of_tuple(site, std::move((*args)[0]));
    if (!type.is_array() || type.rank() != 1 || Type(type.dtype()).is_complex()) {
      return bad_argument(site, "two or more numbers, a tuple, or an array of one dimension", type, (*args)[0]->span);
    }
    return builtin_call(is_min ? Builtin::ArrayPythonMin : Builtin::ArrayPythonMax, type.dtype(), site.span(), std::move(*args));
  }
  return extremum(site, std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::extremum_of_tuple(const CallSite& site, ExprPtr tuple) {
  if (tuple->type.is_unknown()) return invalid(site.span());
  if (tuple->type.elements().empty()) return bad_argument(site, "at least one value", tuple->type, tuple->span);
  return with_value(std::move(tuple), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> elements;
    for (std::uint32_t i = 0; i < whole.type.elements().size(); ++i) {
      elements.push_back(make(whole.type.elements()[i], site.span(), typed::TupleElement{clone(whole), i}));
    }
    return extremum(site, std::move(elements));
  });
}

FunctionChecker::ExprPtr FunctionChecker::extremum(const CallSite& site, std::vector<ExprPtr> values) {
  Type common;
  for (const ExprPtr& value : values) {
    if (!value->type.is_scalar() || value->type.is_complex())
      return bad_argument(site, "numbers that have an order", value->type, value->span);
    std::optional<Type> joined = common.is_unknown() ? value->type : numeric_join(common, value->type);
    if (!joined) return bad_operands(site.name, common, value->type, site.span());
    common = *joined;
  }
  for (ExprPtr& value : values) value = convert(std::move(value), common);
  return builtin_call(site.name == "min" ? Builtin::Min : Builtin::Max, common, site.span(), std::move(values));
}

std::optional<Type> FunctionChecker::numeric_join(const Type& a, const Type& b) {
  if (a == b) return a;
  std::optional<Kind> kind = promote(a.kind(), b.kind());
  return kind ? std::optional<Type>(*kind) : std::nullopt;
}

// sum(array), sum((a, b, c)): added from left to right, as Python does.
FunctionChecker::ExprPtr FunctionChecker::call_sum(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"iterable", "start"});
  if (!taken) return invalid(site.span());
  if (range_call((*taken)[0]) && !(*taken)[1]) return sum_of_range(*(*taken)[0]);
  const auto* list = std::get_if<ast::List>(&(*taken)[0]->node);
  ExprPtr value = list ? check_tuple(*(*taken)[0], list->elements) : check(*(*taken)[0]);
  ExprPtr start = (*taken)[1] ? check(*(*taken)[1]) : int_constant(0, site.span());
  Type type = value->type;
  if (type.is_unknown() || start->type.is_unknown()) return invalid(site.span());
  if (type.is_tuple()) {
    return with_value(std::move(value), [&](const typed::Expr& tuple) {
      ExprPtr total = std::move(start);
      for (std::uint32_t i = 0; i < type.elements().size(); ++i) {
        ExprPtr element = make(type.elements()[i], site.span(), typed::TupleElement{clone(tuple), i});
        total = binary(typed::BinaryOp::Add, std::move(total), std::move(element), site.span());
      }
      return total;
    });
  }
  if (!type.is_array() || type.rank() != 1) return bad_argument(site, "an array of one dimension or a tuple", type, value->span);
  Type element = type.dtype();
  Type result = element.is(Kind::Bool) || element.is_signed() ? Type(Kind::I64)
                : element.is_unsigned()                       ? Type(Kind::U64)
                                                              : element;
  std::vector<ExprPtr> args;
  args.push_back(std::move(value));
  ExprPtr total = builtin_call(Builtin::ArraySumSequential, result, site.span(), std::move(args));
  if (!(*taken)[1]) return total;
  return binary(typed::BinaryOp::Add, std::move(start), std::move(total), site.span());
}

bool FunctionChecker::range_call(const ast::Expr* expr) const {
  const auto* call = std::get_if<ast::Call>(&expr->node);
  return call && path_of(*call->callee) == "builtins.range";
}

// sum(range(a, b, c)) in closed form: n * (first + last) / 2, halving whichever of the two factors is even. All in expressions:
// the call may stand where it is evaluated more than once, or never.
FunctionChecker::ExprPtr FunctionChecker::sum_of_range(const ast::Expr& expr) {
  std::optional<RangeBounds> bounds = range_bounds({expr, std::get<ast::Call>(expr.node), "builtins.range", "range"}, false);
  std::optional<std::int64_t> step = bounds ? int_value(*bounds->step) : std::nullopt;
  if (bounds && (!step || *step == 0)) {
    report<DiagId::E0612>(expr.span, "range", "with a constant step other than 0 in this place").suggest("write the loop");
  }
  if (!step || *step == 0) return invalid(expr.span);
  using enum typed::BinaryOp;
  Span span = expr.span;
  return with_value(std::move(bounds->start), [&](const typed::Expr& start) {
    return with_value(range_length(clone(start), std::move(bounds->stop), *step, span), [&](const typed::Expr& count) {
      // first + last = 2 * start + (count - 1) * step
      ExprPtr twice = binary(Add, clone(start), clone(start), span);
      ExprPtr reach = binary(Mul, binary(Sub, clone(count), int_constant(1, span), span), int_constant(*step, span), span);
      return with_value(binary(Add, std::move(twice), std::move(reach), span), [&](const typed::Expr& ends) {
        auto half = [&](const typed::Expr& value) { return binary(FloorDiv, clone(value), int_constant(2, span), span); };
        ExprPtr odd = binary(BitAnd, clone(count), int_constant(1, span), span);
        ExprPtr half_count = binary(Mul, half(count), clone(ends), span);
        ExprPtr half_ends = binary(Mul, clone(count), half(ends), span);
        return make(Kind::I64, span, typed::Conditional{truth(std::move(odd)), std::move(half_ends), std::move(half_count)});
      });
    });
  });
}

FunctionChecker::ExprPtr FunctionChecker::call_round(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"number", "ndigits"});
  if (!taken) return invalid(site.span());
  ExprPtr value = check(*(*taken)[0]);
  ExprPtr digits = (*taken)[1] ? check(*(*taken)[1]) : none_constant(site.span());
  if (value->type.is_unknown() || digits->type.is_unknown()) return invalid(site.span());
  Type type = value->type;
  std::vector<ExprPtr> args;
  if (digits->type.is(Kind::None)) {
    if (type.is_integer()) return value;
    if (type.is(Kind::Bool)) return convert(std::move(value), Kind::I64);
    args.push_back(argument_f64(site, std::move(value)));
    if (args[0]->type.is_unknown()) return invalid(site.span());
    return builtin_call(Builtin::RoundToInt, Kind::I64, site.span(), std::move(args));
  }
  digits = argument_i64(site, std::move(digits));
  bool integer = type.is_integer() || type.is(Kind::Bool);
  args.push_back(integer ? argument_i64(site, std::move(value)) : argument_f64(site, std::move(value)));
  args.push_back(std::move(digits));
  if (args[0]->type.is_unknown() || args[1]->type.is_unknown()) return invalid(site.span());
  return builtin_call(integer ? Builtin::RoundInt : Builtin::RoundDigits, integer ? Kind::I64 : Kind::F64, site.span(),
                      std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::call_int(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 2);
  if (!args) return invalid(site.span());
  if (args->empty()) return int_constant(0, site.span());
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is(Kind::Str)) {
    std::optional<std::int64_t> base = args->size() == 2 ? int_value(*(*args)[1]) : std::optional<std::int64_t>(10);
    if (!base || (*base != 0 && (*base < 2 || *base > 36)))
      return bad_argument(site, "a constant base of 0 or 2 to 36", (*args)[1]->type, (*args)[1]->span);
    std::vector<ExprPtr> text;
    text.push_back(std::move(value));
    text.push_back(make(Kind::I32, site.span(), typed::Constant{*base}));
    return builtin_call(Builtin::IntOfStr, Kind::I64, site.span(), std::move(text));
  }
  if (args->size() == 2) return bad_argument(site, "a string when a base is given", value->type, value->span);
  if (value->type.is(Kind::U64)) return value;  // stays the unsigned number it is
  ExprPtr result = convert_number(std::move(value), Kind::I64, "an integer");
  result->span = site.span();
  return result;
}

FunctionChecker::ExprPtr FunctionChecker::call_float(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  if (args->empty()) return float_constant(0.0, site.span());
  if (!(*args)[0]->type.is(Kind::Str)) return convert_number(std::move((*args)[0]), Kind::F64, "a float");
  const auto* constant = std::get_if<typed::Constant>(&(*args)[0]->node);
  const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
  if (text && (*text == "inf" || *text == "nan" || *text == "-inf")) {  // float("inf") is how Python spells the constant
    double value = *text == "nan" ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
    return float_constant(text->front() == '-' ? -value : value, site.span());
  }
  return builtin_call(Builtin::FloatOfStr, Kind::F64, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_bool(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  return args->empty() ? bool_constant(false, site.span()) : truth(std::move((*args)[0]));
}

FunctionChecker::ExprPtr FunctionChecker::call_complex(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 0, {"real", "imag"});
  if (!taken) return invalid(site.span());
  ExprPtr real = (*taken)[0] ? check(*(*taken)[0]) : float_constant(0.0, site.span());
  ExprPtr imag = (*taken)[1] ? check(*(*taken)[1]) : nullptr;
  if (!imag) return convert_number(std::move(real), Kind::C128, "a complex number");
  if (real->type.is_unknown() || imag->type.is_unknown()) return invalid(site.span());
  if (real->type.is_complex() || imag->type.is_complex()) {
    // complex(a, b) is a + b * 1j.
    ExprPtr unit = make(Kind::C128, site.span(), typed::Constant{std::complex<double>(0, 1)});
    ExprPtr rotated = binary(typed::BinaryOp::Mul, std::move(imag), std::move(unit), site.span());
    return binary(typed::BinaryOp::Add, std::move(real), std::move(rotated), site.span());
  }
  std::vector<ExprPtr> args;
  args.push_back(argument_f64(site, std::move(real)));
  args.push_back(argument_f64(site, std::move(imag)));
  if (args[0]->type.is_unknown() || args[1]->type.is_unknown()) return invalid(site.span());
  return builtin_call(Builtin::MakeComplex, Kind::C128, site.span(), std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::call_divmod(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 2, 2);
  if (!args) return invalid(site.span());
  return with_value(std::move((*args)[0]), [&](const typed::Expr& a) {
    return with_value(std::move((*args)[1]), [&](const typed::Expr& b) -> ExprPtr {
      std::vector<ExprPtr> parts;
      parts.push_back(binary(typed::BinaryOp::FloorDiv, clone(a), clone(b), site.span()));
      if (parts[0]->type.is_unknown()) return invalid(site.span());
      parts.push_back(binary(typed::BinaryOp::Mod, clone(a), clone(b), site.span()));
      Type type = Type::tuple({parts[0]->type, parts[1]->type});
      return make(type, site.span(), typed::MakeTuple{std::move(parts)});
    });
  });
}

FunctionChecker::ExprPtr FunctionChecker::call_pow(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 2, 3);
  if (!args) return invalid(site.span());
  if (args->size() == 2) return binary(typed::BinaryOp::Pow, std::move((*args)[0]), std::move((*args)[1]), site.span());
  for (ExprPtr& arg : *args) {
    arg = argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(Builtin::PowMod, Kind::I64, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_ord_chr(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  if (site.name == "chr") {
    (*args)[0] = argument_i64(site, std::move((*args)[0]));
    if ((*args)[0]->type.is_unknown()) return invalid(site.span());
    return builtin_call(Builtin::Chr, Kind::Str, site.span(), std::move(*args));
  }
  if (!(*args)[0]->type.is(Kind::Str)) return bad_argument(site, "a string of one character", (*args)[0]->type, (*args)[0]->span);
  return builtin_call(Builtin::Ord, Kind::I64, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_tuple(const CallSite& site) {
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) return check_tuple(site.expr, list->elements);
  }
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  if (args->empty()) return make(Type::tuple({}), site.span(), typed::MakeTuple{});
  if (!(*args)[0]->type.is_tuple()) return bad_argument(site, "a tuple or a list of values", (*args)[0]->type, (*args)[0]->span);
  return std::move((*args)[0]);
}

FunctionChecker::ExprPtr FunctionChecker::call_any_all(const CallSite& site) {
  bool is_any = site.name == "any";
  const ast::List* list = site.call.args.size() == 1 ? std::get_if<ast::List>(&site.call.args[0]->node) : nullptr;
  std::optional<std::vector<ExprPtr>> args;
  if (list) {
    args.emplace();
    args->push_back(check_tuple(*site.call.args[0], list->elements));
    if ((*args)[0]->type.is_unknown()) return invalid(site.span());
  } else {
    args = check_args(site, 1, 1);
  }
  if (!args) return invalid(site.span());
  Type type = (*args)[0]->type;
  if (type.is_array() && type.rank() == 1) {
    return builtin_call(is_any ? Builtin::ArrayAny : Builtin::ArrayAll, Kind::Bool, site.span(), std::move(*args));
  }
  if (!type.is_tuple()) return bad_argument(site, "an array of one dimension or a tuple", type, (*args)[0]->span);
  return with_value(std::move((*args)[0]), [&](const typed::Expr& tuple) {
    ExprPtr result = bool_constant(!is_any, site.span());
    for (std::uint32_t i = static_cast<std::uint32_t>(type.elements().size()); i-- > 0;) {
      ExprPtr element = truth(make(type.elements()[i], site.span(), typed::TupleElement{clone(tuple), i}));
      if (element->type.is_unknown()) return element;
      ExprPtr decided = bool_constant(is_any, site.span());
      result = is_any
                   ? make(Kind::Bool, site.span(), typed::Conditional{std::move(element), std::move(decided), std::move(result)})
                   : make(Kind::Bool, site.span(), typed::Conditional{std::move(element), std::move(result), std::move(decided)});
    }
    return result;
  });
}

FunctionChecker::ExprPtr FunctionChecker::call_exit(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  if (args->empty() || (*args)[0]->type.is(Kind::None)) {
    args->clear();
    args->push_back(int_constant(0, site.span()));
  }
  (*args)[0] = argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return invalid(site.span());
  return builtin_call(Builtin::Exit, Kind::None, site.span(), std::move(*args));
}

}  // namespace kjit
