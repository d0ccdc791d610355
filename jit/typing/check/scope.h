#pragma once
// Who is who: the names of each module and function, before any types are known.
//
// Python decides syntactically which names are local: those that are bound anywhere in the function. A nested function may read
// variables of the functions around it (`captures`); they are passed to it as hidden leading parameters at each call, which is
// Python's late binding because the enclosing function stands still meanwhile.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "syntax/ast.h"
#include "typing/module_set.h"

namespace kjit {

class LibraryView;
struct Scope;

enum class BindingKind {
  Variable,  // assigned; a local, or a variable of the module
  Constant,  // of a module: assigned once, at its top level, a constant expression
  Function,  // def
  Path,      // imported from outside the language: "math.sin", "numpy", "kjit.prange"
};

struct Binding {
  BindingKind kind = BindingKind::Variable;
  Span span;                         // first binding
  const ast::Expr* value = nullptr;  // Constant
  const Scope* home = nullptr;       // Constant: the module in whose names `value` is meant
  const Scope* function = nullptr;   // Function
  std::string path;                  // Path
  std::uint32_t assignments = 0;     // how often it may be assigned: 0, 1, or more (2 or above)
  std::size_t size = 1;              // Constant: nodes of `value`, with those of the constants that it names
  std::string module = {};           // Path: of a module, as the file names it ("numba")
};

// A module (definition == nullptr) or a function.
struct Scope {
  const ast::FunctionDef* definition = nullptr;
  const Scope* parent = nullptr;  // lexically enclosing; null for modules
  std::uint32_t module = 0;
  std::map<std::string, Binding> names;
  std::vector<std::string> captures;  // sorted; variables of enclosing functions that this one, or what it calls, reads
  std::vector<std::string> shared;    // of a module, sorted: variables that functions read
  std::vector<std::unique_ptr<Scope>> children;  // in source order

  bool is_module() const { return definition == nullptr; }
};

// All scopes of a program; modules[i] belongs to module i. Addresses are stable.
struct ScopeTree {
  std::vector<std::unique_ptr<Scope>> modules;
  std::map<const ast::FunctionDef*, const Scope*> by_definition;
};

// Where the script is not run, all constants of the main file count: a call of one of its kernels comes after all of it.
ScopeTree build_scopes(const ModuleSet& modules, const LibraryView& library, bool script_runs, Diagnostics& diags);

// A name as seen from inside `scope`: the binding and the scope that owns it, or nulls.
struct Found {
  const Binding* binding = nullptr;
  const Scope* owner = nullptr;
};
Found find_name(const Scope& scope, const std::string& name);

// `import lib` of a kernel file binds the path "file N"; its members are found by find_member("file N.name"), null if there is
// none.
std::string kernel_path(std::uint32_t module);
const Binding* find_member(const ScopeTree& scopes, std::string_view path);

// All names visible from `scope`, for did-you-mean.
std::vector<std::string_view> visible_names(const Scope& scope);

}  // namespace kjit
