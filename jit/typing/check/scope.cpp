// Builds the scope tree: binds names, resolves imports, finds captured and shared variables. Entry: build_scopes.

#include "typing/check/scope.h"

#include <algorithm>
#include <set>
#include <utility>

#include "support/limits.h"
#include "syntax/walk.h"
#include "typing/check/library_view.h"

namespace kjit {

namespace {

using NameSet = std::set<std::string>;

const char* describe(BindingKind kind) {
  switch (kind) {
    case BindingKind::Variable: return "a variable";
    case BindingKind::Constant: return "a constant";
    case BindingKind::Function: return "a function";
    case BindingKind::Path: return "an imported name";
  }
  return "";
}

class Builder {
 public:
  Builder(const ModuleSet& modules, const LibraryView& library, bool script_runs, Diagnostics& diags)
      : modules_(modules), library_(library), script_runs_(script_runs), diags_(diags) {}

  ScopeTree run() {
    for (std::uint32_t i = 0; i < modules_.modules.size(); ++i) {
      tree_.modules.push_back(std::make_unique<Scope>());
      tree_.modules.back()->module = i;
    }
    for (std::uint32_t i = 0; i < modules_.modules.size(); ++i) fill_module(i);
    resolve_kernel_imports();
    for (auto& module : tree_.modules) find_constants(*module);
    for (auto& module : tree_.modules) find_captures(*module);
    return std::move(tree_);
  }

 private:
  struct KernelImport {
    Scope* into;
    std::string local_name;
    std::uint32_t module;
    std::string module_name;
    std::string name;
    Span span;
  };

  // ---- binding names ----

  void fill_module(std::uint32_t index) {
    Scope& scope = *tree_.modules[index];
    const ast::Module& module = modules_.modules[index];
    if (index != 0) check_imported_file(module);
    fill(scope, module.body);
  }

  void check_imported_file(const ast::Module& module) {
    for (const ast::StmtPtr& stmt : module.body) {
      bool allowed = std::holds_alternative<ast::Define>(stmt->node) || std::holds_alternative<ast::Import>(stmt->node) ||
                     std::holds_alternative<ast::ImportFrom>(stmt->node) || std::holds_alternative<ast::Assign>(stmt->node) ||
                     std::holds_alternative<ast::AnnAssign>(stmt->node) || std::holds_alternative<ast::Pass>(stmt->node) ||
                     is_main_guard(*stmt);
      if (!allowed) {
        diags_.report<DiagId::E0407>(stmt->span)
            .suggest("move the statement into a function, or under `if __name__ == \"__main__\":`");
      }
    }
  }

  static bool is_main_guard(const ast::Stmt& stmt) {
    const auto* branch = std::get_if<ast::If>(&stmt.node);
    if (!branch || !branch->otherwise.empty()) return false;
    const auto* compare = std::get_if<ast::Compare>(&branch->condition->node);
    if (!compare) return false;
    const auto* name = std::get_if<ast::Name>(&compare->first->node);
    return name && name->id == "__name__";
  }

  void fill(Scope& scope, const ast::Block& body) {
    for (const ast::StmtPtr& stmt : body) fill(scope, *stmt);
  }

  void fill(Scope& scope, const ast::Stmt& stmt) {
    if (const auto* define = std::get_if<ast::Define>(&stmt.node)) {
      bind_function(scope, *define->function);
    } else if (const auto* assign = std::get_if<ast::Assign>(&stmt.node)) {
      for (const ast::ExprPtr& target : assign->targets) bind_target(scope, *target);
    } else if (const auto* augmented = std::get_if<ast::AugAssign>(&stmt.node)) {
      bind_target(scope, *augmented->target);
    } else if (const auto* annotated = std::get_if<ast::AnnAssign>(&stmt.node)) {
      if (annotated->value) bind_target(scope, *annotated->target);
    } else if (const auto* loop = std::get_if<ast::For>(&stmt.node)) {
      ++loop_depth_;
      bind_target(scope, *loop->target);
      --loop_depth_;
    } else if (const auto* import = std::get_if<ast::Import>(&stmt.node)) {
      bind_import(scope, *import);
    } else if (const auto* from = std::get_if<ast::ImportFrom>(&stmt.node)) {
      bind_import(scope, *from);
    }
    bool loops = std::holds_alternative<ast::For>(stmt.node) || std::holds_alternative<ast::While>(stmt.node);
    loop_depth_ += loops;
    ast::for_each_child(
        stmt, [&](const ast::Expr& expr) { read(scope, expr); }, [&](const ast::Stmt& inner) { fill(scope, inner); });
    loop_depth_ -= loops;
  }

