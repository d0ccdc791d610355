// Text: f-strings and print. Entries: check_fstring, check_print.

#include <algorithm>

#include "runtime/runtime.h"
#include "typing/check/checker.h"
#include "typing/repr_prefix.h"

namespace kjit {

bool FunctionChecker::is_printable(const Type& type) const {
  if (type.is_tuple()) {
    return std::all_of(type.elements().begin(), type.elements().end(),
                       [&](const Type& element) { return is_printable(element); });
  }
  return type.is_scalar() || type.is(Kind::Str) || type.is(Kind::None) || type.is_array();
}

namespace {

// The letter of kjit_check_format_spec; 0: only an empty specification.
int format_letter(const Type& type, char conversion) {
  if (conversion != 0 || type.is(Kind::Str)) return 's';
  if (type.is_integer()) return 'i';
  if (type.is(Kind::Bool)) return 'b';
  if (type.is_float()) return 'f';
  if (type.is_complex()) return 'c';
  return 0;
}

}  // namespace

bool FunctionChecker::check_format(const typed::Expr& value, const std::string& spec, char conversion, Span span) {
  if (value.type.is_unknown()) return false;
  if (!is_printable(value.type)) {
    report<DiagId::E0517>(value.span, to_string(value.type)).suggest(value.type.is_function() ? "call it" : "");
    return false;
  }
  if (spec.empty()) return true;
  int letter = format_letter(value.type, conversion);
  char message[200] = "this type takes no format specification";
  bool ok = letter != 0 &&
            kjit_check_format_spec(spec.data(), static_cast<std::int64_t>(spec.size()), letter, message, sizeof message) != 0;
  if (!ok) report<DiagId::E0514>(span, spec, message);
  return ok;
}

FunctionChecker::ExprPtr FunctionChecker::shown_dtype(const ast::Expr& expr, const typed::Expr& value, bool repr) {
  const auto* attribute = std::get_if<ast::Attribute>(&expr.node);
  if (!value.type.is(Kind::Dtype) || !attribute || attribute->name != "dtype") return nullptr;  // np.float32 is shown as a class
  const std::string name(numpy_name(value.type.dtype()));
  return str_constant(repr ? "dtype('" + name + "')" : name, expr.span);
}

FunctionChecker::ExprPtr FunctionChecker::check_fstring(const ast::Expr& expr, const ast::FString& node) {
  std::vector<typed::FormatPiece> pieces;
  bool ok = true;
  for (const ast::FStringPart& part : node.parts) {
    if (!part.value) {
      pieces.push_back({part.text, nullptr, 0, ""});
      continue;
    }
    if (!part.debug.empty()) pieces.push_back({part.debug, nullptr, 0, ""});
    ExprPtr value = check(*part.value);
    // f"{x=}" shows repr(x), unless a conversion or a specification says otherwise.
    char conversion = part.conversion == 0 && !part.debug.empty() && part.spec.empty() ? 'r' : part.conversion;
    if (ExprPtr text = shown_dtype(*part.value, *value, conversion == 'r')) {
      value = std::move(text);
      conversion = 's';
    }
    ok = check_format(*value, part.spec, conversion, part.value->span) && ok;
    if (conversion == 0 && part.spec.empty() && value->type.is_scalar()) {
      const Kind shown = format_kind(value->type.kind());
      value = convert(std::move(value), shown);
    }
    pieces.push_back({"", std::move(value), conversion, part.spec});
  }
  if (!ok) return invalid(expr.span);
  return make(Kind::Str, expr.span, typed::Format{std::move(pieces)});
}

// print(values..., sep=" ", end="\n"); flush is accepted and changes nothing, file is not.
void BodyChecker::check_print(const CallSite& site) {
  bool ok = true;
  std::vector<ExprPtr> values;
  for (const ast::ExprPtr& arg : site.call.args) {
    values.push_back(check(*arg));
    if (ExprPtr text = shown_dtype(*arg, *values.back(), false)) values.back() = std::move(text);
    ok = check_format(*values.back(), "", 0, arg->span) && ok;
  }
  ExprPtr separator = str_constant(" ", site.span());
  ExprPtr end = str_constant("\n", site.span());
  for (const ast::Keyword& keyword : site.call.keywords) {
    if (keyword.name == "flush") continue;
    if (keyword.name != "sep" && keyword.name != "end") {
      report<DiagId::E0602>(keyword.name_span, "print", keyword.name).suggest("it takes sep and end");
      ok = false;
      continue;
    }
    ExprPtr value = check(*keyword.value);
    if (value->type.is(Kind::None)) continue;
    if (!value->type.is(Kind::Str)) {
      if (!value->type.is_unknown()) bad_argument(site, "a string", value->type, keyword.value->span);
      ok = false;
      continue;
    }
    (keyword.name == "sep" ? separator : end) = hold(std::move(value));
  }
  if (!ok) return;
  std::vector<typed::FormatPiece> pieces;
  auto add_text = [&](const typed::Expr& text) {
    if (const auto* constant = std::get_if<typed::Constant>(&text.node)) {
      pieces.push_back({std::get<std::string>(constant->value), nullptr, 0, ""});
    } else {
      pieces.push_back({"", clone(text), 's', ""});
    }
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) add_text(*separator);
    pieces.push_back({"", std::move(values[i]), 's', ""});
  }
  add_text(*end);
  emit(site.span(), typed::Print{std::move(pieces)});
}

}  // namespace kjit
