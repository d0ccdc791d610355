// Calls of outside names: fixed signatures, NumPy's scalar functions, and the table of those with rules of their own. Python's
// builtins follow in check_builtin_python.cpp, math in check_builtin_math.cpp, arrays in check_builtin_array.cpp, random in
// check_builtin_random.cpp, parallel loops in check_builtin_parallel.cpp. Entries: call_signature, call_np_float, call_handler,
// cast.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

// Which function handles which name; one row per name with PathCategory::Handler.
struct HandlerTable {
  using Handler = FunctionChecker::ExprPtr (FunctionChecker::*)(const CallSite&);

  static Handler find(std::string_view path) {
    using F = FunctionChecker;
    static const std::map<std::string_view, Handler> kHandlers = {
        {"builtins.len", &F::call_len},
        {"builtins.abs", &F::call_abs},
        {"builtins.min", &F::call_min_max},
        {"builtins.max", &F::call_min_max},
        {"builtins.sum", &F::call_sum},
        {"builtins.round", &F::call_round},
        {"builtins.int", &F::call_int},
        {"builtins.float", &F::call_float},
        {"builtins.bool", &F::call_bool},
        {"builtins.complex", &F::call_complex},
        {"builtins.str", &F::call_str},
        {"builtins.repr", &F::call_str},
        {"builtins.format", &F::call_str},
        {"builtins.divmod", &F::call_divmod},
        {"builtins.pow", &F::call_pow},
        {"builtins.print", &F::call_out_of_place},
        {"builtins.ord", &F::call_ord_chr},
        {"builtins.chr", &F::call_ord_chr},
        {"builtins.tuple", &F::call_tuple},
        {"builtins.any", &F::call_any_all},
        {"builtins.all", &F::call_any_all},
        {"builtins.range", &F::call_out_of_place},
        {"builtins.enumerate", &F::call_out_of_place},
        {"builtins.zip", &F::call_out_of_place},
        {"builtins.reversed", &F::call_out_of_place},
        {"kjit.prange", &F::call_out_of_place},
        {"builtins.exit", &F::call_exit},
        {"sys.exit", &F::call_exit},
        {"kjit.njit", &F::call_out_of_place},
        {"kjit.jit", &F::call_out_of_place},
        {"kjit.set_num_threads", &F::call_threads},
        {"kjit.get_num_threads", &F::call_threads},
        {"kjit.atomic_add", &F::call_atomic},
        {"kjit.atomic_min", &F::call_atomic},
        {"kjit.atomic_max", &F::call_atomic},
        {"kjit.scratch", &F::call_new_array},
        {"sys.argv", &F::call_out_of_place},

        {"math.floor", &F::call_math_rounding},
        {"math.ceil", &F::call_math_rounding},
        {"math.trunc", &F::call_math_rounding},
        {"math.gcd", &F::call_gcd_lcm},
        {"math.lcm", &F::call_gcd_lcm},
        {"math.perm", &F::call_perm},
        {"math.log", &F::call_log},
        {"math.isclose", &F::call_isclose},
        {"math.frexp", &F::call_split_float},
        {"math.modf", &F::call_split_float},
        {"math.fsum", &F::call_array_reduction},
        {"math.prod", &F::call_array_reduction},
        {"cmath.log", &F::call_cmath},
        {"cmath.polar", &F::call_cmath},
        {"cmath.isnan", &F::call_cmath},
        {"cmath.isinf", &F::call_cmath},
        {"cmath.isfinite", &F::call_cmath},

        {"numpy.isnan", &F::call_np_test},
        {"numpy.isinf", &F::call_np_test},
        {"numpy.isfinite", &F::call_np_test},
        {"numpy.abs", &F::call_abs},
        {"numpy.absolute", &F::call_abs},
        {"numpy.minimum", &F::call_np_extremum},
        {"numpy.maximum", &F::call_np_extremum},
        {"numpy.fmin", &F::call_np_extremum},
        {"numpy.fmax", &F::call_np_extremum},
        {"numpy.sign", &F::call_np_arithmetic},
        {"numpy.power", &F::call_np_arithmetic},
        {"numpy.square", &F::call_np_arithmetic},
        {"numpy.mod", &F::call_np_arithmetic},
        {"numpy.remainder", &F::call_np_arithmetic},
        {"numpy.floor_divide", &F::call_np_arithmetic},
        {"numpy.deg2rad", &F::call_np_arithmetic},
        {"numpy.rad2deg", &F::call_np_arithmetic},
        {"numpy.round", &F::call_np_arithmetic},
        {"numpy.around", &F::call_np_arithmetic},
        {"numpy.real", &F::call_np_complex},
        {"numpy.imag", &F::call_np_complex},
        {"numpy.conj", &F::call_np_complex},
        {"numpy.conjugate", &F::call_np_complex},
        {"numpy.angle", &F::call_np_complex},

        {"numpy.zeros", &F::call_new_array},
        {"numpy.ones", &F::call_new_array},
        {"numpy.empty", &F::call_new_array},
        {"numpy.full", &F::call_new_array},
        {"numpy.zeros_like", &F::call_new_like},
        {"numpy.ones_like", &F::call_new_like},
        {"numpy.empty_like", &F::call_new_like},
        {"numpy.full_like", &F::call_new_like},
        {"numpy.arange", &F::call_arange},
        {"numpy.linspace", &F::call_linspace},
        {"numpy.array", &F::call_array},
        {"numpy.asarray", &F::call_array},
        {"numpy.copy", &F::call_array},
        {"numpy.eye", &F::call_eye},
        {"numpy.identity", &F::call_eye},
        {"numpy.sum", &F::call_array_reduction},
        {"numpy.prod", &F::call_array_reduction},
        {"numpy.min", &F::call_array_reduction},
        {"numpy.max", &F::call_array_reduction},
        {"numpy.amin", &F::call_array_reduction},
        {"numpy.amax", &F::call_array_reduction},
        {"numpy.argmin", &F::call_array_reduction},
        {"numpy.argmax", &F::call_array_reduction},
        {"numpy.mean", &F::call_array_reduction},
        {"numpy.average", &F::call_array_reduction},
        {"numpy.var", &F::call_array_reduction},
        {"numpy.std", &F::call_array_reduction},
        {"numpy.any", &F::call_array_reduction},
        {"numpy.all", &F::call_array_reduction},
        {"numpy.dot", &F::call_dot},
        {"numpy.shape", &F::call_array_query},
        {"numpy.size", &F::call_array_query},
        {"numpy.ndim", &F::call_array_query},
        {"numpy.count_nonzero", &F::call_array_reduction},

        {"random.gauss", &F::call_random},
        {"random.normalvariate", &F::call_random},
        {"random.expovariate", &F::call_random},
        {"random.randrange", &F::call_random},
        {"random.seed", &F::call_random},
        {"random.choice", &F::call_random},
        {"random.shuffle", &F::call_random},
        {"numpy.random.random", &F::call_np_random},
        {"numpy.random.rand", &F::call_np_random},
        {"numpy.random.random_sample", &F::call_np_random},
        {"numpy.random.ranf", &F::call_np_random},
        {"numpy.random.sample", &F::call_np_random},
        {"numpy.random.uniform", &F::call_np_random},
        {"numpy.random.normal", &F::call_np_random},
        {"numpy.random.randn", &F::call_np_random},
        {"numpy.random.standard_normal", &F::call_np_random},
        {"numpy.random.randint", &F::call_np_random},
        {"numpy.random.seed", &F::call_random},
        {"numpy.random.shuffle", &F::call_random},
    };
    auto found = kHandlers.find(path);
    KJIT_ASSERT(found != kHandlers.end(), "every name with a handler has a row here");
    return found->second;
  }
};

