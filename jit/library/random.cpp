// Random numbers beyond fixed signatures. Which draws each function takes is fixed in runtime/abi.h.

#include "library/handlers.h"

namespace kjit {

namespace {

// Two real numbers with the defaults 0 and 1: mu and sigma, low and high, loc and scale.
std::optional<std::vector<ExprPtr>> two_parameters(FunctionChecker& c, const CallSite& site, const ast::Expr* first,
                                                   const ast::Expr* second) {
  std::vector<ExprPtr> values;
  for (const ast::Expr* given : {first, second}) {
    values.push_back(given ? c.argument_f64(site, c.check(*given)) : c.float_constant(values.empty() ? 0.0 : 1.0, site.span()));
    if (values.back()->type.is_unknown()) return std::nullopt;
  }
  return values;
}

}  // namespace

// random.gauss and random.normalvariate.
ExprPtr call_normal(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"mu", "sigma"});
  if (!taken) return c.invalid(site.span());
  std::optional<std::vector<ExprPtr>> args = two_parameters(c, site, (*taken)[0], (*taken)[1]);
  return args ? c.builtin_call(site.row->builtin(), Kind::F64, site.span(), std::move(*args)) : c.invalid(site.span());
}

ExprPtr call_expovariate(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"lambd"});
  if (!taken) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(c.argument_f64(site, c.check(*(*taken)[0])));
  if (args[0]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::Expovariate, Kind::F64, site.span(), std::move(args));
}

ExprPtr call_shuffle(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type type = (*args)[0]->type;
  if (!type.is_array()) return c.bad_argument(site, "an array", type, (*args)[0]->span);
  return c.builtin_call(Builtin::Shuffle, Kind::None, site.span(), std::move(*args));
}

ExprPtr call_seed(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  (*args)[0] = c.argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::Seed, Kind::None, site.span(), std::move(*args));
}

ExprPtr call_randrange(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 3);
  if (!args) return c.invalid(site.span());
  std::vector<ExprPtr> bounds;
  if (args->size() == 1) bounds.push_back(c.int_constant(0, site.span()));
  for (ExprPtr& arg : *args) bounds.push_back(c.argument_i64(site, std::move(arg)));
  if (bounds.size() == 2) bounds.push_back(c.int_constant(1, site.span()));
  for (const ExprPtr& bound : bounds) {
    if (bound->type.is_unknown()) return c.invalid(site.span());
  }
  return c.builtin_call(Builtin::Randrange, Kind::I64, site.span(), std::move(bounds));
}

// One draw: the element at randrange(len).
ExprPtr call_choice(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  ExprPtr sequence = std::move((*args)[0]);
  Type type = sequence->type;
  bool tuple = type.is_tuple() && !type.elements().empty();
  if (tuple) {
    for (const Type& element : type.elements()) tuple = tuple && element == type.elements()[0];
  }
  if (!tuple && !(type.is_array() && type.rank() == 1)) {
    return c.bad_argument(site, "an array of one dimension, or a tuple of values of one type", type, sequence->span);
  }
  return c.with_value(std::move(sequence), [&](const typed::Expr& from) {
    ExprPtr length = tuple ? c.int_constant(static_cast<std::int64_t>(type.elements().size()), site.span())
                           : c.make(Kind::I64, site.span(), typed::ArrayDim{c.clone(from), 0});
    // For an empty array the element at 0 raises the IndexError that Python raises.
    std::vector<ExprPtr> at_least_one;
    at_least_one.push_back(std::move(length));
    at_least_one.push_back(c.int_constant(1, site.span()));
    std::vector<ExprPtr> bounds;
    bounds.push_back(c.int_constant(0, site.span()));
    bounds.push_back(c.builtin_call(Builtin::Max, Kind::I64, site.span(), std::move(at_least_one)));
    bounds.push_back(c.int_constant(1, site.span()));
    ExprPtr index = c.builtin_call(Builtin::Randrange, Kind::I64, site.span(), std::move(bounds));
    if (tuple) return c.make(type.elements()[0], site.span(), typed::TupleElementDynamic{c.clone(from), std::move(index)});
    typed::Element element;
    element.array = c.clone(from);
    element.indices.push_back(std::move(index));
    return c.make(type.dtype(), site.span(), std::move(element));
  });
}

// ---- numpy.random: scalars, or arrays when a size is given ----

