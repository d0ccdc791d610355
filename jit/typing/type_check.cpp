// The program as a whole: specialisations, their fixed point, and the assembly of the typed tree. Entries: check_script,
// check_kernel, check_all.

#include "typing/type_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "typing/check/checker.h"
#include "typing/tree/call_graph.h"
#include "typing/tree/node_ids.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

// More than any sensible program has; polymorphic recursion would make ever new ones.
constexpr std::size_t kMaxSpecialisations = 2000;
// Of one function, inside each other. A recursion that calls itself with (t, t) doubles its types each time, long before there
// are 2000 of them.
constexpr int kMaxNested = 16;
// Each round must widen some variable; tuples that grow round by round are cut off here. In a chain `b = a`, `b += 1`, `c = b`,
// ... each round settles one variable, which may take as many rounds as there are variables.
constexpr std::size_t kMaxRounds = 60;
std::size_t most_rounds(const Specialisation& spec) { return std::max(kMaxRounds, 2 * spec.variables.size()); }

}  // namespace

namespace {

// Python's numbers and NumPy's are specialised apart: beside arrays they promote differently.
bool same_origins(const std::vector<Type>& a, const std::vector<Type>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Type& x, const Type& y) { return x.is_numpy_scalar() == y.is_numpy_scalar(); });
}

}  // namespace

Specialisation* ProgramChecker::specialise(const Scope& scope, std::vector<Type> arguments) {
  int nested = 0;
  for (Specialisation* known : by_scope_[&scope]) {
    nested += known->is_checking();
    if (known->arguments != arguments || !same_origins(known->arguments, arguments)) continue;
    if (known->is_provisional()) check(*known);
    return known;
  }
  if (specialisations_.size() >= kMaxSpecialisations || nested >= kMaxNested) return nullptr;
  Specialisation& spec = specialisations_.emplace_back();
  spec.id = static_cast<typed::FunctionId>(specialisations_.size() - 1);
  spec.scope = &scope;
  spec.arguments = std::move(arguments);
  if (scope.is_module()) script_ = &spec;
  by_scope_[&scope].push_back(&spec);
  check(spec);
  return &spec;
}

Specialisation& ProgramChecker::script() {
  script_runs_ = true;
  return *specialise(*scopes_.modules[0], {});
}

Specialisation* ProgramChecker::specialise_entry(const Scope& kernel, std::vector<Type> arguments) {
  Specialisation& stub = specialisations_.emplace_back();
  stub.id = static_cast<typed::FunctionId>(specialisations_.size() - 1);
  stub.scope = &kernel;
  stub.is_stub = true;
  stub.arguments = std::move(arguments);
  check(stub);
  return &stub;
}

namespace {

std::vector<Type> declared_types(ProgramChecker& program, const Scope& kernel) {
  Specialisation probe;
  probe.scope = &kernel;
  return BodyChecker(program, probe).declared_types();
}

}  // namespace

Specialisation* ProgramChecker::specialise_declared(const Scope& kernel) {
  return specialise(kernel, declared_types(*this, kernel));
}

void ProgramChecker::check(Specialisation& spec) {
  spec.depth = depth_++;
  for (std::size_t round = 0; round < most_rounds(spec); ++round) {
    spec.low = Specialisation::kFinal;
    spec.changed = false;
    BodyChecker(*this, spec).run();
    if (!spec.changed) break;
  }
  int depth = spec.depth;
  spec.depth = -1;
  --depth_;
  if (spec.low < depth) return;
  // The root of a cycle has settled, and with it everything that waited for it.
  for (Specialisation& other : specialisations_) {
    if (!other.is_checking() && other.low != Specialisation::kFinal && other.low >= depth) other.low = Specialisation::kFinal;
  }
}

typed::SiteId ProgramChecker::new_site(typed::FunctionId function, Span span) {
  sites_.push_back({function, span});
  return static_cast<typed::SiteId>(sites_.size() - 1);
}

ModuleVariable* ProgramChecker::module_variable(const std::string& name, Span span) {
  if (!script_runs_) return nullptr;
  auto [entry, fresh] = module_variables_.try_emplace(name);
  if (fresh) {
    entry->second.id = static_cast<typed::GlobalId>(module_variables_.size() - 1);
    entry->second.span = span;
  }
  return &entry->second;
}

