// Python's own builtin functions, one handler for each function or family.

#include <fmt/format.h>

#include <limits>

#include "library/handlers.h"

namespace kjit {

ExprPtr call_len(FunctionChecker& c, const CallSite& site) {
  if (site.call.args.size() == 1 && c.path_of(*site.call.args[0]) == "sys.argv") {
    return c.builtin_call(Builtin::Argc, Kind::I64, site.span(), {});
  }
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) {
      c.check_tuple(*site.call.args[0], list->elements);
      return c.int_constant(static_cast<std::int64_t>(list->elements.size()), site.span());
    }
  }
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  ExprPtr value = std::move((*args)[0]);
  Type type = value->type;
  if (type.is_array()) return c.make(Kind::I64, site.span(), typed::ArrayDim{std::move(value), 0});
  if (type.is_tuple()) return c.int_constant(static_cast<std::int64_t>(type.elements().size()), site.span());
  if (!type.is(Kind::Str)) return c.bad_argument(site, "an array, a tuple or a string", type, value->span);
  args->clear();
  args->push_back(std::move(value));
  return c.builtin_call(Builtin::StrLength, Kind::I64, site.span(), std::move(*args));
}

ExprPtr call_abs(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  Type type = (*args)[0]->type;
  if (!type.is_scalar()) return c.bad_argument(site, "a number", type, (*args)[0]->span);
  if (type.is_unsigned()) return std::move((*args)[0]);
  if (type.is(Kind::Bool)) return c.convert(std::move((*args)[0]), Kind::I64);
  Type result = type.is_complex() ? Type(real_part_kind(type.kind())) : type;
  return c.builtin_call(Builtin::Abs, result, site.span(), std::move(*args));
}

namespace {

ExprPtr extremum(FunctionChecker& c, const CallSite& site, std::vector<ExprPtr> values) {
  const bool single = values.size() == 2 && (values[0]->type.is(Kind::F32) || values[1]->type.is(Kind::F32));
  if (single && !c.adapt_literal(values[0], values[1], site.span())) return c.invalid(site.span());
  Type common;
  for (const ExprPtr& value : values) {
    if (!value->type.is_scalar() || value->type.is_complex())
      return c.bad_argument(site, "numbers that have an order", value->type, value->span);
    std::optional<Type> joined = common.is_unknown() ? value->type : numeric_join(common, value->type);
    if (!joined) return c.bad_operands(site.name, common, value->type, site.span());
    common = *joined;
  }
  for (ExprPtr& value : values) value = c.convert(std::move(value), common);
  return c.builtin_call(site.row->builtin(), common, site.span(), std::move(values));
}

ExprPtr extremum_of_tuple(FunctionChecker& c, const CallSite& site, ExprPtr tuple) {
  if (tuple->type.is_unknown()) return c.invalid(site.span());
  if (tuple->type.elements().empty()) return c.bad_argument(site, "at least one value", tuple->type, tuple->span);
  return c.with_value(std::move(tuple), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> elements;
    for (std::uint32_t i = 0; i < whole.type.elements().size(); ++i) {
      elements.push_back(c.make(whole.type.elements()[i], site.span(), typed::TupleElement{c.clone(whole), i}));
    }
    return extremum(c, site, std::move(elements));
  });
}

}  // namespace

// min and max of several values, of a tuple, or of an array. Values of different types meet in their join.
ExprPtr call_min_max(FunctionChecker& c, const CallSite& site) {
  const bool is_min = site.row->builtin() == Builtin::Min;
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) {
      return extremum_of_tuple(c, site, c.check_tuple(*site.call.args[0], list->elements));
    }
  }
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 100000);
  if (!args) return c.invalid(site.span());
  if (args->size() == 1) {
    Type type = (*args)[0]->type;
    if (type.is_tuple()) return extremum_of_tuple(c, site, std::move((*args)[0]));
    if (!type.is_array() || type.rank() != 1 || Type(type.dtype()).is_complex()) {
      return c.bad_argument(site, "two or more numbers, a tuple, or an array of one dimension", type, (*args)[0]->span);
    }
    return c.builtin_call(is_min ? Builtin::ArrayPythonMin : Builtin::ArrayPythonMax, type.dtype(), site.span(),
                          std::move(*args));
  }
  return extremum(c, site, std::move(*args));
}

