// Calls of the library: arguments, fixed signatures, element functions, casts and methods. What has rules of its own about its
// arguments is a handler in jit/library. Entries: call_signature, call_element, cast, method_call.

#include <algorithm>

#include "typing/check/checker.h"
#include "typing/tree/signature.h"

namespace kjit {

// ---- arguments ----

FunctionChecker::ExprPtr FunctionChecker::bad_argument(const CallSite& site, std::string_view needed, const Type& given,
                                                       Span span) {
  report<DiagId::E0606>(span, site.name, needed, to_string(given));
  return invalid(site.span());
}

std::optional<std::vector<const ast::Expr*>> FunctionChecker::take_args(const CallSite& site, std::size_t least,
                                                                        std::vector<std::string_view> names) {
  std::vector<const ast::Expr*> taken(names.size());
  std::size_t given = site.call.args.size() + site.call.keywords.size();
  if (site.call.args.size() > names.size()) {
    std::string count =
        least == names.size() ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(names.size());
    report<DiagId::E0601>(site.span(), site.name, count, given);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < site.call.args.size(); ++i) taken[i] = site.call.args[i].get();
  for (const ast::Keyword& keyword : site.call.keywords) {
    auto found = std::find(names.begin(), names.end(), keyword.name);
    if (found == names.end()) {
      Diagnostic& diag = report<DiagId::E0602>(keyword.name_span, site.name, keyword.name);
      std::string_view near = did_you_mean(keyword.name, names);
      if (!near.empty()) diag.suggest("did you mean '" + std::string(near) + "'?");
      return std::nullopt;
    }
    const ast::Expr*& slot = taken[found - names.begin()];
    if (slot) {
      report<DiagId::E0603>(keyword.name_span, site.name, keyword.name);
      return std::nullopt;
    }
    slot = keyword.value.get();
  }
  for (std::size_t i = 0; i < least; ++i) {
    if (taken[i]) continue;
    report<DiagId::E0604>(site.span(), site.name, names[i]);
    return std::nullopt;
  }
  return taken;
}

std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::check_args(const CallSite& site, std::size_t least,
                                                                                 std::size_t most) {
  std::vector<ExprPtr> values;
  bool ok = true;
  for (const ast::ExprPtr& arg : site.call.args) {
    values.push_back(check(*arg));
    ok = ok && !values.back()->type.is_unknown();
  }
  if (!site.call.keywords.empty()) {
    report<DiagId::E0602>(site.call.keywords[0].name_span, site.name, site.call.keywords[0].name)
        .suggest("give the value by position");
    return std::nullopt;
  }
  if (values.size() < least || values.size() > most) {
    std::string count = std::to_string(least);
    if (most != least) count = most > 1000 ? "at least " + count : count + " to " + std::to_string(most);
    report<DiagId::E0601>(site.span(), site.name, count, values.size());
    return std::nullopt;
  }
  if (!ok) return std::nullopt;
  return values;
}

FunctionChecker::ExprPtr FunctionChecker::argument_f64(const CallSite& site, ExprPtr value) {
  Type type = value->type;
  if (type.is_unknown()) return value;
  if (type.is_scalar() && !type.is_complex()) return convert(std::move(value), Kind::F64);
  Diagnostic& diag = report<DiagId::E0606>(value->span, site.name, "a real number", to_string(type));
  if (type.is_complex() && site.path.starts_with("math.")) diag.suggest("use cmath." + std::string(site.name));
  if (type.is_array()) diag.suggest("loop over the elements");
  return invalid(value->span);
}

FunctionChecker::ExprPtr FunctionChecker::argument_i64(const CallSite& site, ExprPtr value) {
  Type type = value->type;
  if (type.is_unknown()) return value;
  if (type.is_integer() || type.is(Kind::Bool)) return convert(std::move(value), Kind::I64);
  Diagnostic& diag = report<DiagId::E0606>(value->span, site.name, "an integer", to_string(type));
  if (type.is_float()) diag.suggest("write int(...)");
  return invalid(value->span);
}

// ---- rows without rules of their own ----

// An argument of a fixed signature.
FunctionChecker::ExprPtr FunctionChecker::argument_as(const CallSite& site, kjit::Kind kind, ExprPtr value) {
  if (kind == Kind::F64) return argument_f64(site, std::move(value));
  if (kind == Kind::I64) return argument_i64(site, std::move(value));
  if (kind == Kind::C128) return convert_number(std::move(value), kind, "a complex number");
  KJIT_UNREACHABLE("a name without rules of its own takes numbers");
}

FunctionChecker::ExprPtr FunctionChecker::call_signature(const CallSite& site, const PathRow& row) {
  const FixedSignature types = fixed_signature(row.signature);
  const std::size_t arity = types.parameters.size();
  std::optional<std::vector<ExprPtr>> args = check_args(site, arity, arity);
  if (!args) return invalid(site.span());
  for (std::size_t i = 0; i < arity; ++i) {
    (*args)[i] = argument_as(site, types.parameters[i], std::move((*args)[i]));
    if ((*args)[i]->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(row.builtins[0], types.result, site.span(), std::move(*args), row.checked);
}

std::optional<Kind> FunctionChecker::common_kind(const CallSite& site, std::vector<ExprPtr>& args) {
  if (args.size() == 2 && !adapt_literal(args[0], args[1], site.span())) return std::nullopt;
  Kind common = Kind::Bool;
  for (const ExprPtr& arg : args) {
    if (!arg->type.is_scalar()) {
      report<DiagId::E0606>(arg->span, site.name, "a number", to_string(arg->type))
          .suggest(arg->type.is_array() ? "loop over the elements" : "");
      return std::nullopt;
    }
    common = promote(common, arg->type.kind()).value_or(Kind::F64);
  }
  return common;
}

// An element function of scalars.
FunctionChecker::ExprPtr FunctionChecker::call_element(const CallSite& site, const PathRow& row) {
  const std::string_view signature = builtin_row(row.builtins[0]).signature;
  const std::size_t arity = signature.find('>');
  std::optional<std::vector<ExprPtr>> args = check_args(site, arity, arity);
  if (!args) return invalid(site.span());
  const std::optional<Kind> common = common_kind(site, *args);
  if (!common) return invalid(site.span());
  const Builtin first = row.builtins[0];
  const bool rounds = first == Builtin::Floor || first == Builtin::Ceil || first == Builtin::Trunc;
  if (rounds && (Type(*common).is_integer() || *common == Kind::Bool)) return std::move((*args)[0]);  // whole already
  const std::optional<ElementForm> form = element_form(row.rows(), *common);
  if (!form) return bad_argument(site, Type(*common).is_complex() ? "a real number" : "a number", *common, site.span());
  for (ExprPtr& arg : *args) arg = convert(std::move(arg), form->operand);
  ExprPtr value = builtin_call(form->builtin, form->result, site.span(), std::move(*args));
  const bool single = *common == Kind::F32 || *common == Kind::C64;  // np.angle has a form of C128 alone
  return single && form->result == Kind::F64 ? convert(std::move(value), Kind::F32) : std::move(value);
}

const Scope& FunctionChecker::prelude_function(std::string_view name) const {
  KJIT_ASSERT(program_.modules().prelude, "a program that calls the prelude has it");
  const Scope& prelude = *program_.scopes().modules[*program_.modules().prelude];
  return *prelude.names.at(std::string(name)).function;
}

// np.float32(x), kjit.i64(x), a dtype held in a parameter: NumPy's conversion, on scalars.
FunctionChecker::ExprPtr FunctionChecker::cast(const CallSite& site, kjit::Kind kind) {
  std::optional<std::vector<ExprPtr>> args = check_args(site, 0, 1);
  if (!args) return invalid(site.span());
  if (args->empty()) return convert(int_constant(0, site.span()), kind);
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is_array()) return bad_argument(site, "a number", value->type, value->span);
  ExprPtr result = convert_number(std::move(value), kind, to_string(Type(kind)));
  result->span = site.span();
  if (auto* constant = std::get_if<typed::Constant>(&result->node)) constant->has_own_type = site.path.starts_with("numpy.");
  return result;
}

// ---- methods ----

namespace {

struct MissingMethod {
  bool (*of)(const Type& type);
  std::string_view name, advice;
};

bool is_text(const Type& type) { return type.is(kjit::Kind::Str); }
bool is_real_array(const Type& type) { return type.is_array(); }
bool is_one_number(const Type& type) { return type.is_scalar(); }

// What people reach for first, and what serves instead.
constexpr MissingMethod kMissingMethods[] = {
    {is_real_array, "append", "arrays have a fixed size: make one of the final size and fill it"},
    {is_real_array, "tolist", "print the array, or loop over its elements"},
    {is_one_number, "item", "it is a number already"},
    {is_text, "format", "write an f-string: f\"... {value}\""},
    {is_text, "join", "print the parts one by one with end=\"\", or add the texts up in a loop"},
    {is_text, "split", "kernels have no lists: look for the separator with find(), and take slices"},
};

std::string instead_of_method(const LibraryView& library, const Type& type, const std::string& name) {
  for (const MissingMethod& row : kMissingMethods) {
    if (row.of(type) && row.name == name) return std::string(row.advice);
  }
  std::vector<std::string_view> known;
  for (const MethodRow& row : library.methods()) {
    if (library.find_method(type, row.name)) known.push_back(row.name);
  }
  const std::string_view near = did_you_mean(name, known);
  return near.empty() ? "" : "did you mean '" + std::string(near) + "'?";
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::method_call(const ast::Expr& expr, const ast::Call& call,
                                                      const ast::Attribute& attribute) {
  ExprPtr object = check(*attribute.value);
  CallSite site{expr, call, "", attribute.name};
  Type type = object->type;
  if (type.is_unknown()) {
    for (const ast::ExprPtr& arg : call.args) check(*arg);
    return invalid(expr.span);
  }
  if (type.is_array()) {
    if (ExprPtr result = library().arrays().method(*this, site, object)) return result;
  }
  if (const MethodRow* row = library().find_method(type, attribute.name)) {
    if (ExprPtr result = row->handler(*this, site, *row, std::move(object))) return result;
  }
  Diagnostic& diag = report<DiagId::E0607>(attribute.name_span, to_string(type), attribute.name);
  if (std::string advice = instead_of_method(library(), type, attribute.name); !advice.empty()) diag.suggest(std::move(advice));
  return invalid(expr.span);
}

}  // namespace kjit
