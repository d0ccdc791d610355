// Calls of kernels: binding of arguments, specialisation, captured variables. Entry: FunctionChecker::check_call.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::check_call(const ast::Expr& expr, const ast::Call& call) {
  if (const auto* name = std::get_if<ast::Name>(&call.callee->node)) {
    Found found = find_name(*name_scope_, name->id);
    if (found.binding && found.binding->kind == BindingKind::Function) {
      if (refuse_function_from_below(*found.binding, name->id, call.callee->span)) return invalid(expr.span);
      const Scope& callee = *found.binding->function;
      return call_function(expr, call, callee, captured_values(callee, expr.span));
    }
  }
  if (const HostSignature* host = host_function(*call.callee)) {
    return call_host(expr, call, std::get<ast::Name>(call.callee->node).id, *host);
  }
  std::string path = library().canonical(path_of(*call.callee));
  if (const Binding* member = find_member(program_.scopes(), path); member && member->kind == BindingKind::Function) {
    return call_function(expr, call, *member->function, {});
  }
  if (!path.empty()) return call_path({expr, call, path, std::string_view(path).substr(path.rfind('.') + 1)});
  if (const auto* attribute = std::get_if<ast::Attribute>(&call.callee->node)) return method_call(expr, call, *attribute);
  return call_value(expr, call, check(*call.callee));
}

FunctionChecker::ExprPtr FunctionChecker::call_path(const CallSite& site) {
  if (ExprPtr done = library().arrays().call(*this, site)) return done;
  const PathRow* row = library().find(site.path);
  if (!row) {
    std::size_t dot = site.path.rfind('.');
    std::string_view module = site.path.substr(0, dot);
    const auto* attribute = std::get_if<ast::Attribute>(&site.call.callee->node);
    report_no_member(attribute ? *attribute->value : *site.call.callee, site.call.callee->span, module, site.name);
    return invalid(site.span());
  }
  const auto of_numpy = [](ExprPtr value) {
    value->type = value->type.as_numpy();
    return value;
  };
  const auto handled = [&] { return row->handler(*this, {site.expr, site.call, site.path, site.name, row}); };
  switch (row->category) {
    case PathCategory::Signature: return call_signature(site, *row);
    case PathCategory::Element: return of_numpy(call_element(site, *row));
    case PathCategory::Dtype: return of_numpy(cast(site, row->dtype));
    case PathCategory::Handler: return site.path.starts_with("numpy.") ? of_numpy(handled()) : handled();
    case PathCategory::Annotation:
      report<DiagId::E0612>(site.call.callee->span, site.name, "in annotations").suggest("np.zeros(n) makes an array");
      return invalid(site.span());
    case PathCategory::Module:
    case PathCategory::Constant:
    case PathCategory::Alias:
    case PathCategory::Unknown: break;
  }
  report<DiagId::E0605>(site.call.callee->span, "'" + std::string(site.name) + "'");
  return invalid(site.span());
}

// range(n) and the like as the argument of a function that is not there (list(range(n))): the place of the one is no second
// mistake.
static bool stands_in_for_loop(std::string_view path) {
  return path == "builtins.range" || path == "builtins.zip" || path == "builtins.enumerate" || path == "builtins.reversed";
}

// A variable, parameter or expression that holds a function: which one is part of its type.
FunctionChecker::ExprPtr FunctionChecker::call_value(const ast::Expr& expr, const ast::Call& call, ExprPtr callee) {
  if (callee->type.is_unknown()) {
    for (const ast::ExprPtr& arg : call.args) {
      const auto* inner = std::get_if<ast::Call>(&arg->node);
      if (!inner || !stands_in_for_loop(path_of(*inner->callee))) check(*arg);
    }
    return invalid(expr.span);
  }
  if (callee->type.is(Kind::Dtype)) {
    return cast({expr, call, "dtype", "dtype"}, callee->type.dtype());
  }
  if (!callee->type.is_function()) {
    Diagnostic& told = report<DiagId::E0605>(call.callee->span, "a value of type " + to_string(callee->type));
    if (callee->type.is_scalar()) told.suggest("a product is written with *");
    return invalid(expr.span);
  }
  Type type = callee->type;
  const Scope& scope = *program_.scopes().by_definition.at(type.definition());
  return with_value(std::move(callee), [&](const typed::Expr& function) {
    std::vector<ExprPtr> captured;
    for (std::uint32_t i = 0; i < type.elements().size(); ++i) {
      captured.push_back(make(type.elements()[i], expr.span, typed::TupleElement{clone(function), i}));
    }
    return call_function(expr, call, scope, std::move(captured));
  });
}