namespace {

bool range_call(FunctionChecker& c, const ast::Expr* expr) {
  const auto* call = std::get_if<ast::Call>(&expr->node);
  return call && c.path_of(*call->callee) == "builtins.range";
}

// sum(range(a, b, c)) in closed form, which overflows nowhere but where the sum does: n times the middle number for an odd n,
// else n / 2 times first + last. All in expressions: the call may stand where it is evaluated more than once, or never.
ExprPtr sum_of_range(FunctionChecker& c, const ast::Expr& expr) {
  std::optional<FunctionChecker::RangeBounds> bounds =
      c.range_bounds({expr, std::get<ast::Call>(expr.node), "builtins.range", "range"}, false);
  std::optional<std::int64_t> step = bounds ? c.int_value(*bounds->step) : std::nullopt;
  if (bounds && (!step || *step == 0)) {
    c.report<DiagId::E0612>(expr.span, "range", "with a constant step other than 0 in this place").suggest("write the loop");
  }
  if (!step || *step == 0) return c.invalid(expr.span);
  using enum typed::BinaryOp;
  Span span = expr.span;
  return c.with_value(std::move(bounds->start), [&](const typed::Expr& start) {
    ExprPtr length = c.range_function(Builtin::RangeLength, c.clone(start), std::move(bounds->stop), *step, span);
    return c.with_value(std::move(length), [&](const typed::Expr& count) {
      auto number_at = [&](ExprPtr position) {
        return c.binary(Add, c.clone(start), c.binary(Mul, std::move(position), c.int_constant(*step, span), span), span);
      };
      auto half = [&] { return c.binary(FloorDiv, c.clone(count), c.int_constant(2, span), span); };
      ExprPtr odd = c.binary(BitAnd, c.clone(count), c.int_constant(1, span), span);
      ExprPtr by_middle = c.binary(Mul, c.clone(count), number_at(half()), span);
      ExprPtr last = number_at(c.binary(Sub, c.clone(count), c.int_constant(1, span), span));
      ExprPtr by_ends = c.binary(Mul, half(), c.binary(Add, c.clone(start), std::move(last), span), span);
      return c.make(Kind::I64, span, typed::Conditional{c.truth(std::move(odd)), std::move(by_middle), std::move(by_ends)});
    });
  });
}

}  // namespace

// sum(array), sum((a, b, c)): added from left to right, as Python does.
ExprPtr call_sum(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"iterable", "start"});
  if (!taken) return c.invalid(site.span());
  if (range_call(c, (*taken)[0]) && !(*taken)[1]) return sum_of_range(c, *(*taken)[0]);
  const auto* list = std::get_if<ast::List>(&(*taken)[0]->node);
  ExprPtr value = list ? c.check_tuple(*(*taken)[0], list->elements) : c.check(*(*taken)[0]);
  ExprPtr start = (*taken)[1] ? c.check(*(*taken)[1]) : c.int_constant(0, site.span());
  Type type = value->type;
  if (type.is_unknown() || start->type.is_unknown()) return c.invalid(site.span());
  if (type.is_tuple()) {
    return c.with_value(std::move(value), [&](const typed::Expr& tuple) {
      ExprPtr total = std::move(start);
      for (std::uint32_t i = 0; i < type.elements().size(); ++i) {
        ExprPtr element = c.make(type.elements()[i], site.span(), typed::TupleElement{c.clone(tuple), i});
        total = c.binary(typed::BinaryOp::Add, std::move(total), std::move(element), site.span());
      }
      return total;
    });
  }
  if (!type.is_array() || type.rank() != 1)
    return c.bad_argument(site, "an array of one dimension or a tuple", type, value->span);
  const Type element = type.dtype();
  const Type result = element.is(Kind::Bool) || element.is_signed() ? Type(Kind::I64)
                      : element.is_unsigned()                       ? Type(Kind::U64)
                                                                    : element;
  std::vector<ExprPtr> args;
  args.push_back(std::move(value));
  ExprPtr total = c.builtin_call(Builtin::ArraySumSequential, result, site.span(), std::move(args));
  if (element.is_integer()) total = c.convert(std::move(total), element);  // in which NumPy's numbers wrap
  if (!(*taken)[1]) return total;
  return c.binary(typed::BinaryOp::Add, std::move(start), std::move(total), site.span());
}

