// Text: str, repr, format, and the methods of strings.

#include "library/handlers.h"
#include "runtime/runtime.h"
#include "typing/repr_prefix.h"

namespace kjit {

namespace {

// str(x) and repr(x): one argument, or none.
ExprPtr text_of(FunctionChecker& c, const CallSite& site, bool repr) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  if (args->empty()) return c.str_constant("", site.span());
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is(Kind::Str) && !repr) return value;
  if (ExprPtr text = c.shown_dtype(*site.call.args[0], *value, repr)) return text;
  if (!c.check_format(*value, "", 0, site.span())) return c.invalid(site.span());
  std::vector<typed::FormatPiece> pieces;
  pieces.push_back({"", std::move(value), repr ? 'r' : 's', ""});
  return c.make(Kind::Str, site.span(), typed::Format{std::move(pieces)});
}

}  // namespace

ExprPtr call_str(FunctionChecker& c, const CallSite& site) { return text_of(c, site, false); }
ExprPtr call_repr(FunctionChecker& c, const CallSite& site) { return text_of(c, site, true); }

// format(value, "spec") with a literal specification.
ExprPtr call_format(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 2);
  if (!args) return c.invalid(site.span());
  std::string spec;
  if (args->size() == 2) {
    const auto* constant = std::get_if<typed::Constant>(&(*args)[1]->node);
    const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
    if (!text) return c.bad_argument(site, "a literal format specification", (*args)[1]->type, (*args)[1]->span);
    spec = *text;
  }
  if (!c.check_format(*(*args)[0], spec, 0, site.span())) return c.invalid(site.span());
  ExprPtr value = std::move((*args)[0]);
  if (spec.empty() && value->type.is_scalar()) {
    const Kind shown = format_kind(value->type.kind());
    value = c.convert(std::move(value), shown);
  }
  std::vector<typed::FormatPiece> pieces;
  pieces.push_back({"", std::move(value), 0, spec});
  return c.make(Kind::Str, site.span(), typed::Format{std::move(pieces)});
}

// ---- methods ----

namespace {

bool is_none(const typed::Expr& value) { return value.type.is(Kind::None); }

ExprPtr argument_text(FunctionChecker& c, const CallSite& site, ExprPtr value) {
  if (value->type.is(Kind::Str) || value->type.is_unknown()) return value;
  return c.bad_argument(site, "a string", value->type, value->span);
}

// A bound of a search in a text: None and what is left out is `otherwise`.
ExprPtr bound_of(FunctionChecker& c, const CallSite& site, std::vector<ExprPtr>& given, std::size_t position,
                 std::int64_t otherwise) {
  if (position >= given.size() || is_none(*given[position])) return c.int_constant(otherwise, site.span());
  return c.argument_i64(site, std::move(given[position]));
}

ExprPtr i32_constant(FunctionChecker& c, const CallSite& site, std::int64_t value) {
  return c.make(Kind::I32, site.span(), typed::Constant{value});
}

template <typename... Arguments>
ExprPtr text_call(FunctionChecker& c, const CallSite& site, Builtin builtin, Kind result, Arguments... arguments) {
  if ((arguments->type.is_unknown() || ...)) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  (args.push_back(std::move(arguments)), ...);
  return c.builtin_call(builtin, result, site.span(), std::move(args));
}

ExprPtr strip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text, std::int64_t sides) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 0, 1);
  if (!given) return c.invalid(site.span());
  if (given->empty() || is_none(*(*given)[0])) return text_call(c, site, row.builtin, Kind::Str, std::move(text));
  ExprPtr characters = argument_text(c, site, std::move((*given)[0]));
  return text_call(c, site, Builtin::StrStripOf, Kind::Str, std::move(text), std::move(characters), i32_constant(c, site, sides));
}

ExprPtr pad(FunctionChecker& c, const CallSite& site, ExprPtr text, std::int64_t sides) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 1, 2);
  if (!given) return c.invalid(site.span());
  ExprPtr width = c.argument_i64(site, std::move((*given)[0]));
  ExprPtr fill = given->size() == 2 ? argument_text(c, site, std::move((*given)[1])) : c.str_constant(" ", site.span());
  return text_call(c, site, Builtin::StrPad, Kind::Str, std::move(text), std::move(width), std::move(fill),
                   i32_constant(c, site, sides));
}

}  // namespace

// Methods without arguments.
ExprPtr text_method(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  return text_call(c, site, row.builtin, row.result, std::move(text));
}

// Methods that take another text.
ExprPtr text_other(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 1, 1);
  if (!given) return c.invalid(site.span());
  return text_call(c, site, row.builtin, row.result, std::move(text), argument_text(c, site, std::move((*given)[0])));
}

// Methods that look for another text between two bounds.
ExprPtr text_search(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 1, 3);
  if (!given) return c.invalid(site.span());
  ExprPtr part = argument_text(c, site, std::move((*given)[0]));
  ExprPtr start = bound_of(c, site, *given, 1, 0), end = bound_of(c, site, *given, 2, INT64_MAX);
  return text_call(c, site, row.builtin, row.result, std::move(text), std::move(part), std::move(start), std::move(end));
}

ExprPtr text_replace(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 2, 3);
  if (!given) return c.invalid(site.span());
  ExprPtr part = argument_text(c, site, std::move((*given)[0])), other = argument_text(c, site, std::move((*given)[1]));
  ExprPtr most = given->size() == 3 ? c.argument_i64(site, std::move((*given)[2])) : c.int_constant(-1, site.span());
  return text_call(c, site, row.builtin, row.result, std::move(text), std::move(part), std::move(other), std::move(most));
}

ExprPtr text_strip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  return strip(c, site, row, std::move(text), KJIT_TEXT_LEFT | KJIT_TEXT_RIGHT);
}
ExprPtr text_lstrip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  return strip(c, site, row, std::move(text), KJIT_TEXT_LEFT);
}
ExprPtr text_rstrip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  return strip(c, site, row, std::move(text), KJIT_TEXT_RIGHT);
}

// A text at the left has what is missing at its right.
ExprPtr text_ljust(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr text) {
  return pad(c, site, std::move(text), KJIT_TEXT_RIGHT);
}
ExprPtr text_rjust(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr text) {
  return pad(c, site, std::move(text), KJIT_TEXT_LEFT);
}
ExprPtr text_center(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr text) {
  return pad(c, site, std::move(text), KJIT_TEXT_LEFT | KJIT_TEXT_RIGHT);
}

ExprPtr text_zfill(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 1, 1);
  if (!given) return c.invalid(site.span());
  return text_call(c, site, row.builtin, row.result, std::move(text), c.argument_i64(site, std::move((*given)[0])));
}

}  // namespace kjit