std::vector<Specialisation*> ProgramChecker::reachable(const std::vector<Specialisation*>& entries) const {
  std::vector<Specialisation*> order;
  std::vector<Specialisation*> work(entries.rbegin(), entries.rend());
  std::vector<bool> seen(specialisations_.size());
  while (!work.empty()) {
    Specialisation* spec = work.back();
    work.pop_back();
    if (seen[spec->id]) continue;
    seen[spec->id] = true;
    order.push_back(spec);
    work.insert(work.end(), spec->callees.rbegin(), spec->callees.rend());
  }
  return order;
}

namespace {

bool all_known(const std::vector<Type>& types) {
  return std::none_of(types.begin(), types.end(), [](const Type& type) { return type.is_unknown(); });
}

// A slip of the pen shows as a variable that is set from itself alone.
std::string way_out_of_unset(const typed::Function& function, const std::string& name) {
  std::vector<std::string_view> set;
  for (const typed::Local& local : function.locals) {
    if (!local.type.is_unknown() && !local.name.empty()) set.push_back(local.name);
  }
  const std::string_view near = did_you_mean(name, set);
  return near.empty() ? "assign a first value before this line" : fmt::format("did you mean '{}'?", near);
}

// A variable without a type whose function calls nothing unknown is set from itself alone, as in `count += 1` with nothing before
// it.
void report_unset(const Specialisation& spec, const typed::Local& local, Diagnostics& diags) {
  Found outer = spec.scope->parent ? find_name(*spec.scope->parent, local.name) : Found{};
  bool variable = outer.binding && outer.binding->kind == BindingKind::Variable;
  if (variable && !outer.owner->is_module()) {
    diags.report<DiagId::E0411>(local.span, spec.function.name, local.name)
        .note(outer.binding->span, "the other function's variable")
        .suggest("return the new value instead");
    return;
  }
  Diagnostic& diag = diags.report<DiagId::E0801>(local.span, local.name);
  if (variable)
    diag.note(outer.binding->span, "this variable is the script's: a function that assigns the name has one of its own");
  diag.suggest(variable ? "pass the value as an argument and return the new one, or keep it in an array"
                        : way_out_of_unset(spec.function, local.name));
}

bool report_unset_locals(const Specialisation& spec, Diagnostics& diags) {
  bool calls_unknown = std::any_of(spec.callees.begin(), spec.callees.end(),
                                   [](const Specialisation* callee) { return callee->result.is_unknown(); });
  if (calls_unknown || !all_known(spec.arguments)) return false;
  bool told = false;
  for (const typed::Local& local : spec.function.locals) {
    if (!local.type.is_unknown() || local.name.empty()) continue;
    report_unset(spec, local, diags);
    told = true;
  }
  return told;
}

// "inv" of np.linalg.inv(a). Empty: the text is no call.
std::string_view called_name(std::string_view text) {
  if (!text.ends_with(')')) return {};
  std::size_t at = text.size();
  for (int open = 0; at-- > 0;) {
    open += text[at] == ')' ? 1 : text[at] == '(' ? -1 : 0;
    if (open == 0) break;
  }
  if (at >= text.size()) return {};
  const std::string_view callee = text.substr(0, at);
  return callee.substr(callee.rfind('.') + 1);
}

// What is wrong in a function of the prelude is wrong with the arguments of its call, which has another name for it than helpers
// there.
Diagnostic at_call(const Diagnostic& inside, const Specialisation& prelude, std::string_view text) {
  Diagnostic diagnostic = inside;
  diagnostic.span = *prelude.called_from;
  const std::string_view name = called_name(text);
  diagnostic.message = (name.empty() ? prelude.function.name : std::string(name)) + "(): " + inside.message;
  diagnostic.notes.clear();
  return diagnostic;
}

// Without the consequences of other errors; all of them if nothing else remained.
void add_diagnostics(const std::vector<Specialisation*>& order, const ModuleSet& modules, Diagnostics& diags) {
  std::vector<Diagnostic> consequences;
  for (const Specialisation* spec : order) {
    for (Diagnostic diagnostic : spec->diags.all()) {
      if (spec->called_from) {
        if (diagnostic.severity != Severity::Error) continue;
        diags.add(at_call(diagnostic, *spec, modules.sources.text(*spec->called_from)));
        break;  // the first says what does not fit
      }
      explain_types(diagnostic, *spec);
      is_consequence(diagnostic, *spec) ? consequences.push_back(std::move(diagnostic)) : diags.add(diagnostic);
    }
  }
  if (diags.has_errors()) return;
  for (const Diagnostic& diagnostic : consequences) diags.add(diagnostic);
}

}  // namespace