ExprPtr call_round(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"number", "ndigits"});
  if (!taken) return c.invalid(site.span());
  ExprPtr value = c.check(*(*taken)[0]);
  ExprPtr digits = (*taken)[1] ? c.check(*(*taken)[1]) : c.none_constant(site.span());
  if (value->type.is_unknown() || digits->type.is_unknown()) return c.invalid(site.span());
  Type type = value->type;
  std::vector<ExprPtr> args;
  if (digits->type.is(Kind::None)) {
    if (type.is_integer()) return value;
    if (type.is(Kind::Bool)) return c.convert(std::move(value), Kind::I64);
    args.push_back(c.argument_f64(site, std::move(value)));
    if (args[0]->type.is_unknown()) return c.invalid(site.span());
    return c.builtin_call(Builtin::RoundToInt, Kind::I64, site.span(), std::move(args));
  }
  digits = c.argument_i64(site, std::move(digits));
  bool integer = type.is_integer() || type.is(Kind::Bool);
  args.push_back(integer ? c.argument_i64(site, std::move(value)) : c.argument_f64(site, std::move(value)));
  args.push_back(std::move(digits));
  if (args[0]->type.is_unknown() || args[1]->type.is_unknown()) return c.invalid(site.span());
  ExprPtr rounded = c.builtin_call(integer ? Builtin::RoundInt : Builtin::RoundDigits, integer ? Kind::I64 : Kind::F64,
                                   site.span(), std::move(args));
  return type.is(Kind::F32) ? c.convert(std::move(rounded), Kind::F32) : std::move(rounded);
}

ExprPtr call_int(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 2);
  if (!args) return c.invalid(site.span());
  if (args->empty()) return c.int_constant(0, site.span());
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is(Kind::Str)) {
    std::optional<std::int64_t> base = args->size() == 2 ? c.int_value(*(*args)[1]) : std::optional<std::int64_t>(10);
    if (!base || (*base != 0 && (*base < 2 || *base > 36)))
      return c.bad_argument(site, "a constant base of 0 or 2 to 36", (*args)[1]->type, (*args)[1]->span);
    std::vector<ExprPtr> text;
    text.push_back(std::move(value));
    text.push_back(c.make(Kind::I32, site.span(), typed::Constant{*base}));
    return c.builtin_call(Builtin::IntOfStr, Kind::I64, site.span(), std::move(text));
  }
  if (args->size() == 2) return c.bad_argument(site, "a string when a base is given", value->type, value->span);
  if (value->type.is(Kind::U64)) return value;  // stays the unsigned number it is
  ExprPtr result = c.convert_number(std::move(value), Kind::I64, "an integer");
  result->type = result->type.as_python();
  result->span = site.span();
  return result;
}

ExprPtr call_float(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  if (args->empty()) return c.float_constant(0.0, site.span());
  if (!(*args)[0]->type.is(Kind::Str)) {
    ExprPtr result = c.convert_number(std::move((*args)[0]), Kind::F64, "a float");
    result->type = result->type.as_python();
    return result;
  }
  const auto* constant = std::get_if<typed::Constant>(&(*args)[0]->node);
  const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
  if (text && (*text == "inf" || *text == "nan" || *text == "-inf")) {  // float("inf") is how Python spells the constant
    double value = *text == "nan" ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
    return c.float_constant(text->front() == '-' ? -value : value, site.span());
  }
  return c.builtin_call(Builtin::FloatOfStr, Kind::F64, site.span(), std::move(*args));
}

ExprPtr call_bool(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  return args->empty() ? c.bool_constant(false, site.span()) : c.truth(std::move((*args)[0]));
}

ExprPtr call_complex(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"real", "imag"});
  if (!taken) return c.invalid(site.span());
  ExprPtr real = (*taken)[0] ? c.check(*(*taken)[0]) : c.float_constant(0.0, site.span());
  ExprPtr imag = (*taken)[1] ? c.check(*(*taken)[1]) : nullptr;
  if (!imag) return c.convert_number(std::move(real), Kind::C128, "a complex number");
  if (real->type.is_unknown() || imag->type.is_unknown()) return c.invalid(site.span());
  if (real->type.is_complex() || imag->type.is_complex()) {
    // complex(a, b) is a + b * 1j.
    ExprPtr unit = c.make(Kind::C128, site.span(), typed::Constant{std::complex<double>(0, 1)});
    ExprPtr rotated = c.binary(typed::BinaryOp::Mul, std::move(imag), std::move(unit), site.span());
    return c.binary(typed::BinaryOp::Add, std::move(real), std::move(rotated), site.span());
  }
  std::vector<ExprPtr> args;
  args.push_back(c.argument_f64(site, std::move(real)));
  args.push_back(c.argument_f64(site, std::move(imag)));
  if (args[0]->type.is_unknown() || args[1]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::MakeComplex, Kind::C128, site.span(), std::move(args));
}

