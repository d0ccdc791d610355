// Functions of math, cmath and numpy on scalars that need more than a signature. The table is in check_builtin.cpp.

#include "typing/check/checker.h"

namespace kjit {

// math.floor, ceil and trunc give an int.
FunctionChecker::ExprPtr FunctionChecker::call_math_rounding(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  if ((*args)[0]->type.is_integer()) return std::move((*args)[0]);
  ExprPtr value = argument_f64(site, std::move((*args)[0]));
  if (value->type.is_unknown()) return value;
  if (site.name != "trunc") {
    std::vector<ExprPtr> one;
    one.push_back(std::move(value));
    value = builtin_call(site.name == "floor" ? Builtin::Floor : Builtin::Ceil, Kind::F64, site.span(), std::move(one));
  }
  ExprPtr result = convert(std::move(value), Kind::I64);
  result->span = site.span();
  return result;
}

// Any number of integers, from left to right; none gives the neutral element.
FunctionChecker::ExprPtr FunctionChecker::call_gcd_lcm(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 100000);
  if (!args) return invalid(site.span());
  bool is_gcd = site.name == "gcd";
  ExprPtr total = int_constant(is_gcd ? 0 : 1, site.span());
  for (ExprPtr& arg : *args) {
    std::vector<ExprPtr> pair;
    pair.push_back(std::move(total));
    pair.push_back(argument_i64(site, std::move(arg)));
    if (pair[1]->type.is_unknown()) return invalid(site.span());
    total = builtin_call(is_gcd ? Builtin::Gcd : Builtin::Lcm, Kind::I64, site.span(), std::move(pair));
  }
  return total;
}

FunctionChecker::ExprPtr FunctionChecker::call_perm(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 2);
  if (!args) return invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(args->size() == 1 ? Builtin::Factorial : Builtin::Perm, Kind::I64, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_log(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 2);
  if (!args) return invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = argument_f64(site, std::move(arg));
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  if (args->size() == 2) return builtin_call(Builtin::LogBase, Kind::F64, site.span(), std::move(*args));
  return builtin_call(Builtin::Log, Kind::F64, site.span(), std::move(*args), true);
}

