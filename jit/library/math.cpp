// Functions of math, cmath and numpy on scalars that have rules of their own about their arguments.

#include <cmath>
#include <cstdlib>

#include "library/handlers.h"
#include "typing/tree/signature.h"

namespace kjit {

// math.floor, ceil and trunc give an int.
ExprPtr call_math_rounding(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  if (const Type type = (*args)[0]->type; type.is_integer()) {
    return type.is(Kind::U64) ? std::move((*args)[0]) : c.convert(std::move((*args)[0]), Kind::I64);
  }
  ExprPtr value = c.argument_f64(site, std::move((*args)[0]));
  if (value->type.is_unknown()) return value;
  std::vector<ExprPtr> one;
  one.push_back(std::move(value));
  value = c.builtin_call(site.row->builtin(), Kind::F64, site.span(), std::move(one));
  ExprPtr result = c.convert(std::move(value), Kind::I64);
  result->span = site.span();
  return result;
}

// Any number of integers, from left to right; none gives the neutral element.
ExprPtr call_gcd_lcm(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 100000);
  if (!args) return c.invalid(site.span());
  ExprPtr total = c.int_constant(site.row->builtin() == Builtin::Gcd ? 0 : 1, site.span());
  for (ExprPtr& arg : *args) {
    std::vector<ExprPtr> pair;
    pair.push_back(std::move(total));
    pair.push_back(c.argument_i64(site, std::move(arg)));
    if (pair[1]->type.is_unknown()) return c.invalid(site.span());
    total = c.builtin_call(site.row->builtin(), Kind::I64, site.span(), std::move(pair));
  }
  return total;
}

ExprPtr call_perm(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 2);
  if (!args) return c.invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = c.argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return c.invalid(site.span());
  }
  return c.builtin_call(args->size() == 1 ? Builtin::Factorial : Builtin::Perm, Kind::I64, site.span(), std::move(*args));
}

ExprPtr call_log(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 2);
  if (!args) return c.invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = c.argument_f64(site, std::move(arg));
    if (arg->type.is_unknown()) return c.invalid(site.span());
  }
  if (args->size() == 2) return c.builtin_call(Builtin::LogBase, Kind::F64, site.span(), std::move(*args));
  return c.builtin_call(Builtin::Log, Kind::F64, site.span(), std::move(*args), true);
}

ExprPtr call_isclose(FunctionChecker& c, const CallSite& site) {
  // rel_tol and abs_tol are keyword-only in Python.
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"a", "b", "rel_tol", "abs_tol"});
  if (!taken) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  for (std::size_t i = 0; i < 4; ++i) {
    args.push_back((*taken)[i] ? c.argument_f64(site, c.check(*(*taken)[i]))
                               : c.float_constant(i == 2 ? 1e-9 : 0.0, site.span()));
    if (args.back()->type.is_unknown()) return c.invalid(site.span());
  }
  return c.builtin_call(Builtin::IsClose, Kind::Bool, site.span(), std::move(args));
}

// math.frexp and math.modf give two values.
ExprPtr call_split_float(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  (*args)[0] = c.argument_f64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  const Builtin builtin = site.row->builtin();
  return c.builtin_call(builtin, fixed_signature(builtin_row(builtin).signature).result, site.span(), std::move(*args));
}

ExprPtr call_cmath_log(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 2);
  if (!args) return c.invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = c.convert_number(std::move(arg), Kind::C128, "a complex number");
    if (arg->type.is_unknown()) return std::move(arg);
  }
  return c.builtin_call(args->size() == 2 ? Builtin::CmathLogBase : Builtin::Cmath_log, Kind::C128, site.span(),
                        std::move(*args));
}

// ---- numpy ----

namespace {

// fmin(a, b): b if a is NaN, a if b is NaN, else the smaller.
ExprPtr number_wins(FunctionChecker& c, Builtin builtin, std::vector<ExprPtr> args, const Type& type, Span span) {
  return c.with_value(std::move(args[0]), [&](const typed::Expr& a) {
    return c.with_value(std::move(args[1]), [&](const typed::Expr& b) {
      auto is_nan = [&](const typed::Expr& value) {
        std::vector<ExprPtr> one;
        one.push_back(c.clone(value));
        return c.builtin_call(Builtin::IsNan, Kind::Bool, span, std::move(one));
      };
      std::vector<ExprPtr> pair;
      // Of 0.0 and -0.0 NumPy keeps the first as float64 and the second as float32.
      const bool first = type.is(Kind::F64);
      pair.push_back(c.clone(first ? b : a));
      pair.push_back(c.clone(first ? a : b));
      ExprPtr best = c.builtin_call(builtin, type, span, std::move(pair));
      ExprPtr other = c.make(type, span, typed::Conditional{is_nan(b), c.clone(a), std::move(best)});
      return c.make(type, span, typed::Conditional{is_nan(a), c.clone(b), std::move(other)});
    });
  });
}

}  // namespace

// np.fmin and np.fmax: np.minimum and np.maximum, except that a number wins over a NaN.
ExprPtr call_np_extremum(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 2, 2);
  if (!args) return c.invalid(site.span());
  Type a = (*args)[0]->type, b = (*args)[1]->type;
  for (const ExprPtr& arg : *args) {
    bool ordered = arg->type.is_scalar() && !arg->type.is_complex();
    if (!ordered) return c.bad_argument(site, "a real number", arg->type, arg->span);
  }
  if (!c.adapt_literal((*args)[0], (*args)[1], site.span())) return c.invalid(site.span());
  std::optional<Type> common = numeric_join((*args)[0]->type, (*args)[1]->type);
  if (!common) return c.bad_operands(site.name, a, b, site.span());
  for (ExprPtr& arg : *args) arg = c.convert(std::move(arg), *common);
  Builtin builtin = site.row->builtin();
  if (common->is_float()) return number_wins(c, builtin, std::move(*args), *common, site.span());
  return c.builtin_call(builtin, *common, site.span(), std::move(*args));
}