std::vector<FunctionChecker::ExprPtr> FunctionChecker::captured_values(const Scope& callee, Span span) {
  std::vector<ExprPtr> values;
  for (const std::string& name : callee.captures) values.push_back(read_variable(name, span));
  return values;
}

FunctionChecker::ExprPtr FunctionChecker::call_function(const ast::Expr& expr, const ast::Call& call, const Scope& callee,
                                                        std::vector<ExprPtr> captured) {
  std::vector<HeldArgument> held;
  std::optional<std::vector<ExprPtr>> bound = bind_arguments(expr, call, *callee.definition, held);
  if (!bound) return invalid(expr.span);
  std::vector<ExprPtr> args = std::move(captured);
  for (ExprPtr& arg : *bound) args.push_back(std::move(arg));
  ExprPtr result = call_specialised(callee, std::move(args), expr.span);
  for (std::size_t i = held.size(); i-- > 0;) {
    Type type = result->type;
    result = make(type, expr.span, typed::Let{held[i].temp, std::move(held[i].value), std::move(result)});
  }
  return result;
}

// What is wrong in a function of the prelude is wrong with the first call in the user's code that led there; the functions that
// it calls were checked before that was known.
static void note_call_from(Specialisation& spec, Span call, std::uint32_t prelude) {
  if (spec.called_from || spec.scope->module != prelude) return;
  spec.called_from = call;
  for (Specialisation* callee : spec.callees) note_call_from(*callee, call, prelude);
}

FunctionChecker::ExprPtr FunctionChecker::call_specialised(const Scope& callee, std::vector<ExprPtr> args, Span span) {
  std::vector<Type> types;
  for (const ExprPtr& arg : args) types.push_back(arg->type);
  bool known = std::none_of(types.begin(), types.end(), [](const Type& type) { return type.is_unknown(); });
  if (!known) return invalid(span);
  Specialisation* spec = program_.specialise(callee, std::move(types));
  if (spec && !spec->origins.caller) {
    spec->origins.caller = &spec_;
    for (const ExprPtr& arg : args) spec->origins.arguments.push_back(arg->span);
  }
  if (!spec) {
    report<DiagId::E0990>(span, 2000).suggest("a recursive function must call itself with arguments of the same types");
    return invalid(span);
  }
  if (is_in_prelude(callee) && !is_in_prelude(scope_)) note_call_from(*spec, span, callee.module);
  relied_on(*spec);
  spec_.origins.uses.push_back({span, "", spec});
  if (spec->result.is_unknown()) return invalid(span);
  return make(spec->result, span, typed::Call{spec->id, std::move(args)});
}

bool FunctionChecker::keywords_out_of_order(const ast::Call& call, const ast::FunctionDef& callee) {
  std::size_t last = call.args.size();
  for (const ast::Keyword& keyword : call.keywords) {
    for (std::size_t i = 0; i < callee.parameters.size(); ++i) {
      if (callee.parameters[i].name != keyword.name) continue;
      if (i < last) return true;
      last = i;
    }
  }
  return false;
}

