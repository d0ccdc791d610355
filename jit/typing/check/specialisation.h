#pragma once
// All specialisations of one program: a function for one tuple of argument types each.
//
// Inference is a fixed point: FunctionChecker::run builds the typed body with the variable types known so far; assignments join
// their types into Specialisation::variables; if any grew, the body is thrown away and built again. Only the diagnostics of the
// last round count.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "syntax/ast.h"
#include "typing/check/library_view.h"
#include "typing/check/scope.h"
#include "typing/check/type_origins.h"
#include "typing/module_set.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

// One function for one tuple of argument types: captured variables first, then the parameters.
struct Specialisation {
  typed::FunctionId id = 0;
  const Scope* scope = nullptr;
  bool is_stub = false;  // calls the function instead of being it
  std::vector<Type> arguments;
  std::map<std::string, Type> variables;
  std::map<std::string, Span> first_assignment;
  TypeOrigins origins;
  Type result;                           // join of the returns so far
  std::vector<Specialisation*> callees;  // of the last round, also those that turned out wrong
  bool changed = false;                  // this round widened a variable or the result
  bool returns_value = false;            // this round met a return with a value
  // Recursion, as in Tarjan's search for strongly connected components (SIAM J. Comput. 1(2), 1972): `depth` is the position on
  // the stack of checks, or -1; `low` the least depth whose unfinished result this check relied on. low < depth: to be checked
  // again before use.
  int depth = -1;
  int low = kFinal;
  static constexpr int kFinal = 1 << 30;
  bool is_checking() const { return depth >= 0; }
  bool is_provisional() const { return !is_checking() && low != kFinal; }
  Diagnostics diags;
  typed::Function function;
  std::optional<Span> called_from;  // of a function of the prelude: the first call in the user's code
};

// A variable of the main module that functions read.
struct ModuleVariable {
  typed::GlobalId id = 0;
  Type type;
  Span span;
};

// All specialisations of one program.
class ProgramChecker {
 public:
  ProgramChecker(const ModuleSet& modules, const ScopeTree& scopes, const LibraryView& library)
      : modules_(modules), scopes_(scopes), library_(library) {}

  // Finds or makes the specialisation, and checks it unless it is being checked already. Null when there are too many.
  Specialisation* specialise(const Scope& scope, std::vector<Type> arguments);
  // The script as a specialisation without arguments.
  Specialisation& script();
  // A stub "<call>" with these arguments that calls the kernel, so that defaults and annotations mean what they mean in any other
  // call.
  Specialisation* specialise_entry(const Scope& kernel, std::vector<Type> arguments);
  // The kernel for the types that its annotations and defaults give; Unknown where there are none: then only what does not depend
  // on types is checked.
  Specialisation* specialise_declared(const Scope& kernel);
  bool is_specialised(const Scope& scope) const { return by_scope_.count(&scope) != 0; }

  // The script's specialisation, whose variables functions read; null when the script is not what runs.
  const Specialisation* script_if_runs() const { return script_; }

  const ModuleSet& modules() const { return modules_; }
  const ScopeTree& scopes() const { return scopes_; }
  const LibraryView& library() const { return library_; }
  std::string text(Span span) const { return std::string(modules_.sources.text(span)); }

  typed::SiteId new_site(typed::FunctionId function, Span span);
  // A variable that functions read; made at first sight. Null when the script is not what runs: then it does not exist.
  ModuleVariable* module_variable(const std::string& name, Span span);

  // Moves the diagnostics of `entry` and of all that it reaches, without repetitions, to the sink.
  void report_all(const std::vector<Specialisation*>& entries, Diagnostics& diags);
  // The program with this entry; nothing must have been wrong with it.
  typed::Program assemble(const std::vector<Specialisation*>& entries);
  void warn_unset() { warn_unset_ = true; }
  bool warns_unset() const { return warn_unset_; }

 private:
  void check(Specialisation& spec);
  std::vector<Specialisation*> reachable(const std::vector<Specialisation*>& entries) const;

  const ModuleSet& modules_;
  const ScopeTree& scopes_;
  const LibraryView& library_;
  std::deque<Specialisation> specialisations_;  // stable addresses; index == FunctionId
  std::map<const Scope*, std::vector<Specialisation*>> by_scope_;
  std::map<std::string, ModuleVariable> module_variables_;
  std::vector<typed::Site> sites_{typed::Site{}};
  int depth_ = 0;
  bool script_runs_ = false;
  const Specialisation* script_ = nullptr;
  bool warn_unset_ = false;
};

}  // namespace kjit