  // Notes the names that an expression reads, and gives each lambda a scope.
  void read(Scope& scope, const ast::Expr& expr) {
    if (const auto* name = std::get_if<ast::Name>(&expr.node)) reads_[&scope].insert(name->id);
    if (const auto* lambda = std::get_if<ast::Lambda>(&expr.node)) {
      for (const ast::Parameter& parameter : lambda->function->parameters) {
        if (parameter.default_value) read(scope, *parameter.default_value);
      }
      add_child(scope, *lambda->function);
    }
    ast::for_each_child(expr, [&](const ast::Expr& child) { read(scope, child); });
  }

  const Scope* add_child(Scope& scope, const ast::FunctionDef& definition) {
    scope.children.push_back(std::make_unique<Scope>());
    Scope& child = *scope.children.back();
    child.definition = &definition;
    child.parent = &scope;
    child.module = scope.module;
    tree_.by_definition[&definition] = &child;
    for (const ast::Parameter& parameter : definition.parameters) {
      child.names[parameter.name] = {BindingKind::Variable, parameter.span, nullptr, nullptr, nullptr, "", 1};
    }
    int outer_loops = std::exchange(loop_depth_, 0);
    fill(child, definition.body);
    loop_depth_ = outer_loops;
    return &child;
  }

  void bind(Scope& scope, const std::string& name, Binding binding) {
    auto [entry, fresh] = scope.names.try_emplace(name, binding);
    if (fresh) return;
    Binding& old = entry->second;
    if (old.kind == BindingKind::Path && binding.kind == BindingKind::Path && old.path == binding.path) return;
    if (old.kind == BindingKind::Function && binding.kind == BindingKind::Function) {
      diags_.report<DiagId::E0405>(binding.span, name)
          .note(old.span, "first defined here")
          .suggest("give one of them another name");
    } else if (old.kind != binding.kind || old.kind == BindingKind::Path) {
      diags_.report<DiagId::E0404>(binding.span, name, describe(old.kind), describe(binding.kind))
          .note(old.span, "first bound here")
          .suggest("use another name: each name means one thing in a kernel file");
    }
  }

  void bind_function(Scope& scope, const ast::FunctionDef& definition) {
    const Scope* child = add_child(scope, definition);
    bind(scope, definition.name, {BindingKind::Function, definition.name_span, nullptr, nullptr, child, "", 0});
  }

  void bind_target(Scope& scope, const ast::Expr& target) {
    if (const auto* name = std::get_if<ast::Name>(&target.node)) {
      bind(scope, name->id, {BindingKind::Variable, target.span, nullptr, nullptr, nullptr, "", 0});
      scope.names[name->id].assignments += loop_depth_ > 0 ? 2 : 1;  // in a loop: more than once
    } else if (const auto* tuple = std::get_if<ast::Tuple>(&target.node)) {
      for (const ast::ExprPtr& element : tuple->elements) bind_target(scope, *element);
    } else if (const auto* list = std::get_if<ast::List>(&target.node)) {
      for (const ast::ExprPtr& element : list->elements) bind_target(scope, *element);
    }
  }

  // ---- imports ----

  void bind_path(Scope& scope, const std::string& name, std::string path, Span span) {
    bind(scope, name, {BindingKind::Path, span, nullptr, nullptr, nullptr, std::move(path), 0});
  }