// One value per parameter, in the order of the parameters. Arguments are evaluated in the order in which they are written: when
// keywords stand in another order than the parameters, each goes to a temporary first (`held`, for the caller to put around the
// call).
std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::bind_arguments(const ast::Expr& expr, const ast::Call& call,
                                                                                     const ast::FunctionDef& callee,
                                                                                     std::vector<HeldArgument>& held) {
  const auto& parameters = callee.parameters;
  std::vector<ExprPtr> values(parameters.size());
  std::size_t positional = 0;
  while (positional < parameters.size() && !parameters[positional].keyword_only) ++positional;
  bool ok = true;
  if (call.args.size() > positional) {
    report<DiagId::E0601>(call.args[positional]->span, callee.name,
                          (positional == parameters.size() ? "" : "at most ") + std::to_string(positional), call.args.size())
        .note(callee.name_span, "defined here");
    ok = false;
  }
  bool reordered = keywords_out_of_order(call, callee);
  auto in_order = [&](ExprPtr value) {
    if (!reordered || value->type.is_unknown() || std::holds_alternative<typed::Constant>(value->node)) return value;
    typed::LocalId temp = new_temp(value->type, value->span);
    Span span = value->span;
    held.push_back({temp, std::move(value)});
    return read_temp(temp, span);
  };
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    ExprPtr value = in_order(check(*call.args[i]));
    if (i < positional) values[i] = std::move(value);
  }
  for (const ast::Keyword& keyword : call.keywords) {
    ExprPtr value = in_order(check(*keyword.value));
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [&](const ast::Parameter& p) { return p.name == keyword.name && !p.positional_only; });
    if (found == parameters.end()) {
      std::vector<std::string_view> names;
      for (const ast::Parameter& parameter : parameters) names.push_back(parameter.name);
      Diagnostic& diag = report<DiagId::E0602>(keyword.name_span, callee.name, keyword.name);
      diag.note(callee.name_span, "defined here");
      std::string_view near = did_you_mean(keyword.name, names);
      if (!near.empty()) diag.suggest("did you mean '" + std::string(near) + "'?");
      ok = false;
      continue;
    }
    ExprPtr& slot = values[found - parameters.begin()];
    if (slot) {
      report<DiagId::E0603>(keyword.name_span, callee.name, keyword.name).note(callee.name_span, "defined here");
      ok = false;
    }
    slot = std::move(value);
  }
  const Scope& scope = *program_.scopes().by_definition.at(&callee);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!values[i] && parameters[i].default_value) values[i] = default_value(callee, parameters[i], scope);
    if (!values[i]) {
      if (ok) report<DiagId::E0604>(expr.span, callee.name, parameters[i].name).note(parameters[i].span, "this parameter");
      ok = false;
      continue;
    }
    values[i] = check_argument(callee, parameters[i], std::move(values[i]));
  }
  if (!ok) return std::nullopt;
  return values;
}

// Python evaluates defaults once, at the def; a constant makes that the same as evaluating them at the call.
FunctionChecker::ExprPtr FunctionChecker::default_value(const ast::FunctionDef&, const ast::Parameter& parameter,
                                                        const Scope& scope) {
  const Scope* module = &scope;
  while (module->parent) module = module->parent;
  const Scope* outer = std::exchange(name_scope_, module);
  typed::Block discarded;
  typed::Block* block = std::exchange(out_, &discarded);
  std::size_t errors = spec_.diags.error_count();
  ExprPtr value = check(*parameter.default_value);
  out_ = block;
  name_scope_ = outer;
  if (spec_.diags.error_count() != errors || value->type.is_unknown()) return invalid(parameter.span);
  if (!is_constant_tree(*value) || !discarded.empty()) {
    report<DiagId::E0608>(parameter.default_value->span, parameter.name).suggest("use None, and set the value in the body");
    return invalid(parameter.span);
  }
  return value;
}

bool FunctionChecker::is_constant_tree(const typed::Expr& expr) {
  if (std::holds_alternative<typed::Constant>(expr.node)) return true;
  if (const auto* convert = std::get_if<typed::Convert>(&expr.node)) return is_constant_tree(*convert->operand);
  if (const auto* unary = std::get_if<typed::Unary>(&expr.node)) return is_constant_tree(*unary->operand);
  if (const auto* binary = std::get_if<typed::Binary>(&expr.node))
    return is_constant_tree(*binary->lhs) && is_constant_tree(*binary->rhs);
  if (const auto* tuple = std::get_if<typed::MakeTuple>(&expr.node)) {
    return std::all_of(tuple->elements.begin(), tuple->elements.end(),
                       [](const ExprPtr& element) { return is_constant_tree(*element); });
  }
  if (const auto* call = std::get_if<typed::BuiltinCall>(&expr.node)) {
    return builtin_row(call->builtin).is_pure() &&
           std::all_of(call->args.begin(), call->args.end(), [](const ExprPtr& arg) { return is_constant_tree(*arg); });
  }
  return false;
}

FunctionChecker::ExprPtr FunctionChecker::check_argument(const ast::FunctionDef& callee, const ast::Parameter& parameter,
                                                         ExprPtr value) {
  if (!parameter.annotation || value->type.is_unknown()) return value;
  // The annotation belongs to the callee: its names are looked up there, and a mistake in it is reported with the callee's.
  const Scope& scope = *program_.scopes().by_definition.at(&callee);
  const Scope* outer = std::exchange(name_scope_, scope.parent);
  std::optional<Annotation> annotation = read_annotation(*parameter.annotation);
  name_scope_ = outer;
  if (!annotation) return invalid(value->span);
  bool optional = value->type.is(Kind::None) && parameter.default_value &&
                  std::holds_alternative<ast::NoneLiteral>(parameter.default_value->node);
  if (optional) return value;
  return apply_annotation(*annotation, parameter.name, std::move(value), parameter.span);
}

}  // namespace kjit