namespace {

// What one of NumPy's functions draws: a number, or, by the second, elements of an array.
struct Draw {
  Builtin scalar;
  Builtin fill;
  Kind kind;
};

ExprPtr random_array(FunctionChecker& c, const CallSite& site, const Draw& draw, std::optional<std::vector<ExprPtr>> shape,
                     std::vector<ExprPtr> parameters) {
  if (!shape) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(new_array(c, typed::Fill::Empty, draw.kind, std::move(*shape), nullptr, site.span()));
  Type type = args[0]->type;
  for (ExprPtr& parameter : parameters) args.push_back(std::move(parameter));
  return c.builtin_call(draw.fill, type, site.span(), std::move(args));
}

const ast::Expr* unless_none(const ast::Expr* expr) {
  return expr && std::holds_alternative<ast::NoneLiteral>(expr->node) ? nullptr : expr;
}

ExprPtr draw_of_size(FunctionChecker& c, const CallSite& site, const Draw& draw, const ast::Expr* size,
                     std::vector<ExprPtr> parameters) {
  if (!unless_none(size)) return c.builtin_call(draw.scalar, draw.kind, site.span(), std::move(parameters));
  return random_array(c, site, draw, check_shape(c, *size), std::move(parameters));
}

constexpr Draw kUnit = {Builtin::Random, Builtin::FillRandom, Kind::F64};
constexpr Draw kUniform = {Builtin::Uniform, Builtin::FillUniform, Kind::F64};
constexpr Draw kNormal = {Builtin::Gauss, Builtin::FillGauss, Kind::F64};
constexpr Draw kIntegers = {Builtin::Randrange, Builtin::FillIntegers, Kind::I64};

ExprPtr draw_with_parameters(FunctionChecker& c, const CallSite& site, const Draw& draw, std::vector<std::string_view> names) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, std::move(names));
  if (!taken) return c.invalid(site.span());
  std::optional<std::vector<ExprPtr>> parameters = two_parameters(c, site, (*taken)[0], (*taken)[1]);
  return parameters ? draw_of_size(c, site, draw, (*taken)[2], std::move(*parameters)) : c.invalid(site.span());
}

}  // namespace

// np.random.random and its other names.
ExprPtr call_np_random(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"size"});
  return taken ? draw_of_size(c, site, kUnit, (*taken)[0], {}) : c.invalid(site.span());
}

ExprPtr call_np_uniform(FunctionChecker& c, const CallSite& site) {
  return draw_with_parameters(c, site, kUniform, {"low", "high", "size"});
}

ExprPtr call_np_normal(FunctionChecker& c, const CallSite& site) {
  return draw_with_parameters(c, site, kNormal, {"loc", "scale", "size"});
}

ExprPtr call_np_standard_normal(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, {"size"});
  if (!taken) return c.invalid(site.span());
  return draw_of_size(c, site, kNormal, (*taken)[0], std::move(*two_parameters(c, site, nullptr, nullptr)));
}

// randint(high) is randint(0, high).
ExprPtr call_np_randint(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"low", "high", "size"});
  if (!taken) return c.invalid(site.span());
  const ast::Expr* high = unless_none((*taken)[1]);
  std::vector<ExprPtr> parameters;
  parameters.push_back(high ? c.argument_i64(site, c.check(*(*taken)[0])) : c.int_constant(0, site.span()));
  parameters.push_back(c.argument_i64(site, c.check(high ? *high : *(*taken)[0])));
  for (const ExprPtr& parameter : parameters) {
    if (parameter->type.is_unknown()) return c.invalid(site.span());
  }
  if (!unless_none((*taken)[2])) parameters.push_back(c.int_constant(1, site.span()));
  return draw_of_size(c, site, kIntegers, (*taken)[2], std::move(parameters));
}

// rand(d0, d1, ...) and randn(...): the dimensions are the arguments.
ExprPtr call_rand(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 32);
  if (!args) return c.invalid(site.span());
  const Draw& draw = site.row->builtin() == Builtin::FillGauss ? kNormal : kUnit;
  std::vector<ExprPtr> parameters;
  if (&draw == &kNormal) parameters = std::move(*two_parameters(c, site, nullptr, nullptr));
  if (args->empty()) return c.builtin_call(draw.scalar, Kind::F64, site.span(), std::move(parameters));
  for (ExprPtr& arg : *args) {
    arg = c.argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return c.invalid(site.span());
  }
  return random_array(c, site, draw, std::move(args), std::move(parameters));
}

}  // namespace kjit