FunctionChecker::ExprPtr FunctionChecker::call_handler(const CallSite& site) {
  return (this->*HandlerTable::find(site.path))(site);
}

// ---- arguments ----

FunctionChecker::ExprPtr FunctionChecker::bad_argument(const CallSite& site, std::string_view needed, const Type& given,
                                                       Span span) {
  report<DiagId::E0606>(span, site.name, needed, to_string(given));
  return invalid(site.span());
}

std::optional<std::vector<const ast::Expr*>> FunctionChecker::take_args(const CallSite& site, std::size_t least,
                                                                        std::vector<std::string_view> names) {
  std::vector<const ast::Expr*> taken(names.size());
  std::size_t given = site.call.args.size() + site.call.keywords.size();
  if (site.call.args.size() > names.size()) {
    std::string count =
        least == names.size() ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(names.size());
    report<DiagId::E0601>(site.span(), site.name, count, given);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < site.call.args.size(); ++i) taken[i] = site.call.args[i].get();
  for (const ast::Keyword& keyword : site.call.keywords) {
    auto found = std::find(names.begin(), names.end(), keyword.name);
    if (found == names.end()) {
      Diagnostic& diag = report<DiagId::E0602>(keyword.name_span, site.name, keyword.name);
      std::string_view near = did_you_mean(keyword.name, names);
      if (!near.empty()) diag.suggest("did you mean '" + std::string(near) + "'?");
      if (keyword.name == "axis") diag.suggest("over one axis write a loop: out[i] = a[i].sum()");
      return std::nullopt;
    }
    const ast::Expr*& slot = taken[found - names.begin()];
    if (slot) {
      report<DiagId::E0603>(keyword.name_span, site.name, keyword.name);
      return std::nullopt;
    }
    slot = keyword.value.get();
  }
  for (std::size_t i = 0; i < least; ++i) {
    if (taken[i]) continue;
    report<DiagId::E0604>(site.span(), site.name, names[i]);
    return std::nullopt;
  }
  return taken;
}