  void bind_import(Scope& scope, const ast::Import& import) {
    for (const ast::ImportedName& name : import.names) {
      auto kernel = modules_.by_name.find(name.name);
      if (kernel != modules_.by_name.end()) {
        bind_path(scope, name.alias.empty() ? name.name : name.alias, kernel_path(kernel->second), name.span);
        continue;
      }
      std::string path = canonical_module(name.name);
      if (!library_.is_module(path)) {
        report_unknown_module(name.name, name.span);
        path = "";
      }
      std::string bound = name.alias.empty() ? name.name.substr(0, name.name.find('.')) : name.alias;
      if (name.alias.empty()) path = path.substr(0, path.find('.'));
      bind_path(scope, bound, path, name.span);
      scope.names[bound].module = name.name;
    }
  }

  void report_unknown_module(const std::string& name, Span span) {
    diags_.report<DiagId::E0402>(span, name)
        .suggest("kernel files import kjit (or numba), math, cmath, random, numpy, sys, time, and other .k files beside them");
  }

  void bind_import(Scope& scope, const ast::ImportFrom& import) {
    std::string path = canonical_module(import.module);
    if (path == "__future__") return;
    auto kernel = modules_.by_name.find(import.module);
    bool known = library_.is_module(path);
    if (!known && kernel == modules_.by_name.end()) report_unknown_module(import.module, import.module_span);
    for (const ast::ImportedName& name : import.names) {
      const std::string& bound = name.alias.empty() ? name.name : name.alias;
      if (known) {
        bind_known(scope, bound, path, import.module, name);
      } else if (kernel != modules_.by_name.end()) {
        kernel_imports_.push_back({&scope, bound, kernel->second, import.module, name.name, name.span});
      } else {
        bind_path(scope, bound, "", name.span);
      }
    }
  }

  void bind_known(Scope& scope, const std::string& bound, const std::string& module, const std::string& written,
                  const ast::ImportedName& name) {
    std::string path = module + "." + name.name;
    if (!library_.is_known(path)) {
      diags_.report<DiagId::E0403>(name.span, name.name, written).suggest(library_.suggest(module, name.name));
      path = "";
    }
    bind_path(scope, bound, path, name.span);
  }

  // After all modules have bound their own names: `from lib import f` copies lib's binding.
  void resolve_kernel_imports() {
    for (const KernelImport& import : kernel_imports_) {
      const Scope& from = *tree_.modules[import.module];
      find_constants(*tree_.modules[import.module]);
      auto found = from.names.find(import.name);
      bool usable = found != from.names.end() && found->second.kind != BindingKind::Variable;
      if (!usable) {
        Diagnostic& diag = diags_.report<DiagId::E0406>(import.span, import.module_name, import.name);
        std::string_view near = did_you_mean(import.name, visible_names(from));
        if (!near.empty()) diag.suggest("did you mean '" + std::string(near) + "'?");
        bind_path(*import.into, import.local_name, "", import.span);
        continue;
      }
      Binding copy = found->second;
      copy.span = import.span;
      bind(*import.into, import.local_name, copy);
    }
  }

  // ---- constants of a module ----

  // Of a script that runs only what stands before the first statement that does something: until then no function can have run
  // and missed the value.
  void find_constants(Scope& module) {
    for (const ast::StmtPtr& stmt : modules_.modules[module.module].body) {
      if (declares_only(*stmt)) continue;
      const ast::Expr* target = nullptr;
      const ast::Expr* value = nullptr;
      if (const auto* assign = std::get_if<ast::Assign>(&stmt->node); assign && assign->targets.size() == 1) {
        target = assign->targets[0].get();
        value = assign->value.get();
      } else if (const auto* annotated = std::get_if<ast::AnnAssign>(&stmt->node); annotated && annotated->value) {
        target = annotated->target.get();
        value = annotated->value.get();
      }
      bool ordered = module.module == 0 && script_runs_;
      if ((!target || !value || !mark_constant(module, *target, *value)) && ordered) return;
    }
  }

