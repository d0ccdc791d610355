// Registered functions and C libraries. Entry: ForeignFunctions.

#include "driver/foreign_functions.h"

#include <dlfcn.h>

#include <utility>

#include "driver/run_error.h"
#include "library/library.h"
#include "runtime/runtime.h"
#include "typing/check/library_view.h"
#include "typing/tree/foreign_call.h"
#include "typing/type_text.h"

namespace kjit {

namespace {

constexpr std::string_view kHost = "host ";
constexpr std::string_view kSymbol = "kjit.";

// What a function does that the host has not registered (yet): `state` is its name.
kjit_status not_registered(void* state, kjit_context* context, std::uint32_t site, void* const*, void*) {
  const std::string text = "the host has registered no function '" + *static_cast<const std::string*>(state) + "'";
  const kjit_str message{text.data(), static_cast<std::int64_t>(text.size()), nullptr};
  kjit_raise(context, KJIT_NameError, site, &message);
  return KJIT_FAILED;
}

bool is_identifier(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !is_letter(name[0])) return false;
  for (const char c : name) {
    if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
  }
  return true;
}

Result<HostSignature> read_signature(const detail::HostFunction& function) {
  HostSignature signature;
  for (const detail::ParameterText& parameter : function.parameters) {
    auto type = parse_type(parameter.type);
    if (!type) return Error{"kernels have no type " + parameter.type};
    signature.parameters.push_back(std::move(*type));
    signature.written.push_back(!parameter.is_const);
  }
  const auto result = parse_type(function.result);
  if (!result) return Error{"kernels have no type " + function.result};
  signature.result = *result;
  signature.thread_safe = function.thread_safe;
  return signature;
}

// The library of @extern("libm.so.6") or @kjit.extern(...), as written.
const ast::Expr* library_of(const ast::FunctionDef& function) {
  for (const ast::ExprPtr& decorator : function.decorators) {
    const auto* call = std::get_if<ast::Call>(&decorator->node);
    if (call == nullptr || call->args.empty()) continue;
    const auto* name = std::get_if<ast::Name>(&call->callee->node);
    const auto* attribute = std::get_if<ast::Attribute>(&call->callee->node);
    const bool is_extern = (name && name->id == "extern") || (attribute && attribute->name == "extern");
    if (is_extern && std::holds_alternative<ast::StringLiteral>(call->args[0]->node)) return call->args[0].get();
  }
  return nullptr;
}

}  // namespace

ForeignFunctions::Entry& ForeignFunctions::entry_of(const std::string& name) {
  std::unique_ptr<Entry>& entry = host_[name];
  if (entry) return *entry;
  entry = std::make_unique<Entry>();
  entry->name = name;
  entry->function = {not_registered, &entry->name, 1};
  return *entry;
}

std::optional<Error> ForeignFunctions::add(detail::HostFunction function) {
  if (!is_identifier(function.name)) return Error{"'" + function.name + "' is no name that a kernel could write"};
  if (library().is_known("builtins." + function.name)) return Error{"'" + function.name + "' is a function of the language"};
  Result<HostSignature> signature = read_signature(function);
  if (!signature) return signature.error();
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(function.name);
  if (entry.signature) return Error{"a function '" + function.name + "' is registered already"};
  entry.state = std::move(function.state);
  entry.signature = std::move(*signature);
  entry.function = {reinterpret_cast<decltype(entry.function.invoke)>(function.invoke), entry.state.get(),
                    function.thread_safe ? 1 : 0};
  return std::nullopt;
}

void ForeignFunctions::add_to(ModuleSet& modules, Diagnostics& diags) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, entry] : host_) {
    if (entry->signature) modules.host_functions.emplace(name, *entry->signature);
  }
  for (const ast::Module& module : modules.modules) {
    for (const ast::StmtPtr& statement : module.body) {
      const auto* define = std::get_if<ast::Define>(&statement->node);
      const ast::Expr* library = define ? library_of(*define->function) : nullptr;
      if (library == nullptr) continue;
      std::string problem;
      const std::string& name = define->function->name;
      if (find_c_function(std::get<ast::StringLiteral>(library->node).value, name, problem) == nullptr)
        diags.report<DiagId::E0616>(library->span, name, problem);
    }
  }
}

void* ForeignFunctions::find_c_function(const std::string& library, const std::string& name, std::string& problem) {
  void*& handle = libraries_[library];
  if (handle == nullptr) handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* address = handle == nullptr ? nullptr : ::dlsym(handle, name.c_str());
  if (address != nullptr) return address;
  const char* said = ::dlerror();
  problem = said == nullptr ? "its address is null" : said;
  return nullptr;
}

void* ForeignFunctions::resolve(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (name.starts_with(kHost)) return &entry_of(std::string(name.substr(kHost.size()))).function;
  const std::optional<ExternFunction> function = extern_function(name);
  std::string problem;
  return function ? find_c_function(function->library, function->name, problem) : nullptr;
}

void* ForeignFunctions::resolve_symbol(std::string_view symbol) {
  return symbol.starts_with(kSymbol) ? resolve(symbol.substr(kSymbol.size())) : nullptr;
}

}  // namespace kjit