FunctionChecker::ExprPtr FunctionChecker::call_isclose(const CallSite& site) {
  // rel_tol and abs_tol are keyword-only in Python.
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 2, {"a", "b", "rel_tol", "abs_tol"});
  if (!taken) return invalid(site.span());
  std::vector<ExprPtr> args;
  for (std::size_t i = 0; i < 4; ++i) {
    args.push_back((*taken)[i] ? argument_f64(site, check(*(*taken)[i])) : float_constant(i == 2 ? 1e-9 : 0.0, site.span()));
    if (args.back()->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(Builtin::IsClose, Kind::Bool, site.span(), std::move(args));
}

// math.frexp and math.modf give two values.
FunctionChecker::ExprPtr FunctionChecker::call_split_float(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  (*args)[0] = argument_f64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return invalid(site.span());
  bool is_frexp = site.name == "frexp";
  Type type = Type::tuple({Kind::F64, is_frexp ? Kind::I64 : Kind::F64});
  return builtin_call(is_frexp ? Builtin::Frexp : Builtin::Modf, type, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_cmath(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, site.name == "log" ? 2 : 1);
  if (!args) return invalid(site.span());
  for (ExprPtr& arg : *args) {
    arg = convert_number(std::move(arg), Kind::C128, "a complex number");
    if (arg->type.is_unknown()) return std::move(arg);
  }
  if (site.name == "log") {
    return builtin_call(args->size() == 2 ? Builtin::CmathLogBase : Builtin::Cmath_log, Kind::C128, site.span(),
                        std::move(*args));
  }
  if (site.name == "polar") {
    return builtin_call(Builtin::CmathPolar, Type::tuple({Kind::F64, Kind::F64}), site.span(), std::move(*args));
  }
  return test_parts(site, std::move((*args)[0]));
}

// isnan and isinf hold if they hold for either part, isfinite if for both.
FunctionChecker::ExprPtr FunctionChecker::test_parts(const CallSite& site, ExprPtr value) {
  Builtin test = site.name == "isnan" ? Builtin::IsNan : site.name == "isinf" ? Builtin::IsInf : Builtin::IsFinite;
  Kind part = real_part_kind(value->type.kind());
  return with_value(std::move(value), [&](const typed::Expr& number) {
    std::vector<ExprPtr> results;
    for (Builtin side : {Builtin::Real, Builtin::Imag}) {
      std::vector<ExprPtr> inner;
      inner.push_back(clone(number));
      std::vector<ExprPtr> outer;
      outer.push_back(builtin_call(side, part, site.span(), std::move(inner)));
      results.push_back(builtin_call(test, Kind::Bool, site.span(), std::move(outer)));
    }
    typed::BinaryOp op = test == Builtin::IsFinite ? typed::BinaryOp::BitAnd : typed::BinaryOp::BitOr;
    return binary(op, std::move(results[0]), std::move(results[1]), site.span());
  });
}

// ---- numpy ----

FunctionChecker::ExprPtr FunctionChecker::call_np_test(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  Type type = (*args)[0]->type;
  if (!type.is_scalar()) return bad_argument(site, "a number", type, (*args)[0]->span);
  if (type.is_complex()) return test_parts(site, std::move((*args)[0]));
  if (!type.is_float()) (*args)[0] = convert(std::move((*args)[0]), Kind::F64);
  Builtin test = site.name == "isnan" ? Builtin::IsNan : site.name == "isinf" ? Builtin::IsInf : Builtin::IsFinite;
  return builtin_call(test, Kind::Bool, site.span(), std::move(*args));
}

// np.minimum and np.maximum let a NaN win; fmin and fmax let the number win.
FunctionChecker::ExprPtr FunctionChecker::call_np_extremum(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 2, 2);
  if (!args) return invalid(site.span());
  Type a = (*args)[0]->type, b = (*args)[1]->type;
  for (const ExprPtr& arg : *args) {
    bool ordered = arg->type.is_scalar() && !arg->type.is_complex();
    if (!ordered) return bad_argument(site, "a real number", arg->type, arg->span);
  }
  adapt_literal((*args)[0], (*args)[1]);
  std::optional<Type> common = numeric_join((*args)[0]->type, (*args)[1]->type);
  if (!common) return bad_operands(site.name, a, b, site.span());
  for (ExprPtr& arg : *args) arg = convert(std::move(arg), *common);
  bool is_min = site.name == "minimum" || site.name == "fmin";
  Builtin builtin = is_min ? Builtin::Minimum : Builtin::Maximum;
  if (site.name.starts_with("f") && common->is_float()) return number_wins(builtin, std::move(*args), *common, site.span());
  return builtin_call(builtin, *common, site.span(), std::move(*args));
}

// fmin(a, b): b if a is NaN, a if b is NaN, else the smaller.
FunctionChecker::ExprPtr FunctionChecker::number_wins(Builtin builtin, std::vector<ExprPtr> args, const Type& type, Span span) {
  return with_value(std::move(args[0]), [&](const typed::Expr& a) {
    return with_value(std::move(args[1]), [&](const typed::Expr& b) {
      auto is_nan = [&](const typed::Expr& value) {
        std::vector<ExprPtr> one;
        one.push_back(clone(value));
        return builtin_call(Builtin::IsNan, Kind::Bool, span, std::move(one));
      };
      std::vector<ExprPtr> pair;
      pair.push_back(clone(a));
      pair.push_back(clone(b));
      ExprPtr best = builtin_call(builtin, type, span, std::move(pair));
      ExprPtr other = make(type, span, typed::Conditional{is_nan(b), clone(a), std::move(best)});
      return make(type, span, typed::Conditional{is_nan(a), clone(b), std::move(other)});
    });
  });
}

FunctionChecker::ExprPtr FunctionChecker::call_np_arithmetic(const CallSite& site) {
  bool two = site.name == "power" || site.name == "mod" || site.name == "remainder" || site.name == "floor_divide";
  bool rounding = site.name == "round" || site.name == "around";
  std::optional<std::vector<ExprPtr>> args = check_args(site, two ? 2 : 1, two || rounding ? 2 : 1);
  if (!args) return invalid(site.span());
  for (const ExprPtr& arg : *args) {
    if (!arg->type.is_scalar()) return bad_argument(site, "a number", arg->type, arg->span);
  }
  ExprPtr value = std::move((*args)[0]);
  if (two) {
    typed::BinaryOp op = site.name == "power"          ? typed::BinaryOp::Pow
                         : site.name == "floor_divide" ? typed::BinaryOp::FloorDiv
                                                       : typed::BinaryOp::Mod;
    return binary(op, std::move(value), std::move((*args)[1]), site.span());
  }
  if (site.name == "square") return power(std::move(value), int_constant(2, site.span()), site.span());
  if (value->type.is_complex()) return bad_argument(site, "a real number", value->type, value->span);
  std::vector<ExprPtr> operands;
  if (site.name == "sign") {
    if (value->type.is(Kind::Bool)) return bad_argument(site, "a number", value->type, value->span);
    Type type = value->type;
    operands.push_back(std::move(value));
    return builtin_call(Builtin::Sign, type, site.span(), std::move(operands));
  }
  if (rounding) {
    if (value->type.is_integer()) return value;
    operands.push_back(argument_f64(site, std::move(value)));
    operands.push_back(args->size() == 2 ? argument_i64(site, std::move((*args)[1])) : int_constant(0, site.span()));
    if (operands[1]->type.is_unknown()) return invalid(site.span());
    return builtin_call(Builtin::NpRound, Kind::F64, site.span(), std::move(operands));
  }
  operands.push_back(argument_f64(site, std::move(value)));
  return builtin_call(site.name == "deg2rad" ? Builtin::Radians : Builtin::Degrees, Kind::F64, site.span(), std::move(operands));
}

FunctionChecker::ExprPtr FunctionChecker::call_np_complex(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  Type type = (*args)[0]->type;
  if (!type.is_scalar()) return bad_argument(site, "a number", type, (*args)[0]->span);
  if (site.name == "angle") {
    (*args)[0] = convert(std::move((*args)[0]), Kind::C128);
    return builtin_call(Builtin::CmathPhase, Kind::F64, site.span(), std::move(*args));
  }
  if (!type.is_complex()) return site.name == "imag" ? convert(int_constant(0, site.span()), type) : std::move((*args)[0]);
  if (site.name.starts_with("conj")) return builtin_call(Builtin::Conjugate, type, site.span(), std::move(*args));
  return builtin_call(site.name == "real" ? Builtin::Real : Builtin::Imag, real_part_kind(type.kind()), site.span(),
                      std::move(*args));
}

}  // namespace kjit