  static bool declares_only(const ast::Stmt& stmt) {
    const auto* expression = std::get_if<ast::ExpressionStatement>(&stmt.node);
    return std::holds_alternative<ast::Define>(stmt.node) || std::holds_alternative<ast::Import>(stmt.node) ||
           std::holds_alternative<ast::ImportFrom>(stmt.node) || std::holds_alternative<ast::Pass>(stmt.node) ||
           (expression && std::holds_alternative<ast::StringLiteral>(expression->value->node));
  }

  // True if the assignment is a constant of the module, or has no effect on other code (it cannot call a kernel).
  bool mark_constant(Scope& module, const ast::Expr& target, const ast::Expr& value) {
    const auto* name = std::get_if<ast::Name>(&target.node);
    if (!name || !is_constant(module, value)) return false;
    Binding& binding = module.names[name->id];
    if (binding.kind != BindingKind::Variable || binding.assignments != 1) return true;
    binding.size = constant_size(module, value);
    if (binding.size > limits::kConstantSize) return true;  // stays a variable
    binding.kind = BindingKind::Constant;
    binding.value = &value;
    binding.home = &module;
    return true;
  }

  bool is_constant(const Scope& module, const ast::Expr& expr) const {
    if (std::holds_alternative<ast::Name>(expr.node)) return is_constant_name(module, std::get<ast::Name>(expr.node).id);
    if (const auto* attribute = std::get_if<ast::Attribute>(&expr.node)) return is_constant_attribute(module, *attribute);
    if (const auto* call = std::get_if<ast::Call>(&expr.node)) return is_constant_call(module, *call);
    bool foldable = std::holds_alternative<ast::NoneLiteral>(expr.node) || std::holds_alternative<ast::BoolLiteral>(expr.node) ||
                    std::holds_alternative<ast::IntLiteral>(expr.node) || std::holds_alternative<ast::FloatLiteral>(expr.node) ||
                    std::holds_alternative<ast::ImaginaryLiteral>(expr.node) ||
                    std::holds_alternative<ast::StringLiteral>(expr.node) || std::holds_alternative<ast::Unary>(expr.node) ||
                    std::holds_alternative<ast::Binary>(expr.node) || std::holds_alternative<ast::Tuple>(expr.node) ||
                    std::holds_alternative<ast::Compare>(expr.node) || std::holds_alternative<ast::Conditional>(expr.node);
    if (!foldable) return false;
    bool all = true;
    ast::for_each_child(expr, [&](const ast::Expr& child) { all = all && is_constant(module, child); });
    return all;
  }

  static std::size_t constant_size(const Scope& module, const ast::Expr& expr) {
    const auto* name = std::get_if<ast::Name>(&expr.node);
    const auto found = name ? module.names.find(name->id) : module.names.end();
    if (found != module.names.end()) return found->second.size;
    std::size_t size = 1;
    ast::for_each_child(expr, [&](const ast::Expr& child) { size += constant_size(module, child); });
    return size;
  }

  bool is_constant_name(const Scope& module, const std::string& id) const {
    auto found = module.names.find(id);
    if (found == module.names.end()) return false;
    const Binding& binding = found->second;
    return binding.kind == BindingKind::Constant ||
           (binding.kind == BindingKind::Path && library_.category(binding.path) == PathCategory::Constant);
  }

  bool is_constant_attribute(const Scope& module, const ast::Attribute& attribute) const {
    std::string path = path_of(module, *attribute.value);
    return !path.empty() && library_.category(path + "." + attribute.name) == PathCategory::Constant;
  }

  bool is_constant_call(const Scope& module, const ast::Call& call) const {
    std::string path = path_of(module, *call.callee);
    if (const auto* name = std::get_if<ast::Name>(&call.callee->node); name && path.empty() && !module.names.count(name->id)) {
      path = "builtins." + name->id;
    }
    const PathRow* row = library_.find(path);
    bool is_foldable = row && (row->is_foldable || row->category == PathCategory::Dtype);
    if (!is_foldable || !call.keywords.empty()) return false;
    return std::all_of(call.args.begin(), call.args.end(), [&](const ast::ExprPtr& arg) { return is_constant(module, *arg); });
  }