std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::check_args(const CallSite& site, std::size_t least,
                                                                                 std::size_t most) {
  std::vector<ExprPtr> values;
  bool ok = true;
  for (const ast::ExprPtr& arg : site.call.args) {
    values.push_back(check(*arg));
    ok = ok && !values.back()->type.is_unknown();
  }
  if (!site.call.keywords.empty()) {
    report<DiagId::E0602>(site.call.keywords[0].name_span, site.name, site.call.keywords[0].name)
        .suggest("give the value by position");
    return std::nullopt;
  }
  if (values.size() < least || values.size() > most) {
    std::string count = std::to_string(least);
    if (most != least) count = most > 1000 ? "at least " + count : count + " to " + std::to_string(most);
    report<DiagId::E0601>(site.span(), site.name, count, values.size());
    return std::nullopt;
  }
  if (!ok) return std::nullopt;
  return values;
}

FunctionChecker::ExprPtr FunctionChecker::argument_f64(const CallSite& site, ExprPtr value) {
  Type type = value->type;
  if (type.is_unknown()) return value;
  if (type.is_scalar() && !type.is_complex()) return convert(std::move(value), Kind::F64);
  Diagnostic& diag = report<DiagId::E0606>(value->span, site.name, "a real number", to_string(type));
  if (type.is_complex() && site.path.starts_with("math.")) diag.suggest("use cmath." + std::string(site.name));
  if (type.is_array()) diag.suggest("loop over the elements");
  return invalid(value->span);
}

FunctionChecker::ExprPtr FunctionChecker::argument_i64(const CallSite& site, ExprPtr value) {
  Type type = value->type;
  if (type.is_unknown()) return value;
  if (type.is_integer() || type.is(Kind::Bool)) return convert(std::move(value), Kind::I64);
  Diagnostic& diag = report<DiagId::E0606>(value->span, site.name, "an integer", to_string(type));
  if (type.is_float()) diag.suggest("write int(...)");
  return invalid(value->span);
}

// ---- fixed signatures ----