void ProgramChecker::report_all(const std::vector<Specialisation*>& entries, Diagnostics& diags) {
  std::vector<Specialisation*> order = reachable(entries);
  add_diagnostics(order, modules_, diags);
  if (diags.has_errors()) return;
  // Nothing was wrong, and yet something has no type: a variable that depends on itself alone, or recursion without an end.
  bool told = false;
  for (Specialisation* spec : order) told = report_unset_locals(*spec, diags) || told;
  if (told) return;
  for (Specialisation* spec : order) {
    if (!all_known(spec->arguments)) continue;
    for (const typed::Local& local : spec->function.locals) {
      if (local.type.is_unknown() && !local.name.empty()) diags.report<DiagId::E0509>(local.span, "'" + local.name + "'");
    }
    if (spec->result.is_unknown() && spec->returns_value) {
      diags.report<DiagId::E0509>(spec->function.span, "the result of " + spec->function.name + "()")
          .suggest("a recursive function needs a return that does not call it");
    }
  }
}

typed::Program ProgramChecker::assemble(const std::vector<Specialisation*>& entries) {
  std::vector<Specialisation*> order = reachable(entries);
  std::vector<typed::FunctionId> renumbered(specialisations_.size());
  for (std::size_t i = 0; i < order.size(); ++i) renumbered[order[i]->id] = static_cast<typed::FunctionId>(i);

  typed::Program program;
  for (Specialisation* spec : order) {
    typed::Function function = std::move(spec->function);
    function.symbol = function.name + "." + std::to_string(program.functions.size());
    typed::for_each_expr(function.body, [&](typed::Expr& expr) {
      if (auto* call = std::get_if<typed::Call>(&expr.node)) call->callee = renumbered[call->callee];
    });
    program.functions.push_back(std::move(function));
  }
  program.sites = std::move(sites_);
  for (typed::Site& site : program.sites) site.function = renumbered.empty() ? 0 : renumbered[site.function];
  program.globals.resize(module_variables_.size());
  for (auto& [name, variable] : module_variables_) program.globals[variable.id] = {name, variable.type, variable.span};
  typed::number_nodes(program);
  annotate_call_graph(program);
  return program;
}