ExprPtr call_divmod(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 2, 2);
  if (!args) return c.invalid(site.span());
  return c.with_value(std::move((*args)[0]), [&](const typed::Expr& a) {
    return c.with_value(std::move((*args)[1]), [&](const typed::Expr& b) -> ExprPtr {
      std::vector<ExprPtr> parts;
      parts.push_back(c.binary(typed::BinaryOp::FloorDiv, c.clone(a), c.clone(b), site.span()));
      if (parts[0]->type.is_unknown()) return c.invalid(site.span());
      parts.push_back(c.binary(typed::BinaryOp::Mod, c.clone(a), c.clone(b), site.span()));
      Type type = Type::tuple({parts[0]->type, parts[1]->type});
      return c.make(type, site.span(), typed::MakeTuple{std::move(parts)});
    });
  });
}

ExprPtr call_pow(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 2, 3);
  if (!args) return c.invalid(site.span());
  if (args->size() == 2) return c.binary(typed::BinaryOp::Pow, std::move((*args)[0]), std::move((*args)[1]), site.span());
  for (ExprPtr& arg : *args) {
    arg = c.argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return c.invalid(site.span());
  }
  return c.builtin_call(Builtin::PowMod, Kind::I64, site.span(), std::move(*args));
}

ExprPtr call_chr(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  (*args)[0] = c.argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::Chr, Kind::Str, site.span(), std::move(*args));
}

ExprPtr call_ord(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type type = (*args)[0]->type;
  if (!type.is(Kind::Str)) return c.bad_argument(site, "a string of one character", type, (*args)[0]->span);
  return c.builtin_call(Builtin::Ord, Kind::I64, site.span(), std::move(*args));
}

ExprPtr call_tuple(FunctionChecker& c, const CallSite& site) {
  if (site.call.args.size() == 1) {
    if (const auto* list = std::get_if<ast::List>(&site.call.args[0]->node)) return c.check_tuple(site.expr, list->elements);
  }
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  if (args->empty()) return c.make(Type::tuple({}), site.span(), typed::MakeTuple{});
  if (!(*args)[0]->type.is_tuple())
    return c.bad_argument(site, "a tuple or a list of values", (*args)[0]->type, (*args)[0]->span);
  return std::move((*args)[0]);
}

ExprPtr call_any_all(FunctionChecker& c, const CallSite& site) {
  const bool is_any = site.row->builtin() == Builtin::ArrayAny;
  const ast::List* list = site.call.args.size() == 1 ? std::get_if<ast::List>(&site.call.args[0]->node) : nullptr;
  std::optional<std::vector<ExprPtr>> args;
  if (list) {
    args.emplace();
    args->push_back(c.check_tuple(*site.call.args[0], list->elements));
    if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  } else {
    args = c.check_args(site, 1, 1);
  }
  if (!args) return c.invalid(site.span());
  Type type = (*args)[0]->type;
  if (type.is_array() && type.rank() == 1) {
    return c.builtin_call(site.row->builtin(), Kind::Bool, site.span(), std::move(*args));
  }
  if (!type.is_tuple()) return c.bad_argument(site, "an array of one dimension or a tuple", type, (*args)[0]->span);
  return c.with_value(std::move((*args)[0]), [&](const typed::Expr& tuple) {
    ExprPtr result = c.bool_constant(!is_any, site.span());
    for (std::uint32_t i = static_cast<std::uint32_t>(type.elements().size()); i-- > 0;) {
      ExprPtr element = c.truth(c.make(type.elements()[i], site.span(), typed::TupleElement{c.clone(tuple), i}));
      if (element->type.is_unknown()) return element;
      ExprPtr decided = c.bool_constant(is_any, site.span());
      result =
          is_any ? c.make(Kind::Bool, site.span(), typed::Conditional{std::move(element), std::move(decided), std::move(result)})
                 : c.make(Kind::Bool, site.span(), typed::Conditional{std::move(element), std::move(result), std::move(decided)});
    }
    return result;
  });
}

ExprPtr call_exit(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  if (args->empty() || (*args)[0]->type.is(Kind::None)) {
    args->clear();
    args->push_back(c.int_constant(0, site.span()));
  }
  if ((*args)[0]->type.is(Kind::Str)) return c.builtin_call(Builtin::ExitText, Kind::None, site.span(), std::move(*args));
  (*args)[0] = c.argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::Exit, Kind::None, site.span(), std::move(*args));
}