namespace {

// The arguments of an operator under a name; none unless all are numbers.
std::optional<std::vector<ExprPtr>> take_numbers(FunctionChecker& c, const CallSite& site, std::size_t least, std::size_t most) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, least, most);
  if (!args) return std::nullopt;
  for (const ExprPtr& arg : *args) {
    if (arg->type.is_scalar()) continue;
    c.bad_argument(site, "a number", arg->type, arg->span);
    return std::nullopt;
  }
  return args;
}

// np.power, np.mod and their like are the operators.
ExprPtr call_np_operator(FunctionChecker& c, const CallSite& site, typed::BinaryOp op) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 2, 2);
  return args ? c.binary(op, std::move((*args)[0]), std::move((*args)[1]), site.span()) : c.invalid(site.span());
}

}  // namespace

// Of floats as of the elements of arrays, which have the same bits and raise nothing.
ExprPtr call_np_power(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 2, 2);
  if (!args) return c.invalid(site.span());
  ExprPtr base = std::move((*args)[0]), exponent = std::move((*args)[1]);
  const bool real = !base->type.is_complex() && !exponent->type.is_complex();
  if (!real || !(base->type.is_float() || exponent->type.is_float()))
    return c.binary(typed::BinaryOp::Pow, std::move(base), std::move(exponent), site.span());
  ExprPtr power = c.element_binary(typed::BinaryOp::Pow, std::move(base), std::move(exponent), site.span());
  if (power->type.is_float()) power->type = power->type.as_numpy();
  return power;
}
ExprPtr call_np_mod(FunctionChecker& c, const CallSite& site) { return call_np_operator(c, site, typed::BinaryOp::Mod); }
ExprPtr call_np_floor_divide(FunctionChecker& c, const CallSite& site) {
  return call_np_operator(c, site, typed::BinaryOp::FloorDiv);
}

// NumPy computes some functions of booleans in the next type that has them.
ExprPtr without_booleans(FunctionChecker& c, ExprPtr value) {
  return value->type.is(Kind::Bool) ? c.convert(std::move(value), Kind::I8) : std::move(value);
}

ExprPtr call_np_square(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 1, 1);
  if (!args) return c.invalid(site.span());
  return c.with_value(without_booleans(c, std::move((*args)[0])), [&](const typed::Expr& value) {
    return c.binary(typed::BinaryOp::Mul, c.clone(value), c.clone(value), site.span());
  });
}

// As NumPy: scaled by a power of ten, in the type of the value, rounded to a whole number, and scaled back.
ExprPtr round_to_decimals(FunctionChecker& c, ExprPtr value, ExprPtr decimals, Span span) {
  constexpr std::int64_t kExact = 22;  // powers of ten that are doubles
  const Type type = value->type;
  const auto whole = [&](ExprPtr scaled) {
    std::vector<ExprPtr> operands;
    operands.push_back(std::move(scaled));
    return c.builtin_call(Builtin::Rint, type, span, std::move(operands));
  };
  const std::int64_t digits = FunctionChecker::int_value(*decimals).value_or(kExact + 1);
  if (digits == 0) return whole(std::move(value));
  if (-kExact <= digits && digits <= kExact) {
    const auto scaled = [&](typed::BinaryOp op, ExprPtr x) {
      ExprPtr scale = c.convert(c.float_constant(std::pow(10.0, std::abs(digits)), span), type.kind());
      return c.make(type, span, typed::Binary{op, std::move(x), std::move(scale)});
    };
    using enum typed::BinaryOp;
    return scaled(digits > 0 ? TrueDiv : Mul, whole(scaled(digits > 0 ? Mul : TrueDiv, std::move(value))));
  }
  std::vector<ExprPtr> operands;
  operands.push_back(c.convert(std::move(value), Kind::F64));
  operands.push_back(c.convert(std::move(decimals), Kind::I64));
  return c.convert(c.builtin_call(Builtin::NpRound, Kind::F64, span, std::move(operands)), type);
}

ExprPtr call_np_round(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 1, 2);
  if (!args) return c.invalid(site.span());
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is_complex()) return c.bad_argument(site, "a real number", value->type, value->span);
  if (value->type.is_integer()) {
    const bool whole = args->size() == 1 || FunctionChecker::int_value(*(*args)[1]).value_or(-1) >= 0;
    return whole ? std::move(value) : c.bad_argument(site, "floats beside such decimals", value->type, value->span);
  }
  if (!value->type.is(Kind::F32)) value = c.argument_f64(site, std::move(value));
  ExprPtr decimals = args->size() == 2 ? c.argument_i64(site, std::move((*args)[1])) : c.int_constant(0, site.span());
  if (value->type.is_unknown() || decimals->type.is_unknown()) return c.invalid(site.span());
  return round_to_decimals(c, std::move(value), std::move(decimals), site.span());
}

// np.real and np.imag. The imaginary part of a real number is 0 of its type.
ExprPtr call_np_part(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type type = (*args)[0]->type;
  const Builtin part = site.row->builtin();
  if (type.is_complex()) return c.builtin_call(part, real_part_kind(type.kind()), site.span(), std::move(*args));
  return part == Builtin::Imag ? c.convert(c.int_constant(0, site.span()), type) : std::move((*args)[0]);
}

ExprPtr call_np_conjugate(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = take_numbers(c, site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type type = (*args)[0]->type;
  if (!type.is_complex()) return without_booleans(c, std::move((*args)[0]));
  return c.builtin_call(Builtin::Conjugate, type, site.span(), std::move(*args));
}

}  // namespace kjit