namespace {

std::optional<typed::Program> finish(ProgramChecker& checker, Specialisation& entry, Diagnostics& diags) {
  checker.report_all({&entry}, diags);
  if (diags.has_errors()) return std::nullopt;
  return checker.assemble({&entry});
}

const Scope* find_kernel(const ScopeTree& scopes, std::string_view kernel, Diagnostics& diags) {
  const Scope& module = *scopes.modules[0];
  auto found = module.names.find(std::string(kernel));
  if (found != module.names.end() && found->second.kind == BindingKind::Function) return found->second.function;
  std::vector<std::string_view> names;
  for (const auto& [name, binding] : module.names) {
    if (binding.kind == BindingKind::Function) names.push_back(name);
  }
  Diagnostic& diag = diags.report<DiagId::E0410>(Span{}, kernel);
  std::string_view near = did_you_mean(kernel, names);
  if (!near.empty()) {
    diag.suggest("did you mean '" + std::string(near) + "'?");
  } else if (!names.empty()) {
    std::string list;
    for (std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
    diag.suggest("it has " + list);
  }
  return nullptr;
}

bool count_fits(const ast::FunctionDef& definition, std::size_t given, Diagnostics& diags) {
  const auto& parameters = definition.parameters;
  std::size_t least = std::count_if(parameters.begin(), parameters.end(), [](const auto& p) { return !p.default_value; });
  if (given >= least && given <= parameters.size()) return true;
  std::string needed = std::to_string(least);
  if (least != parameters.size()) needed += " to " + std::to_string(parameters.size());
  diags.report<DiagId::E0601>(definition.name_span, definition.name, needed, given);
  return false;
}

bool has_no_dimensions(const Type& type) {
  if (type.is_array()) return type.rank() == 0;
  return type.is_tuple() && std::any_of(type.elements().begin(), type.elements().end(), has_no_dimensions);
}

// NumPy's arrays of rank 0: the language has none, and nothing behind this place knows them.
bool ranks_fit(const ast::FunctionDef& definition, const std::vector<Type>& arguments, Diagnostics& diags) {
  const auto found = std::find_if(arguments.begin(), arguments.end(), has_no_dimensions);
  if (found == arguments.end()) return true;
  diags.report<DiagId::E0606>(definition.name_span, definition.name, "arrays of at least one dimension", "an array without one")
      .suggest("pass the number itself, or an array of one element");
  return false;
}

// A host asks functions[0], which is the stub, whether it keeps its lock.
void inherit_nogil(typed::Program& program) {
  typed::Function& stub = program.functions[0];
  const auto& result = std::get<typed::Return>(stub.body.back()->node);
  stub.options.nogil = program.functions[std::get<typed::Call>(result.value->node).callee].options.nogil;
}

}  // namespace

std::optional<typed::Program> check_script(const ModuleSet& modules, const LibraryView& library, Diagnostics& diags) {
  ScopeTree scopes = build_scopes(modules, library, true, diags);
  if (diags.has_errors()) return std::nullopt;
  ProgramChecker checker(modules, scopes, library);
  return finish(checker, checker.script(), diags);
}

std::optional<typed::Program> check_kernel(const ModuleSet& modules, const LibraryView& library, std::string_view kernel,
                                           const std::vector<Type>& arguments, Diagnostics& diags) {
  ScopeTree scopes = build_scopes(modules, library, false, diags);
  if (diags.has_errors()) return std::nullopt;
  const Scope* scope = find_kernel(scopes, kernel, diags);
  if (!scope || !count_fits(*scope->definition, arguments.size(), diags)) return std::nullopt;
  if (!ranks_fit(*scope->definition, arguments, diags)) return std::nullopt;
  ProgramChecker checker(modules, scopes, library);
  auto program = finish(checker, *checker.specialise_entry(*scope, arguments), diags);
  if (program) inherit_nogil(*program);
  return program;
}

WholeFileCheck check_all(const ModuleSet& modules, const LibraryView& library, Diagnostics& diags) {
  WholeFileCheck checked;
  ScopeTree scopes = build_scopes(modules, library, true, diags);
  if (diags.has_errors()) return checked;
  ProgramChecker checker(modules, scopes, library);
  checker.warn_unset();
  std::vector<Specialisation*> entries{&checker.script()};
  for (const auto& child : scopes.modules[0]->children) {
    if (!checker.is_specialised(*child)) entries.push_back(checker.specialise_declared(*child));
  }
  checker.report_all(entries, diags);
  for (const Specialisation* entry : entries) {
    if (!all_known(entry->arguments)) checked.unchecked.push_back(entry->scope->definition->name);
  }
  if (diags.has_errors()) return checked;
  std::erase_if(entries, [](const Specialisation* entry) { return !all_known(entry->arguments); });
  checked.program = checker.assemble(entries);
  return checked;
}

std::vector<DeclaredKernel> declared_kernels(const ModuleSet& modules, const LibraryView& library) {
  Diagnostics ignored;  // building the kernels will repeat them
  const ScopeTree scopes = build_scopes(modules, library, false, ignored);
  if (ignored.has_errors()) return {};
  ProgramChecker checker(modules, scopes, library);
  std::vector<DeclaredKernel> kernels;
  for (const auto& child : scopes.modules[0]->children) {
    if (child->definition == nullptr) continue;
    DeclaredKernel kernel{child->definition->name, declared_types(checker, *child)};
    if (all_known(kernel.types)) kernels.push_back(std::move(kernel));
  }
  return kernels;
}

}  // namespace kjit
