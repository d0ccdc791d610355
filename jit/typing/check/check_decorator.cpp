// Decorators: the options of a function. Entry: FunctionChecker::check_decorators.

#include "typing/check/checker.h"

namespace kjit {

void BodyChecker::check_decorators(const ast::FunctionDef& definition) {
  for (const ast::ExprPtr& decorator : definition.decorators) apply_decorator(*decorator);
}

void BodyChecker::apply_decorator(const ast::Expr& decorator) {
  const auto* call = std::get_if<ast::Call>(&decorator.node);
  std::string path = path_of(call ? *call->callee : decorator);
  if (path != "kjit.njit" && path != "kjit.jit") {
    report<DiagId::E0611>(decorator.span).suggest("kernels take @njit or @jit, with options such as @njit(parallel=True)");
    return;
  }
  if (!call) return;
  // An explicit signature, as Numba allows, adds nothing here and converts nothing: as under CPython, the arguments keep their
  // types.
  std::string name = path.substr(path.find('.') + 1);
  for (const ast::Keyword& keyword : call->keywords) apply_option(name, keyword);
}

namespace {

std::optional<bool> bool_literal(const ast::Expr& expr) {
  const auto* literal = std::get_if<ast::BoolLiteral>(&expr.node);
  return literal ? std::optional<bool>(literal->value) : std::nullopt;
}

std::string string_literal(const ast::Expr& expr) {
  const auto* literal = std::get_if<ast::StringLiteral>(&expr.node);
  return literal ? literal->value : "";
}

bool* fastmath_flag(typed::FastMath& flags, const std::string& name) {
  if (name == "reassoc") return &flags.reassoc;
  if (name == "nnan") return &flags.nnan;
  if (name == "ninf") return &flags.ninf;
  if (name == "nsz") return &flags.nsz;
  if (name == "arcp") return &flags.arcp;
  if (name == "contract") return &flags.contract;
  if (name == "afn") return &flags.afn;
  return nullptr;
}

}  // namespace

void BodyChecker::apply_option(const std::string& decorator, const ast::Keyword& keyword) {
  const std::string& name = keyword.name;
  typed::FunctionOptions& options = function_.options;
  if (name == "fastmath") return apply_fastmath(decorator, keyword);
  if (name == "error_model") {
    std::string model = string_literal(*keyword.value);
    options.numpy_error_model = model == "numpy";
    if (model != "numpy" && model != "python")
      report<DiagId::E0610>(keyword.value->span, name, decorator, "\"python\" or \"numpy\"");
    return;
  }
  if (name == "inline") {
    std::string mode = string_literal(*keyword.value);
    using Inline = typed::FunctionOptions::Inline;
    options.inlining = mode == "always" ? Inline::Always : Inline::Auto;
    if (mode != "always" && mode != "never")
      report<DiagId::E0610>(keyword.value->span, name, decorator, "\"always\" or \"never\"");
    return;
  }
  std::optional<bool> value = bool_literal(*keyword.value);
  bool known = true;
  if (name == "nogil") {
    options.nogil = value.value_or(false);
  } else if (name == "parallel") {
    options.parallel = value.value_or(false);
  } else if (name == "unchecked") {
    loops_unchecked_ = value.value_or(false);
  } else if (name == "cache") {
    options.cache = value.value_or(false);
  } else if (name == "boundscheck") {
    if (std::holds_alternative<ast::NoneLiteral>(keyword.value->node)) return;
    options.boundscheck = value;
  } else {
    // Numba's options that have no meaning here, but do no harm.
    known = name == "nopython" || name == "forceobj" || name == "looplift" || name == "debug" || name == "no_cpython_wrapper" ||
            name == "no_cfunc_wrapper";
  }
  if (!known) {
    static const std::vector<std::string_view> kNames = {"nogil", "parallel",    "unchecked",   "fastmath",
                                                         "cache", "boundscheck", "error_model", "inline"};
    Diagnostic& diag = report<DiagId::E0609>(keyword.name_span, decorator, name);
    std::string_view near = did_you_mean(name, kNames);
    diag.suggest(near.empty() ? "the options are nogil, parallel, unchecked, fastmath, cache, boundscheck, error_model, inline"
                              : "did you mean '" + std::string(near) + "'?");
  } else if (!value) {
    report<DiagId::E0610>(keyword.value->span, name, decorator, "True or False");
  }
}

// fastmath=True, or LLVM's flags as a set, list or tuple of strings.
void BodyChecker::apply_fastmath(const std::string& decorator, const ast::Keyword& keyword) {
  typed::FastMath& flags = function_.options.fastmath;
  if (std::optional<bool> all = bool_literal(*keyword.value)) {
    if (*all) flags = {true, true, true, true, true, true, true};
    return;
  }
  const std::vector<ast::ExprPtr>* names = nullptr;
  if (const auto* list = std::get_if<ast::List>(&keyword.value->node)) names = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&keyword.value->node)) names = &tuple->elements;
  constexpr const char* kNeeded = "True, False or a set of reassoc, nnan, ninf, nsz, arcp, contract, afn";
  if (!names) {
    report<DiagId::E0610>(keyword.value->span, keyword.name, decorator, kNeeded);
    return;
  }
  for (const ast::ExprPtr& element : *names) {
    std::string name = string_literal(*element);
    if (name == "fast") {
      flags = {true, true, true, true, true, true, true};
    } else if (bool* flag = fastmath_flag(flags, name)) {
      *flag = true;
    } else {
      report<DiagId::E0610>(element->span, keyword.name, decorator, kNeeded);
    }
  }
}

}  // namespace kjit