  static std::string path_of(const Scope& module, const ast::Expr& expr) {
    if (const auto* name = std::get_if<ast::Name>(&expr.node)) {
      auto found = module.names.find(name->id);
      return found != module.names.end() && found->second.kind == BindingKind::Path ? found->second.path : "";
    }
    if (const auto* attribute = std::get_if<ast::Attribute>(&expr.node)) {
      std::string base = path_of(module, *attribute->value);
      return base.empty() ? "" : base + "." + attribute->name;
    }
    return "";
  }

  // ---- captured and shared variables ----

  // Repeats until nothing grows, because a function also needs what the functions it calls capture.
  void find_captures(Scope& module) {
    while (grow_captures(module)) {
    }
    NameSet shared;
    collect_shared(module, module, shared);
    module.shared.assign(shared.begin(), shared.end());
  }

  bool grow_captures(Scope& scope) {
    bool grown = false;
    if (!scope.is_module()) {
      NameSet captured(scope.captures.begin(), scope.captures.end());
      for (const std::string& name : reads_[&scope]) add_capture(scope, name, captured);
      for (const auto& child : scope.children) {
        for (const std::string& name : child->captures) add_capture(scope, name, captured);
      }
      grown = captured.size() != scope.captures.size();
      scope.captures.assign(captured.begin(), captured.end());
    }
    for (const auto& child : scope.children) grown = grow_captures(*child) || grown;
    return grown;
  }

  static void add_capture(const Scope& scope, const std::string& name, NameSet& captured) {
    Found found = find_name(scope, name);
    if (!found.binding || found.owner == &scope || found.owner->is_module()) return;
    if (found.binding->kind == BindingKind::Variable) captured.insert(name);
    if (found.binding->kind != BindingKind::Function) return;
    for (const std::string& inner : found.binding->function->captures) {
      Found variable = find_name(scope, inner);
      if (variable.binding && variable.owner != &scope && !variable.owner->is_module()) captured.insert(inner);
    }
  }

  void collect_shared(const Scope& scope, const Scope& module, NameSet& shared) {
    for (const auto& child : scope.children) {
      for (const std::string& name : reads_[child.get()]) {
        Found found = find_name(*child, name);
        if (found.owner == &module && found.binding->kind == BindingKind::Variable) shared.insert(name);
      }
      collect_shared(*child, module, shared);
    }
  }

  const ModuleSet& modules_;
  const LibraryView& library_;
  const bool script_runs_;
  Diagnostics& diags_;
  ScopeTree tree_;
  std::map<const Scope*, NameSet> reads_;
  std::vector<KernelImport> kernel_imports_;
  int loop_depth_ = 0;
};

}  // namespace

ScopeTree build_scopes(const ModuleSet& modules, const LibraryView& library, bool script_runs, Diagnostics& diags) {
  return Builder(modules, library, script_runs, diags).run();
}

std::string kernel_path(std::uint32_t module) { return "file " + std::to_string(module); }

const Binding* find_member(const ScopeTree& scopes, std::string_view path) {
  std::size_t dot = path.find('.');
  if (!path.starts_with("file ") || dot == std::string_view::npos) return nullptr;
  const Scope& module = *scopes.modules[std::stoul(std::string(path.substr(5, dot - 5)))];
  auto found = module.names.find(std::string(path.substr(dot + 1)));
  return found == module.names.end() ? nullptr : &found->second;
}

Found find_name(const Scope& scope, const std::string& name) {
  for (const Scope* at = &scope; at; at = at->parent) {
    auto found = at->names.find(name);
    if (found != at->names.end()) return {&found->second, at};
  }
  return {};
}

std::vector<std::string_view> visible_names(const Scope& scope) {
  std::vector<std::string_view> names;
  for (const Scope* at = &scope; at; at = at->parent) {
    for (const auto& [name, binding] : at->names) names.push_back(name);
  }
  return names;
}

}  // namespace kjit