FunctionChecker::ExprPtr FunctionChecker::call_signature(const CallSite& site, const PathRow& row) {
  std::size_t arity = row.signature.find('>');
  std::optional<std::vector<ExprPtr>> args = check_args(site, arity, arity);
  static const std::map<char, Kind> kKinds = {{'d', Kind::F64},  {'l', Kind::I64}, {'u', Kind::U64}, {'c', Kind::C128},
                                              {'b', Kind::Bool}, {'s', Kind::Str}, {'n', Kind::None}};
  Type result = kKinds.at(row.signature[arity + 1]);
  if (!args) return invalid(site.span());
  for (std::size_t i = 0; i < arity; ++i) {
    ExprPtr& arg = (*args)[i];
    if (row.signature[i] == 'd') arg = argument_f64(site, std::move(arg));
    if (row.signature[i] == 'l') arg = argument_i64(site, std::move(arg));
    if (row.signature[i] == 'c') arg = convert_number(std::move(arg), Kind::C128, "a complex number");
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(row.builtin, result, site.span(), std::move(*args), row.checked);
}

namespace {

// NumPy's functions of a complex scalar.
std::optional<Builtin> complex_form(Builtin builtin) {
  switch (builtin) {
    case Builtin::Sin: return Builtin::Cmath_sin;
    case Builtin::Cos: return Builtin::Cmath_cos;
    case Builtin::Tan: return Builtin::Cmath_tan;
    case Builtin::Sinh: return Builtin::Cmath_sinh;
    case Builtin::Cosh: return Builtin::Cmath_cosh;
    case Builtin::Tanh: return Builtin::Cmath_tanh;
    case Builtin::Exp: return Builtin::Cmath_exp;
    case Builtin::Log: return Builtin::Cmath_log;
    case Builtin::Sqrt: return Builtin::Cmath_sqrt;
    default: return std::nullopt;
  }
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::call_np_float(const CallSite& site, const PathRow& row) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, row.signature.size(), row.signature.size());
  if (!args) return invalid(site.span());
  Kind common = Kind::Bool;
  for (const ExprPtr& arg : *args) {
    if (!arg->type.is_scalar()) {
      report<DiagId::E0606>(arg->span, site.name, "a number", to_string(arg->type))
          .suggest(arg->type.is_array() ? "loop over the elements" : "");
      return invalid(site.span());
    }
    common = promote(common, arg->type.kind()).value_or(Kind::F64);
  }
  if (Type(common).is_complex()) {
    std::optional<Builtin> form = complex_form(row.builtin);
    if (!form) return bad_argument(site, "a real number", common, site.span());
    (*args)[0] = convert(std::move((*args)[0]), Kind::C128);
    return builtin_call(*form, Kind::C128, site.span(), std::move(*args));
  }
  Kind kind = common == Kind::F32 ? Kind::F32 : Kind::F64;
  for (ExprPtr& arg : *args) arg = convert(std::move(arg), kind);
  return builtin_call(row.builtin, kind, site.span(), std::move(*args));
}

// np.float32(x), kjit.i64(x), a dtype held in a parameter: NumPy's conversion, on scalars.
FunctionChecker::ExprPtr FunctionChecker::cast(const CallSite& site, kjit::Kind kind) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  if (args->empty()) return convert(int_constant(0, site.span()), kind);
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is_array()) return bad_argument(site, "a number", value->type, value->span);
  ExprPtr result = convert_number(std::move(value), kind, to_string(Type(kind)));
  result->span = site.span();
  return result;
}

FunctionChecker::ExprPtr FunctionChecker::call_out_of_place(const CallSite& site) {
  bool decorator = site.path == "kjit.njit" || site.path == "kjit.jit";
  bool print = site.path == "builtins.print";
  report<DiagId::E0612>(site.span(), site.name,
                        decorator ? "as a decorator"
                        : print   ? "as a statement"
                                  : "as what a for loop runs over")
      .suggest(decorator ? "write @njit above the def" : "");
  return invalid(site.span());
}

}  // namespace kjit
