// Functions that are not kjit's: those that the host has registered, and C functions, declared with @extern. Entries: call_host,
// run_extern.
//
// A declaration is a function like any other, whose body is the call; so it can be passed on, and annotations, defaults and
// keywords mean what they mean elsewhere.

#include <algorithm>

#include "typing/check/checker.h"
#include "typing/tree/foreign_call.h"

namespace kjit {

namespace {

// The registers in which C functions get their arguments, on x86-64 and AArch64; the interpreter can pass so many.
constexpr int kMostWords = 6;
constexpr int kMostFloats = 8;

bool is_body_of_declaration(const ast::Block& body) {
  return std::all_of(body.begin(), body.end(), [](const ast::StmtPtr& stmt) {
    const auto* expression = std::get_if<ast::ExpressionStatement>(&stmt->node);
    return std::holds_alternative<ast::Pass>(stmt->node) ||
           (expression && std::holds_alternative<ast::EllipsisLiteral>(expression->value->node));
  });
}

const ast::Keyword* find_keyword(const ast::Call& call, std::string_view name) {
  for (const ast::Keyword& keyword : call.keywords) {
    if (keyword.name == name) return &keyword;
  }
  return nullptr;
}

bool is_true(const ast::Keyword* keyword) {
  const auto* literal = keyword ? std::get_if<ast::BoolLiteral>(&keyword->value->node) : nullptr;
  return literal && literal->value;
}

bool can_pass_to_c(const Type& type) {
  return (type.is_scalar() && !type.is_complex()) || (type.is_array() && type.is_contiguous());
}

bool fits_in_registers(const std::vector<Type>& types) {
  const auto floats = std::count_if(types.begin(), types.end(), [](const Type& type) { return type.is_float(); });
  return floats <= kMostFloats && static_cast<std::ptrdiff_t>(types.size()) - floats <= kMostWords;
}

std::string signature_text(const HostSignature& signature) {
  std::string text = "(";
  for (const Type& type : signature.parameters) text += (text.size() > 1 ? ", " : "") + to_string(type);
  return text + ") -> " + to_string(signature.result);
}

}  // namespace

const HostSignature* FunctionChecker::host_function(const ast::Expr& callee) const {
  const auto* name = std::get_if<ast::Name>(&callee.node);
  if (!name || find_name(*name_scope_, name->id).binding || library().is_known("builtins." + name->id)) return nullptr;
  const auto& known = program_.modules().host_functions;
  const auto found = known.find(name->id);
  return found == known.end() ? nullptr : &found->second;
}

FunctionChecker::ExprPtr FunctionChecker::foreign_call(Builtin builtin, std::string name, std::string modes, const Type& result,
                                                       std::vector<ExprPtr> args, Span span) {
  args.insert(args.begin(), str_constant(std::move(modes), span));
  args.insert(args.begin(), str_constant(std::move(name), span));
  return builtin_call(builtin, result, span, std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::call_host(const ast::Expr& expr, const ast::Call& call, const std::string& name,
                                                    const HostSignature& signature) {
  if (!call.keywords.empty()) {
    report<DiagId::E0602>(call.keywords[0].name_span, name, call.keywords[0].name)
        .suggest("functions of the host take their arguments by position");
    return invalid(expr.span);
  }
  if (call.args.size() != signature.parameters.size()) {
    report<DiagId::E0601>(expr.span, name, signature.parameters.size(), call.args.size())
        .suggest("the host has registered " + name + signature_text(signature));
    return invalid(expr.span);
  }
  std::string modes = signature.thread_safe ? "t" : "-";
  std::vector<ExprPtr> args;
  bool ok = true;
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    ExprPtr value = check(*call.args[i]);
    if (!value->type.is_unknown()) {
      const Annotation wanted{Annotation::Kind::Exact, signature.parameters[i]};
      const Span span = value->span;
      value = apply_annotation(wanted, "argument " + std::to_string(i + 1) + " of " + name, std::move(value), span);
    }
    ok = ok && !value->type.is_unknown();
    modes += signature.written[i] ? 'w' : 'r';
    args.push_back(std::move(value));
  }
  if (!ok) return invalid(expr.span);
  return foreign_call(Builtin::CallHost, "host " + name, std::move(modes), signature.result, std::move(args), expr.span);
}

// ---- @extern ----

bool BodyChecker::is_extern(const ast::FunctionDef& definition) const {
  return std::any_of(definition.decorators.begin(), definition.decorators.end(), [&](const ast::ExprPtr& decorator) {
    const auto* call = std::get_if<ast::Call>(&decorator->node);
    return path_of(call ? *call->callee : *decorator) == "kjit.extern";
  });
}

namespace {

// @extern("libm.so.6", thread_safe=True), or @extern for a function of the host.
struct Declaration {
  std::string library;  // empty: the host
  bool thread_safe = false;
  bool is_wrong = false;
};

Declaration read_declaration(const ast::FunctionDef& definition) {
  Declaration result;
  result.is_wrong = definition.decorators.size() != 1;
  const auto* call = std::get_if<ast::Call>(&definition.decorators[0]->node);
  if (!call) return result;
  const auto* library = call->args.size() == 1 ? std::get_if<ast::StringLiteral>(&call->args[0]->node) : nullptr;
  if (library) result.library = library->value;
  result.thread_safe = is_true(find_keyword(*call, "thread_safe"));
  const bool wrong_library =
      !call->args.empty() && (!library || library->value.empty() || library->value.find(' ') != std::string::npos);
  const std::size_t known = find_keyword(*call, "thread_safe") ? 1 : 0;
  result.is_wrong = result.is_wrong || wrong_library || call->keywords.size() != known;
  return result;
}

}  // namespace

void BodyChecker::run_extern(const ast::FunctionDef& definition) {
  const Declaration declaration = read_declaration(definition);
  const auto refuse = [&](Span span, const std::string& reason) {
    report<DiagId::E0615>(span, definition.name, reason)
        .suggest(
            "write @extern(\"libm.so.6\") above `def cbrt(x: f64) -> f64: ...`; @extern alone stands for a function of the host");
    spec_.result = Type();
  };
  declare_parameters();
  function_.result = spec_.result;
  if (declaration.is_wrong)
    return refuse(definition.decorators[0]->span,
                  "@extern takes the name of a library, and thread_safe=True or False, and stands alone");
  if (!is_body_of_declaration(definition.body)) return refuse(definition.name_span, "its body must be `...`");
  if (!definition.returns) return refuse(definition.name_span, "its result has no annotation (`-> None` for none)");

  std::vector<Type> types;
  for (const ast::Parameter& parameter : definition.parameters) {
    if (!parameter.annotation) return refuse(parameter.span, "parameter '" + parameter.name + "' has no annotation");
    const auto annotation = read_annotation(*parameter.annotation);
    if (!annotation) return;
    types.push_back(annotation->type);
    if (!declaration.library.empty() && !can_pass_to_c(types.back()))
      return refuse(parameter.span, "C takes numbers, and arrays without gaps (f64[::1]), not " + to_string(types.back()));
  }
  const auto returns = read_annotation(*definition.returns);
  if (!returns) return;
  const Type result = returns->type;
  if (!declaration.library.empty() && !result.is(Kind::None) && !(result.is_scalar() && !result.is_complex()))
    return refuse(definition.returns->span, "C gives a number or nothing, not " + to_string(result));
  if (!declaration.library.empty() && !fits_in_registers(types))
    return refuse(definition.name_span, "C functions take at most 6 integers and arrays, and 8 floats");

  std::string modes = declaration.thread_safe ? "t" : "-";
  const auto& registered = program_.modules().host_functions;
  const auto known = declaration.library.empty() ? registered.find(definition.name) : registered.end();
  if (known != registered.end()) {
    const HostSignature& host = known->second;
    if (host.parameters != types || !(host.result == result))
      return refuse(definition.name_span, "the host has registered " + definition.name + signature_text(host));
    modes = host.thread_safe ? "t" : "-";
  }
  std::vector<ExprPtr> args;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (spec_.arguments[i].is_unknown()) return;  // kjit check, without a caller: nothing is wrong
    args.push_back(convert(read_temp(static_cast<typed::LocalId>(i), definition.parameters[i].span), types[i]));
    if (args.back()->type.is_unknown()) return;
    const bool written = types[i].is_array() && (known == registered.end() || known->second.written[i]);
    modes += written ? 'w' : 'r';
  }
  const bool is_host = declaration.library.empty();
  const std::string name = is_host ? "host " + definition.name : "extern " + declaration.library + " " + definition.name;
  spec_.changed = spec_.changed || !(spec_.result == result);
  spec_.result = result;
  spec_.returns_value = true;
  function_.result = result;
  emit(definition.name_span, typed::Return{foreign_call(is_host ? Builtin::CallHost : Builtin::CallExtern, name, std::move(modes),
                                                        result, std::move(args), definition.name_span)});
}

}  // namespace kjit
