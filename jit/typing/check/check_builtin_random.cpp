// Random numbers beyond fixed signatures. Which draws each function takes is fixed in runtime/abi.h. The table is in
// check_builtin.cpp.

#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::call_random(const CallSite& site) {
  if (site.name == "seed") return call_seed(site);
  if (site.name == "choice" || site.name == "shuffle") {
    std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
    if (!args) return invalid(site.span());
    if (site.name == "choice") return pick_element(site, std::move((*args)[0]));
    Type type = (*args)[0]->type;
    if (!type.is_array()) return bad_argument(site, "an array", type, (*args)[0]->span);
    return builtin_call(Builtin::Shuffle, Kind::None, site.span(), std::move(*args));
  }
  if (site.name == "randrange") return call_randrange(site);
  bool exponential = site.name == "expovariate";
  std::optional<std::vector<const ast::Expr*>> taken =
      exponential ? take_args(site, 1, {"lambd"}) : take_args(site, 0, {"mu", "sigma"});
  if (!taken) return invalid(site.span());
  std::vector<ExprPtr> args;
  for (std::size_t i = 0; i < taken->size(); ++i) {
    args.push_back((*taken)[i] ? argument_f64(site, check(*(*taken)[i])) : float_constant(i == 0 ? 0.0 : 1.0, site.span()));
    if (args.back()->type.is_unknown()) return invalid(site.span());
  }
  Builtin builtin = exponential ? Builtin::Expovariate : site.name == "gauss" ? Builtin::Gauss : Builtin::Normalvariate;
  return builtin_call(builtin, Kind::F64, site.span(), std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::call_seed(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  (*args)[0] = argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return invalid(site.span());
  return builtin_call(Builtin::Seed, Kind::None, site.span(), std::move(*args));
}

FunctionChecker::ExprPtr FunctionChecker::call_randrange(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 3);
  if (!args) return invalid(site.span());
  std::vector<ExprPtr> bounds;
  if (args->size() == 1) bounds.push_back(int_constant(0, site.span()));
  for (ExprPtr& arg : *args) bounds.push_back(argument_i64(site, std::move(arg)));
  if (bounds.size() == 2) bounds.push_back(int_constant(1, site.span()));
  for (const ExprPtr& bound : bounds) {
    if (bound->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(Builtin::Randrange, Kind::I64, site.span(), std::move(bounds));
}

// One draw: the element at randrange(len).
FunctionChecker::ExprPtr FunctionChecker::pick_element(const CallSite& site, ExprPtr sequence) {
  Type type = sequence->type;
  bool tuple = type.is_tuple() && !type.elements().empty();
  if (tuple) {
    for (const Type& element : type.elements()) tuple = tuple && element == type.elements()[0];
  }
  if (!tuple && !(type.is_array() && type.rank() == 1)) {
    return bad_argument(site, "an array of one dimension, or a tuple of values of one type", type, sequence->span);
  }
  return with_value(std::move(sequence), [&](const typed::Expr& from) {
    ExprPtr length = tuple ? int_constant(static_cast<std::int64_t>(type.elements().size()), site.span())
                           : make(Kind::I64, site.span(), typed::ArrayDim{clone(from), 0});
    // For an empty array the element at 0 raises the IndexError that Python raises.
    std::vector<ExprPtr> at_least_one;
    at_least_one.push_back(std::move(length));
    at_least_one.push_back(int_constant(1, site.span()));
    std::vector<ExprPtr> bounds;
    bounds.push_back(int_constant(0, site.span()));
    bounds.push_back(builtin_call(Builtin::Max, Kind::I64, site.span(), std::move(at_least_one)));
    bounds.push_back(int_constant(1, site.span()));
    ExprPtr index = builtin_call(Builtin::Randrange, Kind::I64, site.span(), std::move(bounds));
    if (tuple) return make(type.elements()[0], site.span(), typed::TupleElementDynamic{clone(from), std::move(index)});
    typed::Element element;
    element.array = clone(from);
    element.indices.push_back(std::move(index));
    return make(type.dtype(), site.span(), std::move(element));
  });
}

// ---- numpy.random: scalars, or arrays when a size is given ----

FunctionChecker::ExprPtr FunctionChecker::call_np_random(const CallSite& site) {
  const std::string_view name = site.name;
  if (name == "rand" || name == "randn") return call_rand(site);
  bool normal = name == "normal" || name == "standard_normal";
  bool plain = name == "random" || name == "random_sample" || name == "ranf" || name == "sample";
  std::vector<std::string_view> names{"size"};
  if (name == "uniform") names = {"low", "high", "size"};
  if (name == "normal") names = {"loc", "scale", "size"};
  if (name == "randint") names = {"low", "high", "size"};
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, name == "randint" ? 1 : 0, names);
  if (!taken) return invalid(site.span());
  const ast::Expr* size = taken->back();
  if (size && std::holds_alternative<ast::NoneLiteral>(size->node)) size = nullptr;
  std::vector<ExprPtr> parameters;
  if (name == "randint") {
    // randint(high) is randint(0, high).
    bool two = (*taken)[1] && !std::holds_alternative<ast::NoneLiteral>((*taken)[1]->node);
    parameters.push_back(two ? argument_i64(site, check(*(*taken)[0])) : int_constant(0, site.span()));
    parameters.push_back(argument_i64(site, check(*(*taken)[two ? 1 : 0])));
  } else if (!plain) {
    for (std::size_t i = 0; i < 2; ++i) {
      bool given = names.size() == 3 && (*taken)[i];
      parameters.push_back(given ? argument_f64(site, check(*(*taken)[i])) : float_constant(i == 0 ? 0.0 : 1.0, site.span()));
    }
  }
  for (const ExprPtr& parameter : parameters) {
    if (parameter->type.is_unknown()) return invalid(site.span());
  }
  if (size) {
    Builtin fill = plain               ? Builtin::FillRandom
                   : normal            ? Builtin::FillGauss
                   : name == "uniform" ? Builtin::FillUniform
                                       : Builtin::FillIntegers;
    return random_array(site, fill, name == "randint" ? Kind::I64 : Kind::F64, check_shape(*size), std::move(parameters));
  }
  if (name == "randint") parameters.push_back(int_constant(1, site.span()));
  Builtin draw = plain ? Builtin::Random : normal ? Builtin::Gauss : name == "uniform" ? Builtin::Uniform : Builtin::Randrange;
  return builtin_call(draw, name == "randint" ? Kind::I64 : Kind::F64, site.span(), std::move(parameters));
}

// rand(d0, d1, ...) and randn(...): the dimensions are the arguments.
FunctionChecker::ExprPtr FunctionChecker::call_rand(const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 32);
  if (!args) return invalid(site.span());
  bool normal = site.name == "randn";
  std::vector<ExprPtr> parameters;
  if (normal) {
    parameters.push_back(float_constant(0.0, site.span()));
    parameters.push_back(float_constant(1.0, site.span()));
  }
  if (args->empty())
    return builtin_call(normal ? Builtin::Gauss : Builtin::Random, Kind::F64, site.span(), std::move(parameters));
  for (ExprPtr& arg : *args) {
    arg = argument_i64(site, std::move(arg));
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  return random_array(site, normal ? Builtin::FillGauss : Builtin::FillRandom, Kind::F64, std::move(args), std::move(parameters));
}

FunctionChecker::ExprPtr FunctionChecker::random_array(const CallSite& site, Builtin fill, kjit::Kind dtype,
                                                       std::optional<std::vector<ExprPtr>> shape,
                                                       std::vector<ExprPtr> parameters) {
  if (!shape) return invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(new_array(typed::Fill::Empty, dtype, std::move(*shape), nullptr, site.span()));
  Type type = args[0]->type;
  for (ExprPtr& parameter : parameters) args.push_back(std::move(parameter));
  return builtin_call(fill, type, site.span(), std::move(args));
}

}  // namespace kjit