// ---- names that stand in one place only ----

ExprPtr call_statement(FunctionChecker& c, const CallSite& site) {
  c.report<DiagId::E0612>(site.span(), site.name, "as a statement");
  return c.invalid(site.span());
}

ExprPtr call_iterable(FunctionChecker& c, const CallSite& site) {
  c.report<DiagId::E0612>(site.span(), site.name, "as what a for loop runs over");
  return c.invalid(site.span());
}

ExprPtr call_decorator(FunctionChecker& c, const CallSite& site) {
  c.report<DiagId::E0612>(site.span(), site.name, "as a decorator").suggest("write @njit above the def");
  return c.invalid(site.span());
}

// ---- methods of numbers ----

ExprPtr integer_bits(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr number) {
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(std::move(number));
  return c.builtin_call(row.builtin, Kind::I64, site.span(), std::move(args));
}

ExprPtr float_is_integer(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr number) {
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  const Type type = number->type;
  return c.with_value(std::move(number), [&](const typed::Expr& value) {
    std::vector<ExprPtr> one, other;
    one.push_back(c.clone(value));
    other.push_back(c.clone(value));
    ExprPtr floor = c.builtin_call(Builtin::Floor, type, site.span(), std::move(one));
    ExprPtr whole = c.compare_values(typed::CompareOp::Eq, std::move(floor), c.clone(value), site.span());
    ExprPtr finite = c.builtin_call(Builtin::IsFinite, Kind::Bool, site.span(), std::move(other));
    return c.binary(typed::BinaryOp::BitAnd, std::move(finite), std::move(whole), site.span());
  });
}

ExprPtr number_conjugate(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr number) {
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  const Type type = number->type;
  if (!type.is_complex()) return number;
  std::vector<ExprPtr> args;
  args.push_back(std::move(number));
  return c.builtin_call(Builtin::Conjugate, type, site.span(), std::move(args));
}

namespace {

// Python's own numbers do not have the methods of NumPy's.
bool is_python_number(const Type& type) {
  return (type.is(Kind::I64) || type.is(Kind::F64) || type.is(Kind::C128)) && !type.is_numpy_scalar();
}

}  // namespace

ExprPtr number_item(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr number) {
  const Type type = number->type;
  if (is_python_number(type)) return nullptr;
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  const Kind python = type.is_signed() ? Kind::I64 : type.is_float() ? Kind::F64 : type.is_complex() ? Kind::C128 : type.kind();
  number = c.convert(std::move(number), python);
  number->type = number->type.as_python();
  return number;
}

ExprPtr number_round(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr number) {
  if (is_python_number(number->type) || !number->type.is_float()) return nullptr;
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"decimals"});
  if (!taken) return c.invalid(site.span());
  ExprPtr decimals = (*taken)[0] ? c.argument_i64(site, c.check(*(*taken)[0])) : c.int_constant(0, site.span());
  if (decimals->type.is_unknown()) return decimals;
  ExprPtr rounded = round_to_decimals(c, std::move(number), std::move(decimals), site.span());
  rounded->type = rounded->type.as_numpy();
  return rounded;
}

ExprPtr number_view(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr number) {
  const Type type = number->type;
  if (!type.is_integer() && !type.is_float()) return nullptr;
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"dtype"});
  const std::optional<Kind> wanted = taken ? c.dtype_of(*(*taken)[0]) : std::nullopt;
  if (!wanted) return c.invalid(site.span());
  if (is_python_number(type)) {
    c.report<DiagId::E0607>(site.span(), type.is(Kind::I64) ? "int" : "float", site.name)
        .suggest(
            fmt::format("write np.{}(x).view(...): numbers of Python have no bits", type.is(Kind::I64) ? "int64" : "float64"));
    return c.invalid(site.span());
  }
  const Type result = Type(*wanted).as_numpy();
  if ((!result.is_integer() && !result.is_float()) || bit_width(*wanted) != bit_width(type.kind())) {
    c.report<DiagId::E0606>((*taken)[0]->span, site.name,
                            fmt::format("an integer or float type of {} bits", bit_width(type.kind())), to_string(result));
    return c.invalid(site.span());
  }
  std::vector<ExprPtr> args;
  args.push_back(std::move(number));
  return c.builtin_call(row.builtin, result, site.span(), std::move(args));
}

}  // namespace kjit
