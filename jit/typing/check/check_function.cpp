// One round over one function: parameters, options, body, result; and the small builders of nodes. Entry: FunctionChecker::run.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

FunctionChecker::FunctionChecker(ProgramChecker& program, Specialisation& spec)
    : TreeBuilder(program, spec), scope_(*spec.scope), name_scope_(spec.scope) {}

void BodyChecker::run() {
  spec_.diags = Diagnostics();
  spec_.callees.clear();
  spec_.origins.uses.clear();
  spec_.origins.failed.clear();
  spec_.origins.result_failed = false;
  spec_.returns_value = false;
  out_ = &function_.body;
  if (spec_.is_stub) {
    run_stub();
  } else {
    run_function();
  }
  // Without types for the arguments, or for a value that is wrong itself, some assignments have none, and are not in the tree.
  bool typed = std::none_of(spec_.arguments.begin(), spec_.arguments.end(), [](const Type& type) { return type.is_unknown(); });
  typed = typed && spec_.origins.failed.empty();
  if (typed && !spec_.diags.has_errors()) check_definite_assignment(function_, program_.warns_unset(), spec_.diags);
  spec_.function = std::move(function_);
}

void BodyChecker::run_function() {
  if (!scope_.definition) {
    function_.name = "<module>";
    function_.role = typed::FunctionRole::Script;
    check_block(program_.modules().modules[scope_.module].body);
  } else {
    const ast::FunctionDef& definition = *scope_.definition;
    function_.name = definition.name;
    function_.span = definition.name_span;
    if (is_in_prelude(scope_)) function_.role = typed::FunctionRole::Prelude;
    if (is_extern(definition)) return run_extern(definition);
    check_decorators(definition);
    declare_parameters();
    if (definition.returns) result_annotation_ = read_annotation(*definition.returns);
    check_block(definition.body);
  }
  finish_result();
}

// The stub's parameters are named as the kernel's; the call site is the kernel's own name, as there is no other text.
void BodyChecker::run_stub() {
  const ast::FunctionDef& definition = *scope_.definition;
  function_.name = "<call>";
  function_.role = typed::FunctionRole::HostCall;
  function_.span = definition.name_span;
  function_.parameter_count = static_cast<std::uint32_t>(spec_.arguments.size());
  ast::Call call;
  call.callee = std::make_unique<ast::Expr>();
  for (const Type& type : spec_.arguments) new_local("", type, definition.name_span);
  std::vector<ExprPtr> args;
  bool ok = true;
  for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
    const ast::Parameter& parameter = definition.parameters[i];
    ExprPtr value = i < spec_.arguments.size() ? read_temp(static_cast<typed::LocalId>(i), parameter.span)
                                               : default_value(definition, parameter, scope_);
    args.push_back(check_argument(definition, parameter, std::move(value)));
    ok = ok && !args.back()->type.is_unknown();
  }
  ExprPtr result = ok ? call_specialised(scope_, std::move(args), definition.name_span) : invalid(definition.name_span);
  spec_.result = result->type;
  spec_.returns_value = true;
  function_.result = spec_.result;
  emit(definition.name_span, typed::Return{std::move(result)});
}

std::vector<Type> BodyChecker::declared_types() {
  std::vector<Type> types;
  out_ = &function_.body;
  for (const ast::Parameter& parameter : scope_.definition->parameters) {
    Type type;
    if (parameter.annotation) {
      if (auto annotation = read_annotation(*parameter.annotation)) type = annotation->type;
    }
    if (type.is_unknown() && parameter.default_value) type = default_value(*scope_.definition, parameter, scope_)->type;
    types.push_back(type);
  }
  return types;
}

// ---- parameters and locals ----

typed::LocalId FunctionChecker::local_of(const std::string& name, Span span) {
  auto [entry, fresh] = locals_.try_emplace(name);
  if (fresh) {
    auto first = spec_.first_assignment.find(name);
    entry->second = new_local(name, spec_.variables[name], first == spec_.first_assignment.end() ? span : first->second);
  }
  return entry->second;
}

// A parameter whose variable is assigned other types as well gets a second local of the joined type, set from the parameter at
// the start. One that is None (an optional argument left out) starts without a value instead.
void BodyChecker::declare_parameters() {
  std::vector<std::pair<std::string, Span>> names;
  for (const std::string& name : scope_.captures) names.emplace_back(name, function_.span);
  for (const ast::Parameter& parameter : scope_.definition->parameters) names.emplace_back(parameter.name, parameter.span);
  function_.parameter_count = static_cast<std::uint32_t>(names.size());
  KJIT_ASSERT(names.size() == spec_.arguments.size(), "one type for each parameter");

  std::vector<std::size_t> widened;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& [name, span] = names[i];
    Type& variable = spec_.variables[name];
    const Type& argument = spec_.arguments[i];
    if (variable.is_unknown()) variable = argument;
    spec_.first_assignment.try_emplace(name, span);
    bool same = variable == argument;
    typed::LocalId local = new_local(same ? name : "", argument, span);
    if (same) {
      locals_[name] = local;
    } else {
      widened.push_back(i);
    }
  }
  for (std::size_t i : widened) {
    const auto& [name, span] = names[i];
    typed::LocalId variable = local_of(name, span);
    if (spec_.arguments[i].is(Kind::None)) {
      typed::LocalId is_none = new_temp(Kind::Bool, span);
      emit(span, typed::AssignLocal{is_none, bool_constant(true, span)});
      optional_[name] = {is_none, false};
      continue;
    }
    ExprPtr value = convert(read_temp(static_cast<typed::LocalId>(i), span), spec_.variables[name]);
    emit(span, typed::AssignLocal{variable, std::move(value)});
  }
}

void BodyChecker::finish_result() {
  if (!spec_.returns_value && spec_.result.is_unknown()) {
    spec_.result = Kind::None;
    spec_.changed = true;
  }
  function_.result = spec_.result;
}

void FunctionChecker::relied_on(Specialisation& callee) {
  spec_.callees.push_back(&callee);
  spec_.low = std::min(spec_.low, callee.is_checking() ? callee.depth : callee.low);
}

}  // namespace kjit
